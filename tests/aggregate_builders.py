"""Small invented tasks, rubrics, ratings and Verdicts for the tests of the aggregation."""

from typing import NamedTuple

from scorer.domain.catalogue import Task, TaskKind
from scorer.domain.evaluation import Decision, TaskScore, Verdict
from scorer.domain.rubric import Category, Level, Rubric

SOFTWARE = "15-1252.00"
CARPENTRY = "47-2031.00"
PASSED = "passed on `reference` by policy `default`"


class Row(NamedTuple):
    """A rating as the store hands it out, as far as the aggregation looks."""

    task_id: str
    rater: str = "r1"
    category: str | None = None
    score: float | None = None
    status: str = "rated"
    variant: str = "base"
    repeat: int = 0
    rationale: str | None = None


def rubric(name="coverage", numbers=None, measures=None, primary="mean", share_at=None):
    """A rubric with the given category numbers; further measures beside the primary one."""
    numbers = numbers or {"0": 0.0, "25": 25.0, "50": 50.0, "75": 75.0, "100": 100.0}
    return Rubric(
        name=name,
        version=1,
        title=name,
        level=Level.ORDINAL,
        categories=tuple(Category(value=v, label=v, anchor=v, number=n) for v, n in numbers.items()),
        cannot_judge=True,
        fields=(),
        measures={**(measures or {}), primary: numbers},
        primary=primary,
        share_at=share_at,
        source="invented",
        system="",
        user="",
        answer_json="",
        answer_token="",
        sha256="0" * 64,
    )


COVERAGE = rubric(share_at=50.0)
EXPOSURE = rubric(
    "exposure",
    {"E0": 0.0, "E1": 1.0, "E2": 0.5},
    {"alpha": {"E0": 0.0, "E1": 1.0, "E2": 0.0}, "zeta": {"E0": 0.0, "E1": 1.0, "E2": 1.0}},
    "beta",
)


def task(task_id, code=SOFTWARE, kind=TaskKind.CORE, **survey):
    """One invented task."""
    return Task(task_id=task_id, occupation_code=code, statement=f"Do thing {task_id}.", kind=kind, **survey)


def score(task_id, number, rater="r1", of=COVERAGE, measure=None):
    """One TaskScore; attempted without a usable answer where the number is None."""
    return TaskScore(
        task_id=str(task_id),
        rubric=of.id,
        rater=rater,
        measure=measure or of.primary,
        score=number,
        n=0 if number is None else 1,
        status="rated" if number is not None else "refused",
    )


def verdict(rater, decision="PASS", *, of=COVERAGE, level="all", reasons=(), label_set="reference"):
    """What the gate said."""
    return Verdict(
        rater=rater,
        rubric=of.id,
        label_set=label_set,
        level=level,
        decision=Decision(decision),
        reasons=reasons,
        policy="default",
        policy_hash="0" * 64,
    )


def passes(*raters, of=COVERAGE):
    """A PASS at level `all` for each."""
    return [verdict(rater, of=of) for rater in raters]
