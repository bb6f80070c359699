"""Simulations of raters with a bias of their own and errors on each task: do the intervals hold what they say?"""

import numpy as np
import pytest

from scorer.aggregate.spread import Spread, between, draw_errors, rank_intervals, within_repeats

WEIGHTS = np.array([2.0] * 14 + [1.0] * 6)
DRAWS = 2000


def covered(spread, estimate, truth):
    assert isinstance(spread, Spread)
    return abs(estimate - truth) <= spread.half_width


@pytest.mark.parametrize("k", [3, 5])
def test_the_interval_over_raters_covers_the_mean_of_all_raters(k):
    """In about 95 % of draws of 3 or 5 raters the mean over the population of raters lies in the interval."""
    rng = np.random.default_rng(k)
    units = [str(j) for j in range(k)]
    hits = 0
    for _ in range(DRAWS):
        scores = 50 + rng.normal(0, 8, k) + rng.normal(0, 15, (20, k))
        estimate = WEIGHTS @ scores.mean(axis=1) / WEIGHTS.sum()
        hits += covered(between(scores, WEIGHTS, units, 0.8), estimate, 50)
    assert hits / DRAWS == pytest.approx(0.95, abs=0.02)


def test_the_interval_over_repeats_covers_the_raters_own_mean():
    """In about 95 % of draws of three repeats the rater's long-run number lies in the interval."""
    rng = np.random.default_rng(0)
    own = rng.uniform(0, 100, 20)
    truth = WEIGHTS @ own / WEIGHTS.sum()
    hits = 0
    for _ in range(DRAWS):
        repeats = own[:, None] + rng.normal(0, 10, (20, 3))
        spread = within_repeats(WEIGHTS, repeats.std(axis=1, ddof=1), np.full(20, 3))
        hits += covered(spread, WEIGHTS @ repeats.mean(axis=1) / WEIGHTS.sum(), truth)
    assert hits / DRAWS == pytest.approx(0.95, abs=0.02)


def test_tasks_taken_as_independent_would_be_too_narrow():
    """Raters that err together over tasks: adding task variances would miss what the interval over raters holds."""
    rng = np.random.default_rng(1)
    scores = 50 + rng.normal(0, 8, 3) + rng.normal(0, 5, (20, 3))
    over_raters = between(scores, WEIGHTS, ["a", "b", "c"], 0.8)
    over_tasks = within_repeats(WEIGHTS, scores.std(axis=1, ddof=1), np.full(20, 3))
    assert over_raters.half_width > 1.6 * over_tasks.half_width


def test_drawn_errors_are_as_wide_as_the_intervals():
    """Of simulated errors 95 % lie within the half-width that the t distribution gives, for raters and for repeats."""
    rng = np.random.default_rng(3)
    over_raters = between(50 + rng.normal(0, 8, (20, 4)), WEIGHTS, list("abcd"), 0.8)
    over_repeats = within_repeats(WEIGHTS, np.full(20, 9.0), np.full(20, 2))
    spreads = [over_raters, over_repeats]
    within = np.abs(draw_errors(spreads, 20_000, seed=0)) <= [spread.half_width for spread in spreads]
    assert within.mean(axis=0) == pytest.approx([0.95, 0.95], abs=0.005)


def test_rank_intervals_hold_the_true_rank():
    """Twelve occupations, three raters: the true rank lies in the rank interval in at least 93 % of cases."""
    rng = np.random.default_rng(2)
    truth = np.linspace(30, 63, 12)
    rank = np.arange(12, 0, -1)
    hits = []
    for seed in range(100):
        raters = truth[:, None] + rng.normal(0, 8, 3) + rng.normal(0, 5, (12, 3))
        spreads = [between(row[None, :], np.ones(1), ["a", "b", "c"], 0.8) for row in raters]
        limits = rank_intervals(raters.mean(axis=1), spreads, 500, seed)
        hits += [low <= true <= high for (low, high), true in zip(limits, rank, strict=True)]
    assert np.mean(hits) >= 0.93
