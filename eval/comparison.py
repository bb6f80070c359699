"""What a pair looks like, beyond its coefficients: who says what, how far occupations are apart, who means what by it.

The same columns that give the coefficients, kept as counts and means, for the report and for programs.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from eval.agreement import Pair
from eval.columns import Frame
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

LIMITS = 1.96
"""Standard deviations between which 95 % of normal differences lie."""


class OccupationMeans(NamedTuple):
    """What both say about an occupation on average, in the numbers of the scale, over n compared tasks."""

    first: float
    second: float
    n: float


class Meaning(NamedTuple):
    """What the second says on average (a number of the scale) where the first says a category, n times."""

    category: str
    number: float
    mean: float
    n: float


@dataclass(frozen=True)
class Comparison:
    """Two columns side by side.

    Attributes:
        categories: in the order of the scale; numbers: what they count.
        confusion: tasks (weighted, where labels were sampled), rows the first's category, columns the second's.
        occupations: one for each with a compared task.
    """

    rater: str
    counterpart: str
    rubric: str
    n: int
    categories: tuple[str, ...]
    numbers: tuple[float, ...]
    confusion: tuple[tuple[float, ...], ...]
    occupations: tuple[OccupationMeans, ...]

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """A reliability diagram in numbers: categories that the first never gave are left out."""
        table, numbers = np.array(self.confusion), np.array(self.numbers)
        return tuple(
            Meaning(category, number, float(row @ numbers / row.sum()), float(row.sum()))
            for category, number, row in zip(self.categories, self.numbers, table, strict=True)
            if row.sum() > 0
        )

    @property
    def limits(self) -> tuple[float, float, float] | None:
        """Lower limit of agreement, mean difference and upper limit over occupations; None for fewer than two.

        Source: Bland and Altman (1986), Lancet 327, 307-310.
        """
        if len(self.occupations) < 2:  # noqa: PLR2004 - one difference has no spread
            return None
        apart = np.array([one.first - one.second for one in self.occupations])
        middle, half = float(apart.mean()), float(LIMITS * apart.std(ddof=1))
        return middle - half, middle, middle + half


def compare(pair: Pair, frame: Frame, rubric: Rubric) -> Comparison:
    """A pair as counts and means."""
    numbers = np.array([rubric.number(value) for value in rubric.ordered_values])
    return Comparison(
        pair.first,
        pair.second,
        rubric.id,
        pair.n,
        rubric.ordered_values,
        tuple(float(x) for x in numbers),
        tuple(tuple(float(x) for x in row) for row in pair.confusion) if pair.n else (),
        tuple(_means(table, numbers) for table in pair.by_occupation(frame)) if pair.n else (),
    )


def _means(table: FloatArray, numbers: FloatArray) -> OccupationMeans:
    n = float(table.sum())
    first, second = table.sum(axis=1) @ numbers / n, table.sum(axis=0) @ numbers / n
    return OccupationMeans(float(first), float(second), n)
