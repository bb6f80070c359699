"""The agreement formulas over stacks of tables: shape (..., k, k) in, (...) out, NaN where a coefficient is undefined.

A table counts pairs: rows are the first column's category, columns the second's, both in the order of the scale. Counts
may be weighted. NaN stays inside this package and its callers' draws: whoever wants one number takes it from
`coefficients` or `bootstrap.estimate`, where it is a float or a reason.

Sources: Cohen (1960, 1968); Krippendorff (2019), Content Analysis, 4th ed., ch. 12; Gwet (2008), Br. J. Math. Stat.
Psychol. 61, 29-48.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from scorer.domain.rubric import Level

FloatArray = npt.NDArray[np.float64]
Metric = Callable[[FloatArray], FloatArray]
KappaWeights = Literal["nominal", "linear", "quadratic"]


def total(tables: FloatArray) -> FloatArray:
    """Number of pairs (or of values, for coincidences) of each table."""
    return np.asarray(tables.sum(axis=(-2, -1)))


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Quotient, NaN where the denominator is not positive."""
    defined = denominator > 0
    return np.where(defined, numerator / np.where(defined, denominator, 1.0), np.nan)


def raw_agreement(tables: FloatArray) -> FloatArray:
    """Share of pairs in the same category."""
    return ratio(np.trace(tables, axis1=-2, axis2=-1), total(tables))


def kappa_weights(k: int, weights: KappaWeights) -> FloatArray:
    """Disagreement of two categories by their ranks on the scale, shape (k, k), zero on the diagonal."""
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(np.float64)
    return {"nominal": np.sign(apart), "linear": apart, "quadratic": apart**2}[weights]


def kappa(tables: FloatArray, weights: FloatArray) -> FloatArray:
    """One minus observed over chance disagreement; chance is the product of the margins.

    Args:
        tables: shape (..., k, k).
        weights: disagreement, shape (k, k).

    Source: Cohen (1960), eq. 1; weighted: Cohen (1968), eq. 5.
    """
    chance = tables.sum(axis=-1)[..., :, None] * tables.sum(axis=-2)[..., None, :]
    return 1 - ratio(total(tables) * total(weights * tables), total(weights * chance))


def coincidences(tables: FloatArray) -> FloatArray:
    """Coincidence matrix of two columns: each pair counted in both directions."""
    return tables + np.swapaxes(tables, -2, -1)


def unit_coincidences(counts: FloatArray) -> FloatArray:
    """Coincidence matrix of each unit, for any number of raters.

    Args:
        counts: how many raters chose each category of each unit, shape (n, k); a unit with fewer than two
            is not pairable and contributes nothing.

    Returns:
        Shape (n, k, k); their sum over units is the coincidence matrix. A unit of m values contributes m.

    Source: Krippendorff (2019), ch. 12, coincidences from values by units.
    """
    values = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1])
    return np.where(values > 1, 1 / np.maximum(values - 1, 1), 0.0)[:, None, None] * pairs


def midranks(margins: FloatArray) -> FloatArray:
    """Mean rank of the values in each category, up to a constant; shape (..., k) as the margins."""
    return np.cumsum(margins, axis=-1) - margins / 2


def alpha_distances(matrix: FloatArray, level: Level, numbers: FloatArray | None = None) -> FloatArray:
    """Squared differences of Krippendorff's alpha, shape (k, k), or (..., k, k) at the ordinal level.

    Args:
        matrix: coincidence matrices (..., k, k): the ordinal difference of two categories depends on their margins.
        level: nominal, ordinal or interval.
        numbers: what the categories count at the interval level, shape (k,); ranks where None.

    Source: Krippendorff (2019), ch. 12, metric differences.
    """
    k = matrix.shape[-1]
    if level is Level.NOMINAL:
        return 1 - np.eye(k)
    if level is Level.ORDINAL:
        places = midranks(matrix.sum(axis=-1))
    else:
        places = np.arange(k, dtype=np.float64) if numbers is None else numbers
    return np.asarray((places[..., :, None] - places[..., None, :]) ** 2)


def alpha(matrix: FloatArray, distances: FloatArray) -> FloatArray:
    """Krippendorff's alpha of coincidence matrices: 1 - (n - 1) * observed / expected disagreement.

    Args:
        matrix: coincidences, shape (..., k, k), summing to n, the number of pairable values.
        distances: squared differences, shape (k, k) or (..., k, k).
    """
    margins = matrix.sum(axis=-1)
    expected = total(distances * margins[..., :, None] * margins[..., None, :])
    return 1 - (total(matrix) - 1) * ratio(total(distances * matrix), expected)


def ac1(tables: FloatArray) -> FloatArray:
    """Gwet's AC1, chance agreement from the mean margins; undefined where one category is all that anybody used.

    Source: Gwet (2008), eqs. 4-6 (the formula gives 1 where nobody varied; we report that as undefined).
    """
    k = tables.shape[-1]
    margins = (tables.sum(axis=-1) + tables.sum(axis=-2)) / 2
    share = ratio(margins, margins.sum(axis=-1, keepdims=True))
    chance = (share * (1 - share)).sum(axis=-1) / max(k - 1, 1)
    varied = (margins > 0).sum(axis=-1) > 1
    return np.where(varied, (raw_agreement(tables) - chance) / (1 - chance), np.nan)


def correlation(tables: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Product-moment correlation of what rows and columns count; undefined where one column is constant.

    Args:
        tables: shape (..., k, k).
        rows: numbers of the row categories, shape (k,) or (..., k).
        columns: numbers of the column categories, likewise.
    """
    x = _centred(tables.sum(axis=-1), rows)
    y = _centred(tables.sum(axis=-2), columns)
    joint = total(tables * x[..., :, None] * y[..., None, :])
    return ratio(joint, np.sqrt(_square_sum(tables.sum(axis=-1), x) * _square_sum(tables.sum(axis=-2), y)))


def spearman(tables: FloatArray) -> FloatArray:
    """Rank correlation with mean ranks for ties: the correlation of the midranks."""
    return correlation(tables, midranks(tables.sum(axis=-1)), midranks(tables.sum(axis=-2)))


def mae(tables: FloatArray, numbers: FloatArray) -> FloatArray:
    """Mean absolute difference of the two columns, in the units of `numbers` (k,)."""
    return ratio(total(tables * np.abs(np.subtract.outer(numbers, numbers))), total(tables))


def bias(tables: FloatArray, numbers: FloatArray) -> FloatArray:
    """Mean of first minus second column, in the units of `numbers` (k,)."""
    return ratio(total(tables * np.subtract.outer(numbers, numbers)), total(tables))


def collapse(tables: FloatArray, numbers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Tables whose categories are the distinct `numbers`: categories that count the same become one.

    Returns:
        The tables (..., m, m) and the distinct numbers (m,), ascending.
    """
    distinct, place = np.unique(numbers, return_inverse=True)
    joined = range(len(distinct))
    rows = np.stack([tables[..., place == a, :].sum(axis=-2) for a in joined], axis=-2)
    return np.stack([rows[..., place == a].sum(axis=-1) for a in joined], axis=-1), distinct


def _centred(margins: FloatArray, numbers: FloatArray) -> FloatArray:
    mean = ratio((margins * numbers).sum(axis=-1), margins.sum(axis=-1))
    return np.asarray(numbers - mean[..., None])


def _square_sum(margins: FloatArray, centred: FloatArray) -> FloatArray:
    """Sum of squares, exactly 0 where the column is constant (rounding would leave a trace of variation)."""
    used = margins > 0
    high = np.where(used, centred, -np.inf).max(axis=-1)
    low = np.where(used, centred, np.inf).min(axis=-1)
    return np.where(high > low, (margins * centred**2).sum(axis=-1), 0.0)
