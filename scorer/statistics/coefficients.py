"""Agreement of two columns of categories, one table at a time: a plain float, or the reason why there is none.

Undefined is a reason, never a number: nobody varied, so nobody agreed about anything. The formulas are in `stacks`.
"""

import numpy as np
import numpy.typing as npt

from scorer.domain.evaluation import Undefined
from scorer.domain.rubric import Level
from scorer.statistics import stacks
from scorer.statistics.stacks import FloatArray, KappaWeights

MIN_PAIRS = 2


def crosstab(first: npt.ArrayLike, second: npt.ArrayLike, k: int) -> FloatArray:
    """Contingency table (k, k) of two columns of category codes 0..k-1, shape (n,) each; rows are the first's."""
    flat = np.asarray(first, dtype=np.intp) * k + np.asarray(second, dtype=np.intp)
    return np.bincount(flat, minlength=k * k).reshape(k, k).astype(np.float64)


def plain(value: FloatArray, n: float) -> float | Undefined:
    """One coefficient of `n` pairs, or why it does not exist."""
    if n <= 0:
        return Undefined.NO_OVERLAP
    if round(n) < MIN_PAIRS:
        return Undefined.TOO_FEW
    return Undefined.NO_VARIATION if np.isnan(value) else float(value)


def raw_agreement(table: FloatArray) -> float | Undefined:
    """Share of pairs in the same category, in [0, 1]; table: counts (k, k)."""
    return plain(stacks.raw_agreement(table), table.sum())


def cohen_kappa(table: FloatArray, weights: KappaWeights = "nominal") -> float | Undefined:
    """Chance-corrected agreement of two raters.

    Args:
        table: counts, shape (k, k), categories in the order of the scale.
        weights: disagreement of two categories: any (`nominal`), the distance of their ranks (`linear`), its square.

    Returns:
        kappa in [-1, 1], or `Undefined.NO_VARIATION` where both raters used one and the same category only.

    Source: Cohen (1960), eq. 1; weighted: Cohen (1968), eq. 5.
    """
    return plain(stacks.kappa(table, stacks.kappa_weights(len(table), weights)), table.sum())


def krippendorff_alpha(counts: FloatArray, level: Level, numbers: FloatArray | None = None) -> float | Undefined:
    """Krippendorff's alpha of any number of raters, answers missing or not.

    Args:
        counts: how many raters chose each category of each unit, shape (n, k), categories in the order of the scale.
        level: nominal, ordinal or interval.
        numbers: what the categories count at the interval level, shape (k,); ranks where None.

    Returns:
        alpha, at most 1, or `Undefined.NO_VARIATION` where one category is all that was used.

    Source: Krippendorff (2019), Content Analysis, 4th ed., ch. 12.
    """
    matrix = stacks.unit_coincidences(counts).sum(axis=0)
    pairable = int((counts.sum(axis=1) > 1).sum())
    return plain(stacks.alpha(matrix, stacks.alpha_distances(matrix, level, numbers)), pairable)


def gwet_ac1(table: FloatArray) -> float | Undefined:
    """Gwet's AC1 of two raters; table: counts (k, k), k the categories of the scale, used or not.

    Source: Gwet (2008), Br. J. Math. Stat. Psychol. 61, 29-48.
    """
    return plain(stacks.ac1(table), table.sum())


def pearson(table: FloatArray, numbers: FloatArray) -> float | Undefined:
    """Product-moment correlation; table: counts (k, k), numbers: what the categories count (k,)."""
    return plain(stacks.correlation(table, numbers, numbers), table.sum())


def spearman(table: FloatArray) -> float | Undefined:
    """Rank correlation with mean ranks for ties; table: counts (k, k), categories in the order of the scale."""
    return plain(stacks.spearman(table), table.sum())


def mae(table: FloatArray, numbers: FloatArray) -> float | Undefined:
    """Mean absolute difference in the units of `numbers` (k,); table: counts (k, k)."""
    return plain(stacks.mae(table, numbers), table.sum())


def bias(table: FloatArray, numbers: FloatArray) -> float | Undefined:
    """Mean of first minus second column in the units of `numbers` (k,); table: counts (k, k)."""
    return plain(stacks.bias(table, numbers), table.sum())
