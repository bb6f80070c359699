"""The pages' common ground: nothing unescaped, nothing invisible, nothing made up for what is missing."""

import altair as alt
import pytest
from jinja2 import UndefinedError

from scorer.pages import interval, number, page_environment, percent, svg, usd, when

HOSTILE = '<script>alert("x")</script>\u202e\x1b[2J'


def rendered(source, **shown):
    return page_environment().from_string(source).render(shown)


def test_text_from_outside_is_escaped_and_spelled_out():
    """Markup, bidi and control characters of a task are shown and do nothing."""
    page = rendered("{{ text }}", text=HOSTILE)
    assert page == "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;\\u202e\\x1b[2J"


def test_a_text_of_a_megabyte_is_cut_and_says_so():
    """A page stays small; what was left out is counted."""
    page = rendered("{{ text }}", text="x" * 1_000_000)
    assert len(page) < 21_000
    assert "980,000 more characters" in page


def test_a_missing_name_is_an_error():
    """A template that names what nobody handed it does not print an empty place."""
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")


def test_what_does_not_exist_is_a_dash():
    """No number, share, amount, interval or time is made up."""
    assert {number(None), percent(None), usd(None), interval(None, 1.0), when(None)} == {"—"}


def test_numbers_are_written_for_people():
    """Thousands are grouped, digits are stated, shares are percent."""
    assert (number(1234.5), percent(0.374), usd(61480), interval(0.1, 0.25)) == (
        "1,234.50",
        "37 %",
        "$61,480",
        "[0.10, 0.25]",
    )


def test_a_bar_without_a_score_is_an_empty_rail():
    """A held score draws nothing, not a bar of length 0."""
    source = '{% from "macros.html" import bar %}{{ bar(score, label="held") }}'
    assert "bar-fill" not in rendered(source, score=None)
    assert 'class="bar-fill" width="40.00"' in rendered(source, score=40.0)


def test_a_chart_is_svg_with_a_description_and_without_a_script():
    """A chart can be read with no script, in the dark and by a screen reader; hostile labels stay text."""
    rows = alt.Data(values=[{"who": "<script>a</script>", "value": 3}])
    drawn = svg(alt.Chart(rows).mark_bar().encode(x="value:Q", y="who:N"), 'Bars of "value"')
    assert drawn.startswith('<svg role="img" aria-label="Bars of &#34;value&#34;"')
    assert "<script" not in drawn
    assert 'fill="white"' not in drawn.split(">")[1]


def test_base_page_is_one_file():
    """The base page holds its style and asks no other host for anything."""
    page = page_environment().get_template("base.html").render()
    assert "--paper" in page
    assert "http" not in page.replace("http-equiv", "")
