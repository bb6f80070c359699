"""Variance components of a crossed design: how much of what varies is the task, the rater, the wording, or chance.

Every factor is random and every combination of levels has the same number of repeats, so that mean squares determine
the components by subtraction. Refuses to split what the design does not hold apart: a factor of one level has no
component, and without repeats their share stays in the highest interaction.

Source: Searle, Casella and McCulloch (1992), Variance Components, ch. 4 (balanced data, expected mean squares).
"""

from collections.abc import Sequence
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np

from scorer.domain.evaluation import Undefined
from scorer.statistics.stacks import FloatArray

REPEAT = "repeat"
CROSSED = " x "
_Factors = frozenset[int]


class Component(NamedTuple):
    """One component: its variance (at least 0: a negative estimate is set to 0) or a reason; df of its mean square."""

    variance: float | Undefined
    df: int


def variance_components(answers: FloatArray, factors: Sequence[str]) -> dict[str, Component]:
    """Split the variance of single answers into all factors, their interactions and the repeats.

    A component is the alternating sum of the mean squares of all sets of factors around its own, divided by the number
    of answers behind one of its effects: for two factors with repeats, s2(A) = (MS(A) - MS(AB)) / (n b).

    Args:
        answers: shape (levels of each factor ..., repeats), complete.
        factors: names of the axes but the last.

    Returns:
        By name, `task`, `rater`, `task x rater`, ..., `repeat`, in this order. Their sum is the variance of an answer
        of a new rater in a new wording about a new task.
    """
    sizes, repeats = answers.shape[:-1], answers.shape[-1]
    varied = frozenset(axis for axis, size in enumerate(sizes) if size > 1)
    cells = answers.mean(axis=-1)
    effects = _subsets(range(len(sizes)))
    squares = {one: _mean_square(cells, one, repeats) for one in effects if one <= varied}
    within = answers - cells[..., None]
    noise = float((within**2).sum() / (cells.size * (repeats - 1))) if repeats > 1 else 0.0

    def variance(one: _Factors) -> float | Undefined:
        if not one <= varied:
            return Undefined.ONE_LEVEL
        around = [(-1) ** len(other - one) * square for other, square in squares.items() if one <= other]
        behind = repeats * np.prod([sizes[axis] for axis in varied - one])
        return max(float(sum(around) - (noise if one == varied else 0.0)) / float(behind), 0.0)

    found = {
        CROSSED.join(factors[axis] for axis in sorted(one)): Component(variance(one), _df(one, sizes))
        for one in effects
    }
    found[REPEAT] = Component(noise if repeats > 1 else Undefined.CONFOUNDED, cells.size * (repeats - 1))
    return found


def _mean_square(cells: FloatArray, effect: _Factors, repeats: int) -> float:
    """Mean square of one effect from the means of the cells: what its own set of factors adds to all smaller sets."""
    axes = range(cells.ndim)
    deviation = np.zeros(())
    for subset in _subsets(sorted(effect), with_empty=True):
        mean = cells.mean(axis=tuple(axis for axis in axes if axis not in subset), keepdims=True)
        deviation = deviation + (-1) ** len(effect - subset) * mean
    behind = repeats * np.prod([cells.shape[axis] for axis in axes if axis not in effect])
    return float(behind * (deviation**2).sum() / _df(effect, cells.shape))


def _df(effect: _Factors, sizes: Sequence[int]) -> int:
    return int(np.prod([sizes[axis] - 1 for axis in effect]))


def _subsets(axes: Sequence[int], *, with_empty: bool = False) -> list[_Factors]:
    """Sets of factors, the smaller ones first."""
    sizes = range(0 if with_empty else 1, len(axes) + 1)
    return [frozenset(one) for one in chain.from_iterable(combinations(axes, size) for size in sizes)]
