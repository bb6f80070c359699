"""Where the variance of answers comes from: rater, wording, repeat, task, and what they do to each other.

Mean squares need complete blocks, so each split rests on the tasks that all compared raters answered in all compared
wordings equally often; how large that block is stands in the row. Nothing is imputed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from scorer.aggregate.reduction import RatingRow, numbers_of
from scorer.domain.evaluation import Undefined
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import VarianceComponent
from scorer.statistics import CROSSED, FloatArray, variance_components

FACTORS = ("task", "rater", "variant")
MIN_TASKS = 2
KEPT = 0.8
"""Share of the tasks that must stay when one more repeat is asked for."""

Asking = tuple[str, str, str]
"""Task, rater, variant."""


class Block(NamedTuple):
    """A complete block: answers of shape (tasks, raters, variants, repeats)."""

    answers: FloatArray
    task_ids: tuple[str, ...]
    raters: tuple[str, ...]
    variants: tuple[str, ...]


def variance_split(ratings: Iterable[RatingRow], rubric: Rubric, members: Sequence[str]) -> list[VarianceComponent]:
    """The components of every measure, for each rater that was asked more than once, and for the panel.

    Args:
        ratings: of this rubric and one occasion, in any order.
        rubric: gives the measures.
        members: of the panel; with fewer than two of them there is no row for it.

    Returns:
        In order of measure and rater, `panel` last. A component that the answers do not hold apart has a reason.
    """
    rows = sorted(ratings, key=lambda row: (row.task_id, row.rater, row.variant, row.repeat))
    split: list[VarianceComponent] = []
    for measure, numbers in numbers_of(rows, rubric).items():
        asked: defaultdict[Asking, list[float]] = defaultdict(list)
        for row, number in zip(rows, numbers, strict=True):
            if number is not None:
                asked[row.task_id, row.rater, row.variant].append(number)
        raters = sorted({rater for _, rater, _ in asked})
        for rater in _asked_again(asked):
            block = complete_block(asked, [rater])
            if block.answers[0, 0].size > 1 if len(block.answers) else False:
                split += _rows(block, rubric, rater, measure)
        if len(seated := [rater for rater in members if rater in raters]) > 1:
            split += _rows(complete_block(asked, seated), rubric, PANEL, measure)
    return split


def _asked_again(asked: Mapping[Asking, Sequence[float]]) -> list[str]:
    """The raters that answered a task several times or in several wordings: alone they vary in nothing else."""
    wordings = {(rater, variant) for _, rater, variant in asked}
    several = {rater for rater, count in Counter(rater for rater, _ in wordings).items() if count > 1}
    return sorted(several | {rater for (_, rater, _), numbers in asked.items() if len(numbers) > 1})


def complete_block(asked: Mapping[Asking, Sequence[float]], raters: Collection[str]) -> Block:
    """The largest block of answers with nothing missing.

    Variants are those that every rater was asked in. Of repeats it takes as many as leave at least `KEPT` of the tasks
    that one answer each would leave.
    """
    own = {asking: numbers for asking, numbers in asked.items() if asking[1] in raters}
    wordings = [{variant for _, rater, variant in own if rater == one} for one in raters]
    variants = sorted(set.intersection(*wordings)) if wordings else []
    task_ids = sorted({task_id for task_id, *_ in own})
    least = np.array(
        [min((len(own.get((t, r, v), ())) for r in raters for v in variants), default=0) for t in task_ids], dtype=int
    )
    enough = [n for n in range(1, int(least.max(initial=0)) + 1) if (least >= n).sum() >= KEPT * (least >= 1).sum()]
    repeats = max(enough, default=0)
    kept = [task_id for task_id, n in zip(task_ids, least, strict=True) if n >= repeats > 0]
    answers = [[[own[t, r, v][:repeats] for v in variants] for r in raters] for t in kept]
    shape = (len(kept), len(raters), len(variants), repeats)
    return Block(np.array(answers, dtype=float).reshape(shape), tuple(kept), tuple(raters), tuple(variants))


def _rows(block: Block, rubric: Rubric, rater: str, measure: str) -> Iterable[VarianceComponent]:
    n_tasks, n_raters, n_variants, n_repeats = block.answers.shape
    if n_tasks < MIN_TASKS:
        found: Mapping[str, tuple[float | Undefined, int]] = {"task": (Undefined.NO_OVERLAP, 0)}
    else:
        found = variance_components(block.answers, FACTORS)
    total = sum(variance for variance, _ in found.values() if not isinstance(variance, Undefined))
    for component, (variance, df) in found.items():
        if variance is Undefined.ONE_LEVEL and CROSSED in component:
            continue  # what does not vary has no interactions; that it does not vary is said once
        known = None if isinstance(variance, Undefined) else variance
        yield VarianceComponent(
            rubric=rubric.id,
            rater=rater,
            measure=measure,
            component=component,
            variance=known,
            share=known / total if known is not None and total > 0 else None,
            df=df,
            n_tasks=n_tasks,
            n_raters=n_raters,
            n_variants=n_variants,
            n_repeats=n_repeats,
            reason_undefined=variance.value if isinstance(variance, Undefined) else None,
        )
