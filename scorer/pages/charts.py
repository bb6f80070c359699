"""Charts as SVG: drawn by Altair, turned into SVG on this machine, readable without a script.

The door to altair and vl-convert. Colours work on light and dark paper and for colour-blind readers (Okabe and Ito
2008).
"""

from typing import Any

from markupsafe import Markup, escape

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
INK = "#767676"
"""Text and axes: legible (contrast 4.5) on white and on near-black."""


def svg(chart: Any, described: str) -> Markup:  # noqa: ANN401 - altair's chart classes have no common one to name
    """A chart as inline SVG.

    Args:
        chart: an Altair chart.
        described: what the chart shows, in a sentence: for readers who cannot see it.
    """
    import vl_convert  # noqa: PLC0415 - half a second that only those who draw should wait

    told = chart.to_dict(validate=False)  # half of the time, to find mistakes that are ours alone
    drawn: str = vl_convert.vegalite_to_svg(_themed(told))
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(described)}" ', 1))  # noqa: S704 - Vega escapes texts


def _themed(specification: dict[str, Any]) -> dict[str, Any]:
    """The look of every chart: no background, quiet axes, our colours."""
    axis = {
        "gridColor": INK,
        "gridOpacity": 0.25,
        "domainColor": INK,
        "tickColor": INK,
        "labelColor": INK,
        "titleColor": INK,
    }
    look = {
        "background": None,
        "font": "system-ui, sans-serif",
        "axis": axis,
        "legend": {"labelColor": INK, "titleColor": INK},
        "title": {"color": INK},
        "view": {"stroke": None},
        "range": {"category": list(COLOURS)},
    }
    return {**specification, "config": {**look, **specification.get("config", {}), **look}}
