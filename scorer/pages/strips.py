"""A strip chart: one tick a case, one line an option, one block a choice; where the ticks lie shows what matters."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from scorer.pages.charts import COLOURS, svg

WIDTH = 460


def strips(rows: Sequence[Mapping[str, str | float]], title: str, described: str) -> Markup:
    """Draw the strips.

    Args:
        rows: `choice` (the block), `option` (the line) and `value` (0 to 1, drawn as percent) of each tick.
        title: of the axis of values.
        described: what the chart shows, in a sentence.
    """
    import altair as alt  # noqa: PLC0415 - half a second that only those who draw should wait

    chart = (
        alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))
        .mark_tick(color=COLOURS[0], opacity=0.5, thickness=1.5)
        .encode(
            x=alt.X("value:Q", title=title, axis=alt.Axis(format=".0%")),
            y=alt.Y("option:N", title=None, sort="ascending"),
        )
        .properties(width=WIDTH)
        .facet(row=alt.Row("choice:N", title=None, sort=None, header=alt.Header(labelColor="#767676")))
        .resolve_scale(y="independent")
    )
    return svg(chart, described)
