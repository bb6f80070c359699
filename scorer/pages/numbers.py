"""How numbers are written on pages. What does not exist is a dash, never a 0."""

from datetime import datetime

NOTHING = "—"


def number(value: float | None, digits: int = 2) -> str:
    """`1,234.50`; a dash for None."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 0 to 1 as `37 %`; a dash for None."""
    return NOTHING if share is None else f"{100 * share:.{digits}f} %"


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """`[0.12, 0.34]`; a dash where there is no interval."""
    return NOTHING if low is None or high is None else f"[{low:,.{digits}f}, {high:,.{digits}f}]"


def usd(amount: float | None, digits: int = 0) -> str:
    """`$61,480`; a dash for None."""
    return NOTHING if amount is None else f"${amount:,.{digits}f}"


def when(moment: datetime | None) -> str:
    """`2026-11-25 14:03 UTC`; a dash for None."""
    return NOTHING if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
