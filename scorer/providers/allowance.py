"""What the `x-ratelimit-...` headers of a response say of the endpoint's limits.

A limit stands in one header, what is left of it in a second, how long until it is whole again in a third. What was used
and how long that takes to come back give the rate. So a limit a day is told from one a minute, whatever it is called.
"""

import re
from collections.abc import Mapping

from scorer.domain.allowance import Allowance

LIMIT, REMAINING, RESET = "x-ratelimit-limit-", "x-ratelimit-remaining-", "x-ratelimit-reset-"
LONGEST_PERIOD_S = 90.0
_PARTS = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s|m|h|d|$)")
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def allowance(headers: Mapping[str, str]) -> Allowance | None:
    """The limits of the endpoint; None where it says nothing.

    A limit that is counted over more than a minute or so (some count requests a day) is no pace and is left out.
    """
    said = Allowance(_per_minute(headers, "requests"), _per_minute(headers, "tokens"))
    return said if said != (None, None) else None


def seconds(duration: str | None) -> float | None:
    """A duration as endpoints write it (`6m0s`, `20ms`, `1.5`), in seconds; None where it is none."""
    parts = list(_PARTS.finditer(duration or ""))
    if not parts or "".join(part[0] for part in parts) != duration:
        return None
    return sum(float(part["number"]) * _SECONDS[part["unit"]] for part in parts)


def _per_minute(headers: Mapping[str, str], what: str) -> float | None:
    limit = _count(headers.get(LIMIT + what))
    if not limit:
        return None
    left, whole_again = _count(headers.get(REMAINING + what)), seconds(headers.get(RESET + what))
    if left is None or not whole_again or left >= limit:
        return limit
    period = whole_again * limit / (limit - left)
    return limit if period <= LONGEST_PERIOD_S else None


def _count(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None
