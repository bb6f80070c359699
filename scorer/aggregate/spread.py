"""How far an occupation's number would move if other raters, wordings or repeats had been drawn.

Estimand: the mean over a population of raters (for one rater: over its own variants and repeats) with the tasks of
the occupation fixed, since they are a census. Refuses to take tasks as independent draws where one rater or one
wording shifts them all, and gives a reason instead of an interval where nothing can be estimated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.census import ROUNDING
from scorer.domain.evaluation import Undefined
from scorer.statistics import FloatArray, chi_squared_upper, detectable_effect, satterthwaite, t_interval, t_quantile

MIN_REPEATS = 2
LEVEL = 0.95
POWER = 0.8
TOO_FEW_VARIANTS = "within-rater interval not estimable: fewer than three variants"
TOO_FEW_SHARED = "no interval: too few tasks have all the answers that are compared"


@dataclass(frozen=True, eq=False)
class Spread:
    """The uncertainty of one occupation's number.

    Attributes:
        half_width: of the 95 % interval, in units of the measure.
        df: degrees of freedom of its t.
        loadings: shape (units,); the number's sampling error is loadings @ z for standard normal z, one per unit.
        units: the names of the raters or variants, which other occupations share; empty for repeats, where each
            occupation errs by itself (then there is one loading, the standard error).
    """

    half_width: float
    df: float
    loadings: FloatArray
    units: tuple[str, ...] = ()


def between(
    scores: FloatArray, weights: FloatArray, units: Sequence[str], min_shared: float
) -> Spread | Undefined | str:
    """Student's t over units (raters, or variants of one) that scored the same tasks of one occupation.

    Only units that scored at least `min_shared` of the weight take part, over the tasks that all of these scored.

    Args:
        scores: shape (tasks, units), NaN where there is none.
        weights: shape (tasks,).
        units: their names.
        min_shared: least share of the weight, 0 to 1.

    Returns:
        The Spread with units - 1 degrees of freedom, or why there is none.
    """
    there = ~np.isnan(scores)
    floor = min_shared * weights.sum() * (1 - ROUNDING)
    taking_part = weights @ there >= floor
    common = there[:, taking_part].all(axis=1)
    shared = weights[common]
    if not shared.sum() >= floor > 0:
        return TOO_FEW_SHARED
    means = shared @ scores[common][:, taking_part] / shared.sum()
    interval = t_interval(means, LEVEL)
    if isinstance(interval, Undefined):
        return interval
    k = len(means)
    return Spread(
        half_width=(interval.high - interval.low) / 2,
        df=k - 1,
        loadings=(means - means.mean()) / np.sqrt(k * (k - 1)),
        units=tuple(unit for unit, part in zip(units, taking_part, strict=True) if part),
    )


def within_repeats(weights: FloatArray, sd: FloatArray, n: NDArray[np.intp]) -> Spread | Undefined:
    """Repeats of one rater in one wording: their errors are independent between tasks, so their variances add.

    Var(S) = sum((w / W)^2 sd^2 / n); degrees of freedom by Satterthwaite (1946).

    Args:
        weights: shape (tasks,); 0 for tasks without a score, which are passed over.
        sd: spread of the repeats with n - 1, shape (tasks,); NaN for one answer.
        n: usable repeats, shape (tasks,).

    Returns:
        The Spread, or why there is none: every task needs two usable repeats.
    """
    used = weights > 0
    weights, sd, n = weights[used], sd[used], n[used]
    if not len(n) or n.min() < MIN_REPEATS:
        return Undefined.NO_REPEATS
    parts = (weights / weights.sum()) ** 2 * sd**2 / n
    variance = float(parts.sum())
    df = satterthwaite(parts, (n - 1).astype(np.float64)) if variance > 0 else float(n.min() - 1)
    error = variance**0.5
    return Spread(t_quantile(df, (1 + LEVEL) / 2) * error, df, np.array([error]))


def rank_intervals(scores: FloatArray, spreads: Sequence[Spread], draws: int, seed: int) -> list[tuple[int, int]]:
    """Between which ranks each number lies in 95 % of draws; rank 1 is the highest number.

    A rater (or variant) who is high everywhere moves all numbers together and no rank.

    Args:
        scores: shape (rows,), in an order that does not depend on the input's.
        spreads: shape (rows,).
        draws: how many simulated rankings.
        seed: of numpy's default generator.
    """
    return _quantiles(scores + draw_errors(spreads, draws, seed))


def draw_errors(spreads: Sequence[Spread], draws: int, seed: int) -> FloatArray:
    """Sampling errors, shape (draws, rows): multivariate t, correlated as far as rows share raters or variants."""
    rng = np.random.default_rng(seed)
    shared, alone = _loadings(spreads)
    common = rng.standard_normal((draws, shared.shape[1])) @ shared.T
    error = common + rng.standard_normal((draws, len(alone))) * alone
    df, of_row = np.unique([spread.df for spread in spreads], return_inverse=True)
    heavy_tails = np.sqrt(df / chi_squared_upper(df, rng.uniform(size=(draws, 1))))
    return np.asarray(error * heavy_tails[:, of_row])


def detectable_differences(spreads: Sequence[Spread]) -> FloatArray:
    """The true difference to the median other row that a t test at 5 % would find in 80 % of cases, shape (rows,).

    What raters share cancels in a difference: a rater who is high everywhere makes no two rows harder to tell apart.
    With few raters t is hard to please, and the difference is large. NaN where there is no other row.
    """
    if len(spreads) < 2:  # noqa: PLR2004 - a difference is between two
        return np.full(len(spreads), np.nan)
    shared, alone = _loadings(spreads)
    squares = (shared**2).sum(axis=1)
    apart = squares[:, None] + squares[None, :] - 2 * shared @ shared.T + alone[:, None] ** 2 + alone[None, :] ** 2
    errors = np.sqrt(np.maximum(apart, 0.0))
    np.fill_diagonal(errors, np.nan)
    df, of_row = np.unique([spread.df for spread in spreads], return_inverse=True)
    return np.asarray(detectable_effect(df, LEVEL, POWER)[of_row] * np.nanmedian(errors, axis=1))


def _loadings(spreads: Sequence[Spread]) -> tuple[FloatArray, FloatArray]:
    """Standard errors by the raters or variants that rows share, (rows, units), and of rows that err alone, (rows,)."""
    units = sorted({unit for spread in spreads for unit in spread.units})
    shared = np.zeros((len(spreads), len(units)))
    alone = np.zeros(len(spreads))
    for row, spread in enumerate(spreads):
        if spread.units:
            shared[row, [units.index(unit) for unit in spread.units]] = spread.loadings
        else:
            alone[row] = spread.loadings[0]
    return shared, alone


def _quantiles(drawn: FloatArray) -> list[tuple[int, int]]:
    """Rank limits from simulated numbers, highest first, shape (draws, rows); a tie widens and never decides."""
    ordered = np.sort(-drawn, axis=1)
    best = [np.searchsorted(line, -numbers, "left") + 1 for line, numbers in zip(ordered, drawn, strict=True)]
    worst = [np.searchsorted(line, -numbers, "right") for line, numbers in zip(ordered, drawn, strict=True)]
    tail = (1 - LEVEL) / 2
    low = np.quantile(best, tail, axis=0, method="lower")
    high = np.quantile(worst, 1 - tail, axis=0, method="higher")
    return [(int(a), int(b)) for a, b in zip(low, high, strict=True)]
