"""Repeats and variants of one rater become one number for a task: the mean of the usable answers.

Refuses to invent: where nothing usable exists there is no number (never 0, never the middle of the scale), and the
status says what became of the answers instead.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Protocol

from scorer.domain.evaluation import TaskScore
from scorer.domain.rating import BASE_VARIANT, Status
from scorer.domain.rubric import Rubric


class RatingRow(Protocol):
    """What the reduction reads of a Rating; see the table `rating` for the meanings."""

    @property
    def task_id(self) -> str:
        """The task, as the catalogue names it."""

    @property
    def rater(self) -> str:
        """Who answered."""

    @property
    def variant(self) -> str:
        """Wording of the prompt."""

    @property
    def repeat(self) -> int:
        """Which repeat of the same asking, from 0."""

    @property
    def status(self) -> str:
        """A Status."""

    @property
    def category(self) -> str | None:
        """The answer as the rubric names it; None where there is none."""

    @property
    def score(self) -> float | None:
        """The number in the primary measure; None where there is none."""

    @property
    def rationale(self) -> str | None:
        """Why, in the rater's words."""


def task_scores(ratings: Iterable[RatingRow], rubric: Rubric) -> list[TaskScore]:
    """Reduce the ratings of each rater to one TaskScore per task and measure.

    Args:
        ratings: of this rubric and one occasion, in any order, failed ones too.
        rubric: gives the measures and what each category counts in them.

    Returns:
        One row per task x rater x measure that was attempted, ordered so. `sd` has n - 1 in the denominator. A rating
        that has a score but no category (made elsewhere, or calibrated) keeps its score in the primary measure; in
        the others it counts where its score is that of exactly one category, and is `off_scale` where not.
    """
    asked: defaultdict[tuple[str, str], list[RatingRow]] = defaultdict(list)
    for rating in ratings:
        asked[rating.task_id, rating.rater].append(rating)
    categories = _category_of_number(rubric)
    return [
        _reduce(rows, rubric, measure, categories)
        for _, rows in sorted(asked.items(), key=_first)
        for measure in rubric.measures
    ]


def variant_scores(ratings: Iterable[RatingRow], rubric: Rubric) -> dict[str, list[TaskScore]]:
    """TaskScores of each variant by itself, for the raters that were asked in more than one.

    What a variant of the prompt shifts, it shifts for all tasks at once: an interval that took the tasks of an
    occupation as independent draws would be too narrow, so it needs the variants apart.
    """
    rows = list(ratings)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        names[row.rater].add(row.variant)
    apart: defaultdict[str, list[RatingRow]] = defaultdict(list)
    for row in rows:
        if len(names[row.rater]) > 1:
            apart[row.variant].append(row)
    return {variant: task_scores(apart[variant], rubric) for variant in sorted(apart)}


def rationales(ratings: Iterable[RatingRow]) -> dict[tuple[str, str], str]:
    """One rationale per (task_id, rater): that of the base variant and the first repeat which has one."""
    told = sorted(
        (r for r in ratings if r.status == Status.RATED and r.rationale),
        key=lambda r: (r.variant != BASE_VARIANT, r.variant, r.repeat, r.rationale),
        reverse=True,
    )
    return {(r.task_id, r.rater): r.rationale for r in told if r.rationale}


def numbers_of(ratings: Sequence[RatingRow], rubric: Rubric) -> dict[str, list[float | None]]:
    """What each rating counts in every measure of the rubric, in the order given; None where it is not usable."""
    categories = _category_of_number(rubric)
    return {measure: [_number(row, rubric, measure, categories) for row in ratings] for measure in rubric.measures}


def _first(pair: tuple[tuple[str, str], object]) -> tuple[str, str]:
    return pair[0]


def _category_of_number(rubric: Rubric) -> dict[float, str]:
    """The category that alone has this number in the primary measure."""
    shared = Counter(category.number for category in rubric.categories)
    return {category.number: category.value for category in rubric.categories if shared[category.number] == 1}


def _reduce(rows: list[RatingRow], rubric: Rubric, measure: str, categories: Mapping[float, str]) -> TaskScore:
    numbers = [_number(row, rubric, measure, categories) for row in rows]
    usable = [number for number in numbers if number is not None]
    return TaskScore(
        task_id=rows[0].task_id,
        rubric=rubric.id,
        rater=rows[0].rater,
        measure=measure,
        score=fmean(usable) if usable else None,
        n=len(usable),
        sd=_sd(usable),
        status=str(Status.RATED) if usable else _commonest(_status(row) for row in rows),
    )


def _number(row: RatingRow, rubric: Rubric, measure: str, categories: Mapping[float, str]) -> float | None:
    if row.status != Status.RATED:
        return None
    score = row.score if row.score is not None and math.isfinite(row.score) else None
    if measure == rubric.primary and score is not None:
        return score
    category = row.category
    if category is None and score is not None:
        category = categories.get(score)
    return None if category is None else rubric.measures[measure].get(category)


def _sd(numbers: list[float]) -> float | None:
    """Standard deviation with n - 1; None for one number. Exact sums, so the order of the answers never shows."""
    if len(numbers) < 2:  # noqa: PLR2004 - one number has no spread
        return None
    mean = fmean(numbers)
    return math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1))


def _status(row: RatingRow) -> str:
    """The status of an answer that gave no number; an answer without a place on the measure is off its scale."""
    return str(Status.OFF_SCALE) if row.status == Status.RATED else str(row.status)


def _commonest(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
