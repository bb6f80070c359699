"""Raters become a panel: mean, median or mode of their numbers, or Dawid and Skene's most probable category.

Dawid and Skene is about categories, so it reads the primary measure, and its category is then counted in whichever
measure is asked for. A rater between two categories (the mean of several answers) counts for both, the nearer the more.
"""

from typing import NamedTuple

import numpy as np

from scorer.domain.rubric import Rubric
from scorer.statistics import REDUCERS, DawidSkene, FloatArray, dawid_skene, reduce

DAWID_SKENE = "dawid-skene"
REDUCTIONS = (*REDUCERS, DAWID_SKENE)


class Combined(NamedTuple):
    """The panel's numbers, shape (tasks,), NaN where nobody has one; and what to know about how they came about."""

    scores: FloatArray
    remarks: tuple[str, ...] = ()


def combine(matrix: FloatArray, primary: FloatArray, rubric: Rubric, measure: str, how: str) -> Combined:
    """Combine the raters of a panel, task by task.

    Args:
        matrix: numbers in the measure, shape (tasks, raters), NaN where there is none.
        primary: the same in the rubric's primary measure.
        rubric: gives the categories.
        measure: in which the panel's numbers are wanted.
        how: one of `REDUCTIONS`.

    Raises:
        ConfigurationError: no such reducer.
    """
    if how != DAWID_SKENE:
        return Combined(reduce(matrix, how))
    fit = dawid_skene(category_shares(primary, rubric))
    numbers = np.array([rubric.number(value, measure) for value in rubric.ordered_values])
    category = fit.category
    known = ~np.isnan(category)
    scores = np.where(known, numbers[np.where(known, category, 0).astype(np.intp)], np.nan)
    return Combined(scores, remarks(fit))


def remarks(fit: DawidSkene) -> tuple[str, ...]:
    """What a reader must know of a fit: how long it took, and what speaks against it."""
    ended = "converged" if fit.converged else "stopped"
    return tuple(f"dawid-skene {ended} after {fit.iterations} iterations: {one}" for one in fit.problems)


def category_shares(matrix: FloatArray, rubric: Rubric) -> FloatArray:
    """Numbers of the primary measure as shares of the categories, shape (tasks, raters, k), in the order of the scale.

    A number between two categories is split so that its mean is kept; no number is no share; what lies beyond an end
    of the scale is the category at that end.
    """
    numbers = np.array([rubric.number(value) for value in rubric.ordered_values])
    place = np.interp(matrix, numbers, np.arange(len(numbers)))
    shares = np.maximum(1 - np.abs(place[..., None] - np.arange(len(numbers))), 0)
    return np.asarray(np.nan_to_num(shares))
