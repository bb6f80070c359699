"""The multiverse: the occupation scores under every set of choices that could as well have been made.

Choices: task weights, what E2 counts (in rubrics that have it), which raters, how they are combined, and from which
score an occupation counts as high. Refuses raters that the gate did not pass; counts an occupation only where it has a
score both here and by the main choices.

Source: Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspect. Psychol. Sci. 11, 702-712.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scorer.aggregate.bands import Bands
from scorer.aggregate.census import ROUNDING, Census
from scorer.aggregate.columns import columns
from scorer.aggregate.combination import REDUCTIONS, category_shares, combine
from scorer.aggregate.method import Method
from scorer.aggregate.panel import seats
from scorer.aggregate.weights import SCHEMES, task_weights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import TaskScore, Verdict
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import Specification
from scorer.statistics import FloatArray

SECOND_LEVEL = "E2"
SECOND_LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
THRESHOLDS = (0.25, 0.5, 0.75)
"""As shares of the scale."""
MIDDLE = 0.5
TENTHS = 10
_RECOUNTED = "recounted"


class _World(NamedTuple):
    """One set of choices but for the threshold."""

    weights: str
    raters: str
    reduce: str | None
    second_level: float | None


def multiverse(
    tasks: Sequence[Task],
    scores: Iterable[TaskScore],
    rubric: Rubric,
    verdicts: Sequence[Verdict],
    method: Method | None = None,
) -> list[Specification]:
    """Score the occupations in every universe, in the primary measure.

    Args:
        tasks: all tasks of the release.
        scores: TaskScores of one rubric.
        rubric: that rubric.
        verdicts: they make the panel; without one there is nothing to vary.
        method: the main choices.

    Returns:
        The main choices first, then the others; one row for each threshold.
    """
    method = method or Method()
    found = columns(Census.take(tasks, task_weights(tasks, method.weights)), scores).get(rubric.primary, {})
    members = seats(found, verdicts, rubric.id, method.panel)
    if not members:
        return []
    censuses = _censuses(tasks, method.weights)
    matrix = np.column_stack([found[rater].scores for rater in members])
    levels = SECOND_LEVELS if SECOND_LEVEL in rubric.values else (None,)
    main = _World(method.weights, PANEL, method.reduce if len(members) > 1 else None, _own_level(rubric))
    scored: dict[_World, FloatArray] = {}
    for raters, places in _rater_sets(members).items():
        for how in REDUCTIONS if len(places) > 1 else (None,):
            for level in levels:
                numbers = _numbers(matrix[:, places], rubric, how, level)
                for scheme, census in censuses.items():
                    scored[_World(scheme, raters, how, level)] = census.summarise(numbers).score
    bands = method.bands.get(rubric.name, {})
    ordered = sorted(scored, key=lambda world: world != main)
    return [
        row
        for world in ordered
        for row in _rows(world, scored[world], scored[main], rubric, bands, is_main=world == main)
    ]


def _censuses(tasks: Sequence[Task], main: str) -> dict[str, Census]:
    """One a scheme; a scheme of which the release has no ratings at all is no choice."""
    weights = {scheme: task_weights(tasks, scheme) for scheme in SCHEMES}
    codes = {task.occupation_code for task in tasks}
    return {name: Census.take(tasks, own) for name, own in weights.items() if name == main or own.fallback != codes}


def _own_level(rubric: Rubric) -> float | None:
    return rubric.number(SECOND_LEVEL) if SECOND_LEVEL in rubric.values else None


def _rater_sets(members: Sequence[str]) -> dict[str, list[int]]:
    """The panel, the panel without each member, and each member alone, as columns of the matrix."""
    everybody = list(range(len(members)))
    without = {
        f"{PANEL} without {name}": [j for j in everybody if j != i]
        for i, name in enumerate(members)
        if len(members) > 2  # noqa: PLR2004 - of two members the other one is left, who is there alone already
    }
    alone = {name: [i] for i, name in enumerate(members)} if len(members) > 1 else {}
    return {PANEL: everybody, **without, **alone}


def _numbers(matrix: FloatArray, rubric: Rubric, how: str | None, level: float | None) -> FloatArray:
    """The raters' combined number of each task, E2 counted as `level`."""
    if level is not None and level != _own_level(rubric):
        counted = np.array([level if v == SECOND_LEVEL else rubric.number(v) for v in rubric.ordered_values])
        shares = category_shares(matrix, rubric)
        recounted = np.where(np.isnan(matrix), np.nan, shares @ counted)
        measures = {**rubric.measures, _RECOUNTED: dict(zip(rubric.ordered_values, counted.tolist(), strict=True))}
        varied = rubric.model_copy(update={"measures": measures})
        return combine(recounted, matrix, varied, _RECOUNTED, how or "mean").scores
    return combine(matrix, matrix, rubric, rubric.primary, how or "mean").scores


def _rows(
    world: _World, own: FloatArray, main: FloatArray, rubric: Rubric, bands: Bands, *, is_main: bool
) -> Iterator[Specification]:
    both = ~(np.isnan(own) | np.isnan(main))
    if not both.any():
        return
    here, there = own[both], main[both]
    numbers = rubric.measures[rubric.primary].values()
    for share in THRESHOLDS:
        threshold = min(numbers) + share * rubric.span
        yield Specification(
            rubric=rubric.id,
            is_main=is_main and share == MIDDLE,
            **world._asdict(),
            threshold=threshold,
            n_occupations=int(both.sum()),
            mean=float(here.mean()),
            share_high=float((here >= threshold - ROUNDING).mean()),
            band_changed=float((_places(here, bands) != _places(there, bands)).mean()) if bands else None,
            decile_changed=float((_tenth(here) != _tenth(there)).mean()) if len(here) >= TENTHS else None,
            rank_correlation=_rank_correlation(here, there),
        )


def _places(scores: FloatArray, bands: Bands) -> FloatArray:
    """Number of the band of each score, shape (occupations,)."""
    return np.searchsorted(sorted(bands.values())[1:], scores + ROUNDING, side="right").astype(np.float64)


def _ranks(scores: FloatArray) -> FloatArray:
    """Mean ranks from 0, ties alike in any order of the rows."""
    rounded = scores.round(9)
    _, place, counts = np.unique(rounded, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts + 1) / 2)[place])


def _tenth(scores: FloatArray) -> FloatArray:
    """In which tenth of the ranking each score lies, 0 to 9."""
    return np.floor(_ranks(scores) * TENTHS / len(scores))


def _rank_correlation(here: FloatArray, there: FloatArray) -> float | None:
    one, other = _ranks(here), _ranks(there)
    if one.std() == 0 or other.std() == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])
