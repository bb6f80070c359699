"""What endpoints say of their limits in headers, in the shapes that they are known to use."""

import pytest

from scorer.domain.allowance import Allowance
from scorer.providers.allowance import allowance, seconds


def said(limit, remaining, reset, what="requests"):
    return {
        f"x-ratelimit-limit-{what}": limit,
        f"x-ratelimit-remaining-{what}": remaining,
        f"x-ratelimit-reset-{what}": reset,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20ms", 0.02), ("1s", 1.0), ("6m0s", 360.0), ("2m59.56s", 179.56), ("1h2m", 3720.0), ("1.5", 1.5)],
)
def test_durations_are_read_as_endpoints_write_them(text, expected):
    """Milliseconds, seconds, minutes and hours, alone or together."""
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", None, "soon", "5 apples", "-3s", "2026-01-01"])
def test_what_is_no_duration_is_none(text):
    """Anything else is not guessed at."""
    assert seconds(text) is None


def test_a_limit_a_minute_is_a_pace():
    """5,000 requests of which one is used and back in 12 ms are 5,000 a minute; tokens likewise."""
    headers = said("5000", "4999", "12ms") | said("2000000", "1998000", "60ms", "tokens")
    assert allowance(headers) == Allowance(5000.0, 2_000_000.0)


def test_a_limit_a_day_is_no_pace():
    """200 requests of which one is back in 7m12s are 200 a day: pacing by that would be one in seven minutes."""
    assert allowance(said("200", "199", "7m12s") | said("6000", "5900", "1s", "tokens")) == Allowance(None, 6000.0)


@pytest.mark.parametrize("headers", [{}, said("many", "0", "1s"), said("0", "0", "1s"), said("²", "1", "1s")])
def test_an_endpoint_that_says_nothing_usable_has_said_nothing(headers):
    """Missing, worded or zero limits are none."""
    assert allowance(headers) is None


def test_a_limit_without_the_rest_is_taken_for_one_a_minute():
    """Some endpoints state the limit alone."""
    assert allowance({"x-ratelimit-limit-requests": "60"}) == Allowance(60.0, None)
