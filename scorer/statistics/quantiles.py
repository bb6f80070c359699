"""Quantiles of the normal distribution, Student's t and chi-squared.

scipy takes half a second to import and is loaded on first use only.
"""

from typing import Any

import numpy.typing as npt


def normal_quantile(probability: float) -> float:
    """The value that a standard normal variable stays below with this probability."""
    from scipy.special import ndtri  # noqa: PLC0415 - see the module docstring

    return float(ndtri(probability))


def t_quantile(df: float, probability: float) -> float:
    """The value that Student's t with `df` degrees of freedom stays below with this probability."""
    from scipy.special import stdtrit  # noqa: PLC0415 - see the module docstring

    return float(stdtrit(df, probability))


def t_below(df: float, value: float) -> float:
    """Probability that Student's t with `df` degrees of freedom stays below a value."""
    from scipy.special import stdtr  # noqa: PLC0415 - see the module docstring

    return float(stdtr(df, value))


def chi_squared_upper(df: npt.NDArray[Any], probability: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values that chi-squared with `df` degrees of freedom exceeds with these probabilities; shapes broadcast."""
    from scipy.special import chdtri  # noqa: PLC0415 - see the module docstring

    values: npt.NDArray[Any] = chdtri(df, probability)
    return values


def detectable_effect(df: npt.NDArray[Any], level: float, power: float) -> npt.NDArray[Any]:
    """How many standard errors an effect must measure to be found by a two-sided t test; shape as `df`.

    The noncentrality at which t with `df` degrees of freedom exceeds its two-sided critical value with this power.
    """
    from scipy.special import nctdtrinc, stdtrit  # noqa: PLC0415 - see the module docstring

    effect: npt.NDArray[Any] = nctdtrinc(df, 1 - power, stdtrit(df, (1 + level) / 2))
    return effect
