"""The diagrams of agreement say in words what they draw, and draw without colour or script."""

import re
from datetime import UTC, datetime, timedelta

from scorer.pages import Dot, Span, Stretch, bland_altman, reliability, spans, timeline


def described(drawn):
    return re.search(r'aria-label="([^"]*)"', drawn)[1]


def test_a_reliability_diagram_says_each_of_its_points():
    """Who cannot see it reads each point with its number of tasks."""
    drawn = reliability([Dot(0, 4.5, 120), Dot(50, 41.25, 30)], "rater says", "labels say", (0, 100))
    assert described(drawn) == "labels say by rater says. at 0: 4.50 of 120 tasks; at 50: 41.25 of 30 tasks."
    assert "<script" not in drawn


def test_a_bland_altman_plot_says_its_lines():
    """Mean difference and limits stand in the description."""
    drawn = bland_altman([Dot(1, 0.5), Dot(2, -0.5)], (-1.4, 0.0, 1.4), "mean", "difference")
    assert "2 points: mean +0.000, limits -1.400 to +1.400" in described(drawn)


def test_spans_show_a_value_without_an_interval_as_a_point():
    """Where there is no interval no whisker is drawn, and hostile names stay text."""
    drawn = spans([Span("soc:15", 0.1, 0.05, 0.15), Span("<script>", -0.2)], "bias", (-0.1, 0.1))
    assert "soc:15 +0.100" in described(drawn)
    assert "<script" not in drawn
    assert len(re.findall(r'aria-roledescription="rule"|role="graphics-symbol"', drawn)) >= 2


def test_a_timeline_says_what_was_in_use_when():
    """Each stretch is told with its ends in UTC; a name from outside stays text, and one moment is drawn, too."""
    monday = datetime(2026, 11, 2, 8, tzinfo=UTC)
    before = Stretch("judge", "model-1", monday, monday + timedelta(days=2), 1_200)
    after = Stretch("judge", "<b>", monday + timedelta(days=3), monday + timedelta(days=3), 1)
    drawn = timeline([before, after], "answers")
    assert "judge as model-1, 1,200 answers from 2026-11-02 08:00 UTC to 2026-11-04 08:00 UTC" in described(drawn)
    assert "<b>" not in drawn
    assert "style=" not in drawn
