"""Quantiles of Student's t and chi-squared. scipy takes half a second to import and is loaded on first use only."""

from typing import Any

import numpy.typing as npt


def t_quantile(df: float, probability: float) -> float:
    """The value that Student's t with `df` degrees of freedom stays below with this probability."""
    from scipy.special import stdtrit  # noqa: PLC0415 - see the module docstring

    return float(stdtrit(df, probability))


def chi_squared_upper(df: npt.NDArray[Any], probability: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values that chi-squared with `df` degrees of freedom exceeds with these probabilities; shapes broadcast."""
    from scipy.special import chdtri  # noqa: PLC0415 - see the module docstring

    values: npt.NDArray[Any] = chdtri(df, probability)
    return values
