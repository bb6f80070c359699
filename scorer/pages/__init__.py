"""Pages for people: one style sheet, one set of macros, one way to write a number and to draw a chart.

Every page of the project (demo, evaluation report, comparison, web application, static site) is rendered here, so that
they look alike and none forgets to escape. Templates of other rooms extend `base.html`.
"""

from scorer.pages.charts import svg
from scorer.pages.diagrams import Dot, Span, before_after, bland_altman, reliability, spans
from scorer.pages.environment import page_environment, style_sheet
from scorer.pages.numbers import interval, number, percent, usd, when
from scorer.pages.strips import strips
from scorer.pages.timelines import Stretch, in_words, timeline

__all__ = [
    "Dot",
    "Span",
    "Stretch",
    "before_after",
    "bland_altman",
    "in_words",
    "interval",
    "number",
    "page_environment",
    "percent",
    "reliability",
    "spans",
    "strips",
    "style_sheet",
    "svg",
    "timeline",
    "usd",
    "when",
]
