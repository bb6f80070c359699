"""Two columns beside the same labels: which agrees better, and is the difference more than chance?

Both are taken on the tasks that both answered, and every bootstrap draw takes the same occupations for both, so what
makes an occupation hard cancels. Overlapping intervals of the two say much less.

Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 8 (paired data).
"""

from typing import NamedTuple

import numpy as np

from eval.agreement import Pair
from eval.columns import Frame
from scorer.domain.evaluation import Undefined
from scorer.statistics import Estimate, Interval, Metric, percentile_interval, resample


class Difference(NamedTuple):
    """A coefficient of one column, of the other, and one minus other with its 95 % interval, on n common tasks."""

    one: float | Undefined
    other: float | Undefined
    difference: Estimate
    n: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        return isinstance(self.difference.interval, Interval) and self.difference.interval.wholly_outside(0.0)


def paired_difference(one: Pair, other: Pair, frame: Frame, metric: Metric, seed: int) -> Difference:
    """The difference of a metric between two pairs that have their second column in common."""
    mask = np.zeros(len(frame), dtype=np.bool_)
    mask[np.intersect1d(one.places, other.places)] = True
    n = int(mask.sum())
    if not n:
        none = Undefined.NO_OVERLAP
        return Difference(none, none, Estimate(none, none), n)
    sums = [pair.within(mask).by_occupation(frame) for pair in (one, other)]
    values = [float(metric(own.sum(axis=0))) for own in sums]
    known = [Undefined.NO_VARIATION if np.isnan(value) else value for value in values]
    if np.isnan(values).any():
        return Difference(known[0], known[1], Estimate(Undefined.NO_VARIATION, Undefined.NO_VARIATION), n)
    draws = [resample(own, seed) for own in sums]
    if isinstance(draws[0], Undefined) or isinstance(draws[1], Undefined):
        interval: Interval | Undefined = Undefined.TOO_FEW_CLUSTERS
    else:
        interval = percentile_interval(metric(draws[0]) - metric(draws[1]))
    return Difference(known[0], known[1], Estimate(values[0] - values[1], interval), n)
