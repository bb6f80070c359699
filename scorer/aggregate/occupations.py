"""Occupation scores: the weighted mean of an occupation's tasks, with all that one must know to read it.

Refuses to publish what the gate did not pass, and what rests on too little of the weight. Such a
row is `held` and says why; it keeps its number for releases that are marked provisional, and whoever publishes leaves
the number out otherwise.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.bands import band, crossing
from scorer.aggregate.census import ROUNDING, Census, Summary
from scorer.aggregate.columns import Column, columns
from scorer.aggregate.method import Method
from scorer.aggregate.panel import Standing, panel_column, seats
from scorer.aggregate.spread import (
    TOO_FEW_VARIANTS,
    Spread,
    between,
    detectable_differences,
    rank_intervals,
    within_repeats,
)
from scorer.aggregate.weights import task_weights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import OccupationScore, TaskScore, Undefined, Verdict
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

NO_PANEL = "no rater of the panel passed the gate"
NO_SCORE = "no task has a usable score"

Reasons = tuple[str, ...]
SpreadOf = Callable[[slice], Spread | str]


def occupation_scores(
    tasks: Sequence[Task],
    scores: Iterable[TaskScore],
    rubric: Rubric,
    verdicts: Sequence[Verdict],
    method: Method | None = None,
    *,
    variants: Mapping[str, Sequence[TaskScore]] | None = None,
) -> list[OccupationScore]:
    """Score every occupation of which at least one task was attempted.

    Args:
        tasks: all tasks of the release: the denominator, attempted or not.
        scores: TaskScores of one rubric; those of other tasks are passed over.
        rubric: that rubric.
        verdicts: of the label sets on which the decision rests.
        method: the choices; the defaults where None.
        variants: TaskScores by variant for raters asked in several, from `variant_scores`.

    Returns:
        One row per measure x (rater or `panel`) x occupation, in this order. `n_tasks` counts the tasks in the mean.
        `reasons` of a held row begin with why it is held; after these, and on published rows, they say what was left
        out and why an interval is missing.

    Raises:
        ConfigurationError: unknown weights or reducer.
    """
    scoring = _Scoring(tasks, rubric, verdicts, method or Method())
    found = columns(scoring.census, scores)
    apart = {name: columns(scoring.census, rows) for name, rows in sorted((variants or {}).items())}
    rows: list[OccupationScore] = []
    for measure in rubric.measures:
        by_rater = found.get(measure, {})
        for rater, column in by_rater.items():
            wordings = {name: by[measure][rater] for name, by in apart.items() if rater in by.get(measure, {})}
            rows += scoring.rater_rows(rater, measure, column, wordings)
        rows += scoring.panel_rows(measure, found)
    return rows


@dataclass(frozen=True)
class _Draft:
    """What is known of one occupation (an index into the census) before the rows are ranked."""

    occupation: int
    holds: Reasons
    notes: Reasons
    spread: Spread | None


class _Place(NamedTuple):
    """Where a row stands among the rows it is ranked with; nothing is known of a row that is not."""

    rank_low: int | None = None
    rank_high: int | None = None
    detectable_difference: float | None = None


class _Scoring:
    """One rubric's census, Verdicts and Method: what every row is made with."""

    def __init__(self, tasks: Sequence[Task], rubric: Rubric, verdicts: Sequence[Verdict], method: Method) -> None:
        self.rubric = rubric
        self.method = method
        self.verdicts = verdicts
        self.standing = Standing(verdicts, rubric.id)
        self.weights = task_weights(tasks, method.weights)
        self.census = Census.take(tasks, self.weights)

    def rater_rows(
        self, rater: str, measure: str, column: Column, wordings: Mapping[str, Column]
    ) -> list[OccupationScore]:
        """Rows of one rater; the interval comes from its variants where it has several, else from its repeats."""
        weight = np.where(np.isnan(column.scores), 0.0, self.census.weight)

        def between_variants(place: slice) -> Spread | str:
            matrix = np.column_stack([wording.scores[place] for wording in wordings.values()])
            spread = between(matrix, weight[place], tuple(wordings), self.method.min_completeness)
            return TOO_FEW_VARIANTS if spread is Undefined.NO_SPREAD else spread

        def between_repeats(place: slice) -> Spread | str:
            return within_repeats(weight[place], column.sd[place], column.n[place])

        spread_of = between_variants if wordings else between_repeats
        return self._rows(rater, measure, column.scores, column.attempted, spread_of)

    def panel_rows(self, measure: str, found: Mapping[str, Mapping[str, Column]]) -> list[OccupationScore]:
        """Rows of the panel: the consensus of its members task by task, then the weighted mean."""
        by_rater = found.get(measure, {})
        members = seats(by_rater, self.verdicts, self.rubric.id, self.method.panel)
        if not members:
            return self._nobodys_rows(measure, by_rater)
        panel = panel_column(found, members, self.rubric, measure, self.method.reduce)

        def between_raters(place: slice) -> Spread | str:
            if self.method.reduce != "mean":
                return f"no interval: it is for the mean of raters, not the {self.method.reduce}"
            return between(panel.matrix[place], self.census.weight[place], members, self.method.min_completeness)

        return self._rows(PANEL, measure, panel.scores, panel.attempted, between_raters, remarks=panel.remarks)

    def _nobodys_rows(self, measure: str, by_rater: Mapping[str, Column]) -> list[OccupationScore]:
        """Where nobody passed: what candidates attempted is held, without a number."""
        asked = [column.attempted for rater, column in by_rater.items() if rater in (self.method.panel or by_rater)]
        attempted = np.logical_or.reduce(asked) if asked else np.zeros(len(self.census.task_ids), dtype=bool)
        summary = self.census.summarise(np.full(len(attempted), np.nan))
        occupations = np.flatnonzero(self.census.count(attempted)).tolist()
        drafts = (_Draft(occupation, (NO_PANEL,), (), None) for occupation in occupations)
        return [self._row(draft, PANEL, measure, summary, {}) for draft in drafts]

    def _rows(
        self,
        rater: str,
        measure: str,
        scores: FloatArray,
        attempted: NDArray[np.bool_],
        spread_of: SpreadOf,
        *,
        remarks: Reasons = (),
    ) -> list[OccupationScore]:
        summary = self.census.summarise(scores, self.rubric.share_at if measure == self.rubric.primary else None)
        drafts = [
            self._draft(occupation, rater, summary, spread_of, remarks)
            for occupation in np.flatnonzero(self.census.count(attempted)).tolist()
        ]
        places = self._places(drafts, summary.score)
        return [self._row(draft, rater, measure, summary, places) for draft in drafts]

    def _draft(self, occupation: int, rater: str, summary: Summary, spread_of: SpreadOf, remarks: Reasons) -> _Draft:
        holds = self.standing.hold_reasons(rater, self.census.codes[occupation][:2])
        left_out, too_little = self._weighing(occupation, summary)
        left_out = (*self.standing.evidence(rater), *left_out, *remarks)
        if math.isnan(summary.score[occupation]):
            return _Draft(occupation, (*holds, *too_little), left_out, None)
        spread = spread_of(self.census.place(occupation))
        if isinstance(spread, str):
            return _Draft(occupation, (*holds, *too_little), (*left_out, str(spread)), None)
        return _Draft(occupation, (*holds, *too_little), left_out, spread)

    def _weighing(self, occupation: int, summary: Summary) -> tuple[Reasons, Reasons]:
        """Which tasks have no weight; and whether what remains is too little to publish."""
        place = self.census.place(occupation)
        has_weight = self.census.has_weight[place]
        without = int((~has_weight).sum())
        needs = self.weights.needs
        left_out = (f"{without} of {len(has_weight)} tasks are left out: they lack {needs}",) if without else ()
        if self.census.codes[occupation] in self.weights.fallback:
            left_out = (f"all {len(has_weight)} tasks count the same: none has {needs} above zero",)
        if math.isnan(summary.score[occupation]):
            return left_out, (NO_SCORE,)
        floor = self.method.min_completeness
        shares = {"share of tasks with a weight": has_weight.mean(), "completeness": summary.completeness[occupation]}
        return left_out, tuple(
            f"{name} {_two_digits(share)} < {_two_digits(floor)}"
            for name, share in shares.items()
            if share < floor - ROUNDING
        )

    def _places(self, drafts: Sequence[_Draft], scores: FloatArray) -> dict[int, _Place]:
        """Rank limits and detectable differences: of published rows that have an interval, among these rows."""
        ranked = [(draft.occupation, draft.spread) for draft in drafts if draft.spread and not draft.holds]
        if not ranked:
            return {}
        occupations, spreads = zip(*ranked, strict=True)
        limits = rank_intervals(scores[list(occupations)], spreads, self.method.draws, self.method.seed)
        differences = detectable_differences(spreads).tolist()
        found = (_Place(*limit, _known(apart)) for limit, apart in zip(limits, differences, strict=True))
        return dict(zip(occupations, found, strict=True))

    def _row(
        self, draft: _Draft, rater: str, measure: str, summary: Summary, places: Mapping[int, _Place]
    ) -> OccupationScore:
        i = draft.occupation
        score = float(summary.score[i])
        numbers = self.rubric.measures[measure].values()
        half_width = draft.spread.half_width if draft.spread else math.nan
        low, high = max(score - half_width, min(numbers)), min(score + half_width, max(numbers))
        bands = self.method.bands.get(self.rubric.name, {}) if measure == self.rubric.primary else {}
        crossed = crossing(low, high, bands) if draft.spread else ()
        return OccupationScore(
            occupation_code=self.census.codes[i],
            rubric=self.rubric.id,
            rater=rater,
            measure=measure,
            score=_known(score),
            share_50=_known(float(summary.share[i])),
            ci_low=low if draft.spread else None,
            ci_high=high if draft.spread else None,
            **places.get(i, _Place())._asdict(),
            band=None if math.isnan(score) else band(score, bands),
            n_tasks=int(summary.n_scored[i]),
            completeness=float(summary.completeness[i]),
            weights=self.method.weights,
            status="held" if draft.holds else "published",
            reasons=(*draft.holds, *draft.notes, *crossed),
        )


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number


def _two_digits(share: float) -> str:
    """`.79` for .7999: cut, not rounded, so that what is under a floor reads so."""
    return f"{math.floor(share * 100 + ROUNDING) / 100:.2f}".removeprefix("0")
