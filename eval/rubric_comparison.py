"""Two versions of a rubric beside the same labels: does the new wording make raters agree better with people?

Each rater is compared with itself, on the tasks that it answered under both wordings and people labelled, with a paired
bootstrap of occupations. Refuses scales that differ: their coefficients are not about the same thing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from eval.agreement import metrics_of, pair
from eval.answers import RaterColumn
from eval.columns import Column, Frame, TaskFacts, encode_labels, encode_rater, pool
from eval.paired import Difference, paired_difference
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError


class RubricDifference(NamedTuple):
    """One rater and metric: `difference` is the second rubric minus the first."""

    rater: str
    label_set: str
    metric: str
    difference: Difference


def compare_rubrics(
    rubrics: tuple[Rubric, Rubric],
    answers: Sequence[tuple[RaterColumn, RaterColumn]],
    labels: Iterable[Label],
    tasks: Mapping[str, TaskFacts],
    seed: int = 0,
) -> list[RubricDifference]:
    """Compare every rater's answers on the second rubric with its answers on the first.

    Args:
        rubrics: first and second; of one scale.
        answers: of each rater, on the first and on the second.
        labels: on either of the two; those by people count, or a model's where a set has no others, never reviews.
        tasks: every task known, by task_id.
        seed: of the bootstrap.

    Returns:
        Rows by label set, rater and metric: raw agreement, kappa, the rubric's own alpha, Pearson, bias, MAE.

    Raises:
        LabelError: the scales differ, or there is no label on either rubric.
    """
    first, second = rubrics
    if first.measures[first.primary] != second.measures[second.primary]:
        raise LabelError(f"{first.id} and {second.id} have different scales, so no label is about both")
    wanted = {first.id, second.id}
    counted = [one for one in labels if one.rubric in wanted and one.origin is not LabelOrigin.REVIEW]
    if not counted:
        raise LabelError(f"no labels on {first.id} or {second.id}: run `scorer labels import FILE`")
    spoken = {one.task_id for one in counted}.union(*(column.answers for both in answers for column in both))
    frame = Frame(tasks, spoken)
    metrics = {name: metrics_of(first)[name] for name in _metric_names(first)}
    rows: list[RubricDifference] = []
    for label_set, own in _by_set(counted):
        for both in answers:
            before, after = (encode_rater(frame, first, column) for column in both)
            beside = [pair(column, _people(frame, first, column, label_set, own)) for column in (after, before)]
            found = {
                name: paired_difference(beside[0], beside[1], frame, metric, seed) for name, metric in metrics.items()
            }
            rows += [RubricDifference(both[0].name, label_set, name, one) for name, one in found.items()]
    return rows


def _metric_names(rubric: Rubric) -> tuple[str, ...]:
    return ("raw_agreement", "kappa", f"alpha_{rubric.level}", "pearson", "bias", "mae")


def _by_set(labels: Sequence[Label]) -> Iterator[tuple[str, list[Label]]]:
    """The labels that count of each set, in order of its name."""
    for name in sorted({one.label_set for one in labels}):
        own = [one for one in labels if one.label_set == name]
        yield name, [one for one in own if one.labeller_kind is LabellerKind.PERSON] or own


def _people(frame: Frame, rubric: Rubric, column: Column, label_set: str, labels: Sequence[Label]) -> Column:
    """Who labelled, pooled; a labeller who labelled a task on both rubrics counts with the label on the second."""
    labellers = sorted({one.labeller for one in labels})
    ordered = sorted(labels, key=lambda one: one.rubric != rubric.id)
    columns = [
        encode_labels(frame, rubric, f"{label_set}/{who}", [one for one in ordered if one.labeller == who])
        for who in labellers
    ]
    return pool(column, columns, label_set)
