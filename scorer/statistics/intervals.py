"""Intervals from few numbers, and how many of many findings to believe."""

from typing import NamedTuple

import numpy as np

from scorer.domain.evaluation import Undefined
from scorer.statistics.quantiles import t_quantile
from scorer.statistics.stacks import FloatArray

MIN_RATERS = 3
CONFIDENCE = 0.95


class Interval(NamedTuple):
    """Both ends of a confidence interval, low <= high."""

    low: float
    high: float

    def wholly_outside(self, bound: float) -> bool:
        """Whether no point of the interval lies within -bound..bound."""
        return self.low > bound or self.high < -bound


def t_interval(rater_scores: FloatArray, confidence: float = CONFIDENCE) -> Interval | Undefined:
    """Interval of the mean over a population of raters of which these are a sample.

    Args:
        rater_scores: one score a rater, shape (k,); NaN where a rater has none, which leaves that rater out.
        confidence: two-sided.

    Returns:
        mean -+ t(k - 1) * sd / sqrt(k), or `Undefined.NO_SPREAD` below three raters: with two, t has one degree of
        freedom and the interval would be wider than most scales.

    Source: Student (1908); a percentile bootstrap of so few raters covers far too little.
    """
    scores = rater_scores[~np.isnan(rater_scores)]
    if len(scores) < MIN_RATERS:
        return Undefined.NO_SPREAD
    half = t_quantile(len(scores) - 1, (1 + confidence) / 2) * scores.std(ddof=1) / np.sqrt(len(scores))
    return Interval(float(scores.mean() - half), float(scores.mean() + half))


def satterthwaite(parts: FloatArray, df: FloatArray) -> float:
    """Degrees of freedom of a sum of independent variance estimates, from 1 to the sum of theirs.

    (sum v)^2 / sum(v^2 / (df + 2)) - 2: each squared estimate is 1 + 2 / df times too large on average, which from few
    degrees of freedom would make intervals far too wide. For a single part it is that part's own.

    Args:
        parts: the estimates, shape (m,), not all 0.
        df: degrees of freedom of each, shape (m,).

    Source: Satterthwaite (1946), Biometrics Bull. 2, 110-114; squares of estimates replaced by unbiased ones.
    """
    found = float(parts.sum() ** 2 / (parts**2 / (df + 2)).sum()) - 2
    return min(max(found, 1.0), float(df.sum()))


def discoveries(p_values: FloatArray, rate: float) -> list[bool]:
    """Which of the tested hypotheses, p-values (m,), to reject at a false discovery rate, in the order given.

    Source: Benjamini and Hochberg (1995), eq. 1: the largest p(i) <= rate * i / m and all below it.
    """
    steps = rate * np.arange(1, len(p_values) + 1) / max(len(p_values), 1)
    below = np.sort(p_values)[np.sort(p_values) <= steps]
    return [bool(p <= below[-1]) for p in p_values] if len(below) else [False] * len(p_values)
