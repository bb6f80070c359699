"""Words for numbers: the band of a score by the cut-offs of a policy, and whether its interval crosses one.

Refuses to round first: a score of 49.9996 is under 50.
"""

from collections.abc import Mapping

from scorer.aggregate.census import ROUNDING

Bands = Mapping[str, float]
"""Name of each band -> the score from which on it holds; the lowest band holds below its cut-off too."""


def band(score: float, bands: Bands) -> str | None:
    """The highest band whose cut-off the score reaches; None where there are no bands."""
    ordered = sorted(bands, key=lambda name: bands[name])
    reached = [name for name in ordered if score >= bands[name] - ROUNDING] or ordered[:1]
    return reached[-1] if reached else None


def crossing(low: float, high: float, bands: Bands) -> tuple[str, ...]:
    """A remark where the two ends of an interval lie in different bands; nothing where they lie in one."""
    ends = band(low, bands), band(high, bands)
    if ends[0] == ends[1]:
        return ()
    return (f"the interval crosses a cut-off: it reaches from `{ends[0]}` to `{ends[1]}`",)
