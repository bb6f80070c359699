"""What a rule of the gate says, and how it writes numbers."""

from collections.abc import Callable
from typing import NamedTuple

from scorer.domain.evaluation import Undefined
from scorer.statistics import Interval


class Finding(NamedTuple):
    """What one rule says."""

    passed: bool
    reason: str


def short(value: float) -> str:
    """`.63`: a coefficient in two decimals without the zero that all have."""
    return f"{value:.2f}".replace("0.", ".", 1)


def signed(value: float) -> str:
    """`+.04`: a difference with its sign."""
    return f"{value:+.3f}".replace("0.", ".", 1)


def ranged(interval: Interval | Undefined, form: Callable[[float], str]) -> str:
    """`[+.033, +.047]`, or the reason why there is no interval."""
    return f"({interval})" if isinstance(interval, Undefined) else f"[{form(interval.low)}, {form(interval.high)}]"
