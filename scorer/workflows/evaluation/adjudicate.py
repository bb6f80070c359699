"""Adjudicate: where labellers of a set differ about a task, a named person settles what counts, with a reason.

An adjudication is a label of origin `review` in the set itself: the release's gold label is then it, and no agreement,
Verdict or corrected mean reads it, since those measure raters by what labellers said without each other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.rubrics import load_rubric
from scorer.store import LabelSource
from scorer.workflows.review.cases import checked_category, checked_name, checked_text
from scorer.workflows.workspace.bench import Bench

TWO = 2


class Dispute(NamedTuple):
    """A task on which labellers of a set differ: labels in the order of their labellers."""

    label_set: str
    rubric: str
    task_id: str
    labels: tuple[Label, ...]
    adjudication: Label | None

    @property
    def said(self) -> str:
        """Who said what, in a line."""
        return ", ".join(f"{label.labeller} {label.category}" for label in self.labels)


class Ruling(NamedTuple):
    """What somebody settles: the category as the rubric spells it, who, and why."""

    category: str
    by: str
    reason: str


def disputes(bench: Bench, label_set: str, rubric: str | None = None) -> list[Dispute]:
    """The tasks on which labellers of a set differ, settled ones too, by rubric and task.

    Raises:
        LabelError: no such set. RubricError: no such rubric.
    """
    known = bench.store.labels.find(label_set)
    wanted = [_rubric(bench, rubric).id] if rubric else known.rubrics
    cases = [case for name in wanted for case in _labelled(bench, label_set, name)]
    return [case for case in cases if len({label.category for label in case.labels}) > 1]


def adjudicate(bench: Bench, label_set: str, rubric: str, task_id: str, ruling: Ruling) -> bool:
    """Settle the gold label of a task that two labellers or more of a set have labelled, whether they differ or not.

    Settled again, the last one counts and the earlier ones stay in the store.

    Returns:
        Whether it says anything new.

    Raises:
        LabelError: no such set, task or category, fewer than two labellers, no name or no reason.
        RubricError: no such rubric.
    """
    known, about = bench.store.labels.find(label_set), _rubric(bench, rubric)
    case = next((one for one in _labelled(bench, label_set, about.id) if one.task_id == task_id), None)
    if case is None or len(case.labels) < TWO:
        raise LabelError(
            f"task `{task_id}` has {len(case.labels) if case else 0} labels on {about.id} in the set {label_set}: "
            "there is something to settle where two people or more have labelled it"
        )
    label = _label(case, about, ruling)
    before = case.adjudication
    if before and (before.labeller, before.category, before.note) == (label.labeller, label.category, label.note):
        return False
    source = known.model_dump(include=set(LabelSource.model_fields))
    return bench.store.labels.add(label_set, [label], LabelSource.model_validate(source)) > 0


def _rubric(bench: Bench, reference: str) -> Rubric:
    return bench.store.rubrics.all().get(reference) or load_rubric(reference)


def _labelled(bench: Bench, label_set: str, rubric: str) -> list[Dispute]:
    labels = sorted(bench.store.labels.load(rubric, label_set), key=lambda label: label.task_id)
    return [_case(label_set, rubric, task, list(own)) for task, own in groupby(labels, key=lambda one: one.task_id)]


def _case(label_set: str, rubric: str, task_id: str, labels: Sequence[Label]) -> Dispute:
    settled = [label for label in labels if label.origin is LabelOrigin.REVIEW and label.created_at]
    latest = max(settled, key=lambda label: label.created_at or datetime.min.replace(tzinfo=UTC), default=None)
    own = tuple(label for label in labels if label.origin is not LabelOrigin.REVIEW)
    return Dispute(label_set, rubric, task_id, own, latest)


def _label(case: Dispute, rubric: Rubric, ruling: Ruling) -> Label:
    reason = checked_text(ruling.reason)
    if reason is None:
        raise LabelError("an adjudication needs a reason: say in a sentence why it is so")
    category = checked_category(rubric, ruling.category)
    texts = {label.statement_sha256 for label in case.labels}
    return Label(
        label_set=case.label_set,
        task_id=case.task_id,
        rubric=rubric.id,
        labeller=checked_name(ruling.by),
        labeller_kind=LabellerKind.PERSON,
        origin=LabelOrigin.REVIEW,
        category=category,
        score=rubric.number(category),
        note=reason,
        statement_sha256=texts.pop() if len(texts) == 1 else None,
        created_at=datetime.now(UTC),
    )
