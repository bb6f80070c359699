"""Many raters to one number a task, by rules that do not depend on the order of raters or rows."""

from collections.abc import Callable

import numpy as np

from scorer.errors import ConfigurationError
from scorer.statistics.stacks import FloatArray


def reduce(matrix: FloatArray, how: str = "mean") -> FloatArray:
    """The raters' consensus about each task.

    Args:
        matrix: one row a task, one column a rater, shape (n, k); NaN where a rater has no answer.
        how: `mean`, `median` or `mode` (of equally common answers the lowest: the cautious one).

    Returns:
        Shape (n,), in the units of the matrix; NaN where nobody answered.

    Raises:
        ConfigurationError: for a reducer that does not exist.
    """
    if how not in _REDUCERS:
        known = ", ".join(f"`{name}`" for name in _REDUCERS)
        raise ConfigurationError(f"unknown reducer `{how}`; choose one of {known}")
    consensus = np.full(len(matrix), np.nan)
    answered = ~np.isnan(matrix).all(axis=1)
    if answered.any():
        consensus[answered] = _REDUCERS[how](matrix[answered])
    return consensus


def spread(matrix: FloatArray) -> FloatArray:
    """Highest minus lowest answer about each task, shape (n,); 0 for one answer, NaN for none."""
    missing = np.isnan(matrix)
    if not matrix.size:
        return np.full(len(matrix), np.nan)
    high = np.where(missing, -np.inf, matrix).max(axis=1)
    low = np.where(missing, np.inf, matrix).min(axis=1)
    return np.where(missing.all(axis=1), np.nan, high - low)


def _mean(matrix: FloatArray) -> FloatArray:
    """Sorted first, so that the sum and hence the last bit is the same in any order of raters."""
    return np.asarray(np.nanmean(np.sort(matrix, axis=1), axis=1))


def _median(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.nanmedian(matrix, axis=1))


def _mode(matrix: FloatArray) -> FloatArray:
    votes = (matrix[:, :, None] == matrix[:, None, :]).sum(axis=2)
    commonest = votes == votes.max(axis=1, keepdims=True)
    return np.asarray(np.where(commonest & ~np.isnan(matrix), matrix, np.inf).min(axis=1))


_REDUCERS: dict[str, Callable[[FloatArray], FloatArray]] = {"mean": _mean, "median": _median, "mode": _mode}
REDUCERS = tuple(_REDUCERS)
