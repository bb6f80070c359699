"""Agreement of a rater with itself: the intraclass correlation of repeats, and the consistency over equal texts.

Like the other statistics these are functions of sums over clusters, so that a bootstrap draw is a weighting of the
clusters. NaN where undefined.
"""

import numpy as np

from scorer.statistics.stacks import FloatArray, ratio


def icc_sums(matrix: FloatArray) -> FloatArray:
    """What `icc` needs of each unit, to be summed.

    Args:
        matrix: the numbers of r repeats of n units, shape (n, r), none missing.

    Returns:
        Shape (n, r + 3): each repeat's number, the square of their sum, the sum of their squares, and 1.
    """
    squares = (matrix.sum(axis=1) ** 2, (matrix**2).sum(axis=1), np.ones(len(matrix)))
    return np.column_stack([matrix, *squares])


def icc(sums: FloatArray) -> FloatArray:
    """ICC(2,1): two-way random effects, absolute agreement, one answer.

    Args:
        sums: totals of `icc_sums` over units, shape (..., r + 3).

    Returns:
        Shape (...), at most 1; NaN with fewer than two units, or where nothing varied.

    Source: Shrout and Fleiss (1979), Psychol. Bull. 86, 420-428, case 2.
    """
    repeats, of_units, squares, n = sums[..., :-3], sums[..., -3], sums[..., -2], sums[..., -1]
    r = repeats.shape[-1]
    mean = ratio(repeats.sum(axis=-1) ** 2, n * r)
    between_units = of_units / r - mean
    between_repeats = ratio((repeats**2).sum(axis=-1), n) - mean
    rest = np.maximum(squares - mean - between_units - between_repeats, 0.0)
    units, repeat, error = ratio(between_units, n - 1), between_repeats / (r - 1), ratio(rest, (n - 1) * (r - 1))
    whole = units + (r - 1) * error + ratio(r * (repeat - error), n)
    varied = (squares - mean) > 1e-9 * np.maximum(squares, 1e-300)  # what rounding leaves of a constant is no variation
    return np.where(varied, ratio(units - error, whole), np.nan)


def same_answer_sums(counts: FloatArray) -> FloatArray:
    """Agreeing and all pairs within each group of equal texts.

    Args:
        counts: how often each category was given to the tasks of each group, shape (g, k).

    Returns:
        Shape (g, 2): pairs of tasks with the same answer, and pairs.
    """
    pairs = (counts * (counts - 1) / 2).sum(axis=1)
    tasks = counts.sum(axis=1)
    return np.column_stack([pairs, tasks * (tasks - 1) / 2])


def same_answer(sums: FloatArray) -> FloatArray:
    """Share of pairs with the same answer, in [0, 1], from totals of `same_answer_sums` (..., 2)."""
    return ratio(sums[..., 0], sums[..., 1])
