"""What a rule of the gate says, and how it writes numbers."""

import re
from collections.abc import Callable
from typing import NamedTuple

from scorer.domain.evaluation import Undefined
from scorer.statistics import Interval

_ZERO = re.compile(r"^([+-]?)0\.")


class Finding(NamedTuple):
    """What one rule says."""

    passed: bool
    reason: str


def short(value: float) -> str:
    """`.63`: a coefficient in two decimals without the zero that all have."""
    return _bare(f"{round(value, 2) + 0.0:.2f}")


def signed(value: float) -> str:
    """`+.040`: a difference with its sign."""
    return _bare(f"{round(value, 3) + 0.0:+.3f}")


def _bare(text: str) -> str:
    """Without the zero before the point; that of 10.5 stays. Adding 0.0 before has made a nought of minus nought."""
    return _ZERO.sub(r"\1.", text)


def ranged(interval: Interval | Undefined, form: Callable[[float], str]) -> str:
    """`[+.033, +.047]`, or the reason why there is no interval."""
    return f"({interval})" if isinstance(interval, Undefined) else f"[{form(interval.low)}, {form(interval.high)}]"
