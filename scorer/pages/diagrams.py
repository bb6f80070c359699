"""The diagrams of agreement: numbers in, SVG out. What is shown is said in a sentence for those who cannot see it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from scorer.pages.charts import COLOURS, INK, svg

WIDTH, HEIGHT = 330, 250
BLUE, ORANGE = COLOURS[:2]
MOVED = {True: "moved by more than noise", False: "moved within noise", None: "noise not estimable"}


class Dot(NamedTuple):
    """A point of a diagram; `weight` is what its area stands for."""

    x: float
    y: float
    weight: float = 1.0


class Span(NamedTuple):
    """A value with its interval, under a name; None where it has no interval."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


def reliability(dots: Sequence[Dot], x: str, y: str, ends: tuple[float, float]) -> Markup:
    """What is said on average (y) where another says x, beside the diagonal on which both are the same.

    Args:
        dots: one for each answer; areas are numbers of tasks.
        x: title of the axis.
        y: title of the other.
        ends: of the scale.
    """
    alt = _altair()
    lines = alt.Chart(_rows([{"x": end, "y": end} for end in ends])).mark_line(strokeDash=[4, 4], color=INK)
    points = alt.Chart(_rows([dot._asdict() for dot in dots])).mark_point(filled=True, opacity=0.85, color=BLUE)
    scale = alt.Scale(domain=list(ends), nice=False, padding=12)
    places = {"x": alt.X("x:Q", title=x, scale=scale), "y": alt.Y("y:Q", title=y, scale=scale)}
    size = alt.Size("weight:Q", title="tasks", scale=alt.Scale(range=[30, 500]))
    drawn = (lines.encode(**places) + points.encode(**places, size=size)).properties(width=WIDTH, height=HEIGHT)
    seen = "; ".join(f"at {dot.x:g}: {dot.y:.2f} of {dot.weight:,.0f} tasks" for dot in dots)
    return svg(drawn, f"{y} by {x}. {seen}.")


def before_after(dots: Sequence[Dot], beyond: Sequence[bool | None], x: str, y: str) -> Markup:
    """Numbers of units on one side (x) and the other (y), beside the diagonal on which nothing moved.

    Args:
        dots: one for each unit, at least one.
        beyond: whether each moved by more than noise, which are drawn as diamonds; None where noise is not estimable.
        x: title of the axis.
        y: title of the other.
    """
    alt = _altair()
    seen = [number for dot in dots for number in (dot.x, dot.y)]
    ends = [min(seen), max(seen)]
    rows = [{"x": dot.x, "y": dot.y, "moved": MOVED[moved]} for dot, moved in zip(dots, beyond, strict=True)]
    scale = alt.Scale(domain=ends, nice=False, padding=12)
    places = {"x": alt.X("x:Q", title=x, scale=scale), "y": alt.Y("y:Q", title=y, scale=scale)}
    line = alt.Chart(_rows([{"x": end, "y": end} for end in ends])).mark_line(strokeDash=[4, 4], color=INK)
    names = [name for moved, name in MOVED.items() if moved in beyond]
    marks = {MOVED[True]: ("diamond", ORANGE), MOVED[False]: ("circle", BLUE), MOVED[None]: ("circle", BLUE)}
    legend = alt.Legend(orient="bottom", title=None, labelLimit=0)
    shape = alt.Shape("moved:N", scale=alt.Scale(domain=names, range=[marks[one][0] for one in names]), legend=legend)
    colour = alt.Color("moved:N", scale=alt.Scale(domain=names, range=[marks[one][1] for one in names]), legend=legend)
    points = alt.Chart(_rows(rows)).mark_point(filled=True, size=36, opacity=0.6, aria=False)
    drawn = (line.encode(**places) + points.encode(**places, shape=shape, color=colour)).properties(
        width=WIDTH, height=HEIGHT
    )
    above, under = sum(dot.y > dot.x for dot in dots), sum(dot.y < dot.x for dot in dots)
    counted = ", ".join(f"{list(beyond).count(moved)} {MOVED[moved]}" for moved in MOVED if moved in beyond)
    told = f"{len(dots)} points: {above} above the diagonal, {under} below it; {counted}"
    return svg(drawn, f"{y} over {x}, {told}.")


def bland_altman(dots: Sequence[Dot], lines: tuple[float, float, float], x: str, y: str) -> Markup:
    """Differences of two (y) over their mean (x), with the mean difference and the limits of agreement.

    Args:
        dots: one for each unit; areas are their sizes.
        lines: lower limit, mean difference, upper limit.
        x: title of the axis.
        y: title of the other.

    Source: Bland and Altman (1986), Lancet 327, 307-310.
    """
    alt = _altair()
    points = alt.Chart(_rows([dot._asdict() for dot in dots])).mark_point(filled=True, opacity=0.55, color=BLUE)
    encoded = points.encode(
        x=alt.X("x:Q", title=x),
        y=alt.Y("y:Q", title=y),
        size=alt.Size("weight:Q", scale=alt.Scale(range=[8, 90]), legend=None),
    )
    low, middle, high = lines
    rules = [{"y": low, "kind": "limits"}, {"y": middle, "kind": "mean"}, {"y": high, "kind": "limits"}]
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=["mean", "limits"], range=[[1, 0], [5, 4]]))
    ruled = alt.Chart(_rows(rules)).mark_rule(color=ORANGE, strokeWidth=1.6).encode(y="y:Q", strokeDash=dash)
    drawn = (encoded + ruled).properties(width=WIDTH, height=HEIGHT)
    return svg(drawn, f"{y} over {x}, {len(dots)} points: mean {middle:+.3f}, limits {low:+.3f} to {high:+.3f}.")


def spans(rows: Sequence[Span], title: str, bounds: tuple[float, float] | None = None) -> Markup:
    """Values with their intervals, one line each, around zero.

    Args:
        rows: in the order from above.
        title: of the axis.
        bounds: two further lines to look at the intervals by.
    """
    alt = _altair()
    order = [row.name for row in rows]
    named = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(grid=False))
    base = alt.Chart(_rows([row._asdict() for row in rows]))
    whiskers = base.transform_filter("datum.low != null").mark_rule(color=BLUE, strokeWidth=2)
    points = base.mark_point(filled=True, size=45, color=BLUE, opacity=1)
    layers = whiskers.encode(y=named, x=alt.X("low:Q", title=title), x2="high:Q") + points.encode(y=named, x="value:Q")
    marks = [{"x": 0.0}, *({"x": bound} for bound in bounds or ())]
    ruled = alt.Chart(_rows(marks)).mark_rule(color=ORANGE, strokeDash=[4, 4]).encode(x="x:Q")
    seen = "; ".join(f"{row.name} {row.value:+.3f}" for row in rows)
    return svg((ruled + layers).properties(width=WIDTH, height=alt.Step(17)), f"{title}. {seen}.")


def _altair() -> Any:  # noqa: ANN401 - a module
    import altair as alt  # noqa: PLC0415 - half a second that only those who draw should wait

    return alt


def _rows(values: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - see svg
    return _altair().Data(values=values)
