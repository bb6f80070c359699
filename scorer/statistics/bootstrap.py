"""Cluster bootstrap: occupations are drawn with replacement, each with all its tasks.

Every statistic here is a function of sums over clusters (a contingency table each), so a draw is a weighting of the
clusters and 2,000 draws are one matrix product. Refuses an interval from few clusters, or from draws in which the
statistic often does not exist.

Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 13 (percentile interval); Field and Welsh
(2007), J. R. Stat. Soc. B 69, 369-390 (resampling clusters).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scorer.domain.evaluation import Undefined
from scorer.statistics.coefficients import plain
from scorer.statistics.intervals import CONFIDENCE, Interval
from scorer.statistics.stacks import FloatArray, Metric

DRAWS = 2000
MIN_CLUSTERS = 10
MAX_UNDEFINED_SHARE = 0.05


class Estimate(NamedTuple):
    """A coefficient and its interval; either may be a reason instead."""

    value: float | Undefined
    interval: Interval | Undefined


def cluster_sums(values: FloatArray, clusters: npt.NDArray[np.intp]) -> FloatArray:
    """Sums of values (n, ...) over the rows of each cluster, shape (C, ...); only clusters that occur."""
    present, place = np.unique(clusters, return_inverse=True)
    flat = values.reshape(len(values), -1)
    sums = np.empty((len(present), flat.shape[1]))
    for j, column in enumerate(flat.T):
        sums[:, j] = np.bincount(place, weights=column, minlength=len(present))
    return sums.reshape(len(present), *values.shape[1:])


def resample(
    sums: FloatArray, seed: int, draws: int = DRAWS, min_clusters: int = MIN_CLUSTERS
) -> FloatArray | Undefined:
    """Totals of `draws` resamples of the clusters.

    Args:
        sums: one table, or one row of sums, a cluster: shape (C, ...).
        seed: of the numpy Generator; the same seed draws the same clusters.
        draws: how many.
        min_clusters: fewer clusters than this say too little about how clusters differ.

    Returns:
        Shape (draws, ...), or `Undefined.TOO_FEW_CLUSTERS`.
    """
    size = len(sums)
    if size < min_clusters:
        return Undefined.TOO_FEW_CLUSTERS
    times = _times_drawn(size, seed, draws).astype(np.float64)
    by_cell = sums.reshape(size, -1).T @ times.T
    return np.moveaxis(by_cell.reshape(*sums.shape[1:], draws), -1, 0)  # draws innermost: sums over cells run fast


@lru_cache(maxsize=32)
def _times_drawn(size: int, seed: int, draws: int) -> npt.NDArray[np.int16]:
    """How often each of `size` clusters is in each draw, (draws, size): kept, since many tables ask for the same."""
    drawn = np.random.default_rng(seed).integers(size, size=(draws, size)) + size * np.arange(draws)[:, None]
    return np.bincount(drawn.ravel(), minlength=draws * size).reshape(draws, size).astype(np.int16)


def percentile_interval(
    values: FloatArray, confidence: float = CONFIDENCE, max_undefined: float = MAX_UNDEFINED_SHARE
) -> Interval | Undefined:
    """Percentile interval of the draws (B,); NaN marks draws in which the statistic does not exist.

    Returns:
        The interval of the draws that exist, or `Undefined.UNSTABLE` where more than `max_undefined` of them do not.
    """
    missing = np.isnan(values)
    if missing.mean() > max_undefined:
        return Undefined.UNSTABLE
    ordered = np.sort(values[~missing])
    ends = np.array([(1 - confidence) / 2, (1 + confidence) / 2]) * (len(ordered) - 1)
    low, high = np.interp(ends, np.arange(len(ordered)), ordered)
    return Interval(float(low), float(high))


def estimate(sums: FloatArray, metric: Metric, resamples: FloatArray | Undefined, n: float | None = None) -> Estimate:
    """A metric of the whole with its interval.

    Args:
        sums: over each cluster, shape (C, ...): a table (k, k), or whatever else the metric is a function of.
        metric: from totals (..., ...) to numbers (...).
        resamples: of the same sums.
        n: how many units are in it; where None the sums are tables, and it is their total.
    """
    whole = sums.sum(axis=0)
    value = plain(metric(whole), whole.sum() if n is None else n)
    if isinstance(value, Undefined):
        return Estimate(value, value)
    if isinstance(resamples, Undefined):
        return Estimate(value, resamples)
    return Estimate(value, percentile_interval(metric(resamples)))


def outside_p_value(values: FloatArray, bound: float) -> float:
    """Two-sided bootstrap p-value that a statistic lies within -bound..bound.

    It is below .05 where the 95 % percentile interval of the draws (B,) lies wholly outside; one draw is added on the
    side of the hypothesis, so that it is never 0 (Davison and Hinkley 1997, sect. 4.2.3).
    """
    inside = min(int((values <= bound).sum()), int((values >= -bound).sum()))
    return min(1.0, 2 * (inside + 1) / (len(values) + 1))
