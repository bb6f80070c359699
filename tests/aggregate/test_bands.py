import numpy as np
import pytest
from aggregate_builders import COVERAGE, passes, score, task

from scorer.aggregate import Method, occupation_scores
from scorer.aggregate.bands import band, crossing
from scorer.aggregate.spread import Spread, between, detectable_differences

CUTS = {"low": 0.0, "moderate": 25.0, "high": 50.0}


def test_bands_are_read_off_unrounded_numbers():
    """49.9996 is not 50; 50 computed as 49.9999999999 is."""
    assert [band(x, CUTS) for x in (-1.0, 0.0, 24.99, 49.9996, 50 - 1e-12, 100.0)] == [
        "low", "low", "low", "moderate", "high", "high",
    ]  # fmt: skip
    assert band(50.0, {}) is None


def test_an_interval_over_a_cut_off_is_said():
    """From low to high is a remark; within one band there is none."""
    assert crossing(20.0, 60.0, CUTS) == ("the interval crosses a cut-off: it reaches from `low` to `high`",)
    assert crossing(26.0, 49.0, CUTS) == ()


def test_an_occupation_says_its_band_and_what_its_interval_crosses():
    """Raters at 20, 30 and 40 make `moderate`, with an interval that reaches further."""
    tasks = [task(str(i)) for i in range(5)]
    scores = [score(i, 20.0 + 10 * j, f"m{j}") for j in range(3) for i in range(5)]
    rows = occupation_scores(
        tasks, scores, COVERAGE, passes("panel", "m0", "m1", "m2"), Method(bands={"coverage": CUTS})
    )
    (row,) = (row for row in rows if row.rater == "panel")
    assert row.band == "moderate"
    assert row.reasons[-1] == "the interval crosses a cut-off: it reaches from `low` to `high`"


def test_what_raters_share_does_not_hide_a_difference():
    """A rater who is high everywhere widens the intervals and leaves differences as detectable as before."""
    rng = np.random.default_rng(0)
    cells, generous = rng.normal(0, 5, (6, 20, 4)), rng.normal(0, 30, 4)
    units = list("abcd")
    apart = [[between(x + shift, np.ones(20), units, 0.8) for x in cells] for shift in (0.0, generous)]
    assert detectable_differences(apart[0]) == pytest.approx(detectable_differences(apart[1]))
    assert apart[1][0].half_width > 3 * apart[0][0].half_width


def test_the_detectable_difference_is_found_four_times_in_five():
    """Two occupations that far apart, five raters: a paired t test at 5 % finds it in 80 % of 4,000 draws."""
    sd, k, draws = 4.0, 5, 4000
    loadings = [np.full(k, 0.0), np.full(k, 0.0)]
    loadings[0][0] = loadings[1][1] = sd / (2 * k) ** 0.5
    spreads = [Spread(1.0, k - 1, loading, tuple("abcde")) for loading in loadings]
    needed = detectable_differences(spreads)[0]
    found = np.random.default_rng(1).normal(needed, sd, (draws, k))
    t = found.mean(axis=1) / (found.std(axis=1, ddof=1) / k**0.5)
    assert (np.abs(t) > 2.776445).mean() == pytest.approx(0.8, abs=4 * (0.8 * 0.2 / draws) ** 0.5)


def test_one_row_has_nothing_to_differ_from():
    """A single occupation has no detectable difference."""
    assert np.isnan(detectable_differences([Spread(1.0, 2, np.array([1.0]))])).all()
