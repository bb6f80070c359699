"""Rubrics, invented tasks and invented answers that the tests of the harness share."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from eval.columns import Frame, RaterColumn, TaskFacts, encode_labels, encode_rater
from eval.evidence import Evidence, LabelColumns
from eval.gate import judge
from eval.rationales import NOTHING_FOUND
from scorer.domain.catalogue import TaskKind
from scorer.domain.evaluation import Label, LabellerKind
from scorer.domain.rubric import Category, Level, Rubric


def make_rubric(name, numbers, primary="mean", **others):
    """A rubric with these numbers; other measures are told what each category counts."""
    return Rubric(
        name=name,
        version=1,
        title=name,
        level=Level.ORDINAL,
        categories=tuple(Category(value=v, label=v, anchor=v, number=x) for v, x in numbers.items()),
        cannot_judge=True,
        fields=(),
        measures={primary: numbers, **others},
        primary=primary,
        source="tests",
        system="",
        user="",
        answer_json="",
        answer_token="",
        sha256="0" * 64,
    )


@pytest.fixture(scope="session")
def exposure():
    """E0, E1, E2 with the three measures of Eloundou et al."""
    return make_rubric(
        "exposure",
        {"E0": 0.0, "E1": 1.0, "E2": 0.5},
        primary="beta",
        alpha={"E0": 0.0, "E1": 1.0, "E2": 0.0},
        zeta={"E0": 0.0, "E1": 1.0, "E2": 1.0},
    )


@pytest.fixture(scope="session")
def coverage():
    """Five categories from 0 to 100."""
    return make_rubric("coverage", {str(x): float(x) for x in (0, 25, 50, 75, 100)})


@dataclass(frozen=True)
class World:
    """Invented tasks, and labels by people for them."""

    tasks: dict[str, TaskFacts]
    truth: np.ndarray

    def labels(self, rubric, labeller="ann", kind=LabellerKind.PERSON, label_set="people", ranks=None, **fields):
        """One label a task: the truth, or other ranks on the rubric's scale (-1: none)."""
        order = rubric.ordered_values
        return [
            Label(
                label_set=label_set,
                task_id=task,
                rubric=rubric.id,
                labeller=labeller,
                labeller_kind=kind,
                category=order[rank],
                score=rubric.number(order[rank]),
                **fields,
            )
            for task, rank in zip(self.tasks, self.truth if ranks is None else ranks, strict=True)
            if rank >= 0
        ]

    def rater(self, rubric, name, ranks, **fields):
        """A rater that answers with these ranks on the rubric's scale (-1: no answer)."""
        order = rubric.ordered_values
        return RaterColumn(name, {t: order[r] for t, r in zip(self.tasks, ranks, strict=True) if r >= 0}, **fields)

    def noisy(self, rng, right=0.7):
        """The truth with human-like noise: otherwise one step aside, equally often up and down where there is room."""
        step = np.where(rng.random(len(self.truth)) < right, 0, rng.choice([-1, 1], len(self.truth)))
        moved = self.truth + step
        return np.where((moved < 0) | (moved > self.truth.max()), self.truth, moved)


@cache
def make_world(seed=0, groups=20, occupations=15, tasks=5, k=5):
    """Tasks of occupations of SOC groups 11, 13, ...; occupations differ in how much of their work can be covered."""
    rng = np.random.default_rng(seed)
    level = rng.beta(1.2, 1.5, size=groups * occupations)
    facts, truth, kinds = {}, [], list(TaskKind)
    for place in range(groups * occupations):
        group = 11 + 2 * (place // occupations)
        for number in range(tasks):
            facts[f"{place * tasks + number + 1}"] = TaskFacts(
                f"{group}-{1000 + place}.00", kinds[number % 3], 1 + place % 5
            )
            truth.append(rng.binomial(k - 1, level[place]))
    return World(facts, np.array(truth))


@pytest.fixture(scope="session")
def world():
    """1,500 tasks of 300 occupations in 20 SOC groups."""
    return make_world()


@pytest.fixture(scope="session")
def worlds():
    """The maker of worlds, for simulations."""
    return make_world


@pytest.fixture(scope="session")
def verdicts_of():
    """The gate alone, without the tables of agreement: rater, labels -> verdicts."""

    def verdicts(rubric, world, rater, labels, policy, *, rationales=NOTHING_FOUND):
        frame = Frame(world.tasks, world.tasks)
        by_kind = {kind: {} for kind in LabellerKind}
        for label in labels:
            by_kind[label.labeller_kind].setdefault(label.labeller, []).append(label)
        people, models = (
            tuple(encode_labels(frame, rubric, name, own) for name, own in by_kind[kind].items())
            for kind in LabellerKind
        )
        columns = LabelColumns("people", people, models)
        return judge(Evidence(frame, rubric, policy, 0, encode_rater(frame, rubric, rater), columns, rationales))

    return verdicts
