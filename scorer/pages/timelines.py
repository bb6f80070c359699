"""A timeline: what stood in use when, one line a name, one bar from the first to the last time it was seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from scorer.pages.charts import svg
from scorer.pages.numbers import when

WIDTH, TICKS = 620, 6
LONG, SHORT = timedelta(days=5), timedelta(minutes=15)
DAYS, HOURS, SECONDS = "%Y-%m-%d", "%m-%d %H:%M", "%H:%M:%S"
"""How long must be spanned for days, or minutes, to tell times apart, and how times are written at the axis."""
LEAST = timedelta(minutes=1)
"""The shortest time drawn: ends of a bar that would otherwise be one point."""


class Stretch(NamedTuple):
    """One bar: the line it stands on, what was in use, from when to when (aware), and how often it was seen."""

    line: str
    name: str
    first: datetime
    last: datetime
    n: int


def timeline(stretches: Sequence[Stretch], counted: str) -> Markup:
    """Draw stretches of time, one line for each `line`, coloured by `name`.

    Args:
        stretches: at least one, in the order of their lines from above.
        counted: what `n` counts, for the description: `answers`.
    """
    import altair as alt  # noqa: PLC0415 - half a second that only those who draw should wait

    values = [
        {
            "line": one.line,
            "name": one.name,
            "first": one.first.isoformat(),
            "last": max(one.last, one.first + LEAST).isoformat(),
        }
        for one in stretches
    ]
    lines = list(dict.fromkeys(one.line for one in stretches))
    names = list(dict.fromkeys(one.name for one in stretches))
    y = alt.Y("line:N", sort=lines, title=None, axis=alt.Axis(grid=False, labelLimit=240))
    colours = alt.Color(
        "name:N", sort=names, title="answered as", legend=alt.Legend(orient="bottom", columns=1, labelLimit=480)
    )
    base = alt.Chart(alt.InlineData(values=values)).encode(y=y, color=colours)
    spanned = max(one.last for one in stretches) - min(one.first for one in stretches)
    written = DAYS if spanned > LONG else HOURS if spanned > SHORT else SECONDS
    axis = alt.Axis(format=written, tickCount=TICKS, labelOverlap=True)
    x = alt.X("first:T", title="UTC", scale=alt.Scale(type="utc"), axis=axis)
    bars = base.mark_bar(height=8, opacity=0.7).encode(x=x, x2="last:T")
    ends = base.mark_tick(thickness=3, height=14, opacity=1).encode(x=x)
    chart = (bars + ends).properties(width=WIDTH, height=alt.Step(26))
    return svg(chart, in_words(stretches, counted))


def in_words(stretches: Sequence[Stretch], counted: str) -> str:
    """What a timeline shows, for readers who cannot see it."""
    seen = "; ".join(
        f"{one.line} as {one.name}, {one.n:,} {counted} from {when(one.first)} to {when(one.last)}" for one in stretches
    )
    return f"{seen}."
