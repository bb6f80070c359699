"""Intervals: what they cover, when they are refused, and that they do not depend on anything they should not."""

from functools import partial

import numpy as np
import pytest
from scipy import stats as scipy_stats

from scorer.domain.evaluation import Undefined
from scorer.statistics import (
    cluster_sums,
    discoveries,
    estimate,
    outside_p_value,
    percentile_interval,
    resample,
    stacks,
    t_interval,
)

NUMBERS = np.array([0.0, 0.5, 1.0])
KAPPA = partial(stacks.kappa, weights=stacks.kappa_weights(3, "nominal"))
BIAS = partial(stacks.bias, numbers=NUMBERS)


def clustered_tables(rng, clusters, size=12):
    """Two columns whose agreement and bias differ between clusters: one table a cluster, (clusters, 3, 3)."""
    truth = rng.choice(3, p=[0.5, 0.3, 0.2], size=(clusters, size))
    careless = rng.beta(2, 3, size=(clusters, 1))
    guess = rng.choice(3, p=[0.2, 0.3, 0.5], size=(clusters, size))
    answer = np.where(rng.random((clusters, size)) < careless, guess, truth)
    pairs = np.eye(3)[truth][..., :, None] * np.eye(3)[answer][..., None, :]
    return pairs.sum(axis=1)


def test_sums_by_cluster_are_the_sums_of_the_rows():
    """Rows in any order add up to the table of their cluster; clusters that do not occur are absent."""
    values = np.arange(24, dtype=float).reshape(6, 2, 2)
    clusters = np.array([7, 2, 7, 2, 2, 9])
    sums = cluster_sums(values, clusters)
    assert sums.shape == (3, 2, 2)
    assert (sums[0] == values[[1, 3, 4]].sum(axis=0)).all()
    assert (sums[1] == values[[0, 2]].sum(axis=0)).all()


def test_a_resample_draws_as_many_clusters_as_there_are():
    """With clusters of one size, every draw has the size of the whole, and draws average to the whole."""
    sums = clustered_tables(np.random.default_rng(1), 40)
    draws = resample(sums, seed=5)
    assert (draws.sum(axis=(1, 2)) == sums.sum()).all()
    assert np.allclose(draws.mean(axis=0), sums.sum(axis=0), rtol=0.05)
    assert (draws == resample(sums, seed=5)).all()


def test_few_clusters_give_a_value_without_an_interval():
    """Nine occupations say too little about how occupations differ: the value stands, the interval is refused."""
    sums = clustered_tables(np.random.default_rng(2), 9)
    kappa = estimate(sums, KAPPA, resample(sums, seed=0))
    assert 0 < kappa.value < 1
    assert kappa.interval is Undefined.TOO_FEW_CLUSTERS


def test_a_statistic_that_is_often_undefined_has_no_interval():
    """Variation in one cluster of twelve is absent from a third of the draws: no interval, and the reason."""
    sums = np.zeros((12, 3, 3))
    sums[:, 0, 0] = 5
    sums[0, 1, 1] = 1
    kappa = estimate(sums, KAPPA, resample(sums, seed=0))
    assert kappa.value == 1
    assert kappa.interval is Undefined.UNSTABLE


def test_an_undefined_value_has_no_interval_either():
    """Where the coefficient does not exist, value and interval give the same reason."""
    sums = np.zeros((12, 3, 3))
    sums[:, 0, 0] = 5
    assert estimate(sums, KAPPA, resample(sums, seed=0)) == (Undefined.NO_VARIATION, Undefined.NO_VARIATION)


def test_percentiles_leave_rare_undefined_draws_out():
    """Draws without a value are left out while they are few, and refuse the interval when they are many."""
    values = np.arange(101, dtype=float)
    values[:5] = np.nan
    assert percentile_interval(values) == pytest.approx((5 + 95 * 0.025, 100 - 95 * 0.025))
    values[:6] = np.nan
    assert percentile_interval(values) is Undefined.UNSTABLE


def test_the_cluster_interval_covers_the_truth_about_as_often_as_it_says():
    """Over 200 simulated data sets of 40 unequal clusters, 95 % intervals of kappa and bias cover 90 to 99 %."""
    rng = np.random.default_rng(20)
    everybody = clustered_tables(rng, 40_000).sum(axis=0)
    for name, metric in (("kappa", KAPPA), ("bias", BIAS)):
        truth, hits = float(metric(everybody)), 0
        for seed in range(200):
            sums = clustered_tables(rng, 40)
            low, high = estimate(sums, metric, resample(sums, seed, draws=500)).interval
            hits += low <= truth <= high
        print(f"coverage of the 95 % cluster-bootstrap interval of {name}: {hits / 200:.3f}")  # noqa: T201 - for the log
        assert 0.90 <= hits / 200 <= 0.99


def test_the_p_value_inverts_the_interval():
    """Below .05 only where the 95 % interval lies wholly outside the bounds; surely so where the 96 % interval does."""
    rng = np.random.default_rng(4)
    for centre in np.linspace(-0.3, 0.3, 25):
        draws = rng.normal(centre, 0.05, 2000)
        significant = outside_p_value(draws, 0.1) < 0.05
        assert percentile_interval(draws).wholly_outside(0.1) >= significant
        assert significant >= percentile_interval(draws, confidence=0.96).wholly_outside(0.1)


def test_discoveries_are_those_of_scipy():
    """Benjamini and Hochberg's procedure rejects what scipy's adjusted p-values reject, in the order given."""
    rng = np.random.default_rng(6)
    for _ in range(50):
        p_values = rng.beta(0.4, 2, size=rng.integers(1, 30))
        theirs = scipy_stats.false_discovery_control(p_values, method="bh") <= 0.05
        assert discoveries(p_values, 0.05) == theirs.tolist()
    assert discoveries(np.array([]), 0.05) == []


def test_the_t_interval_is_the_textbook_one():
    """Scores 1, 2, 3: mean 2, sd 1, t(2) = 4.3027, so 2 -+ 2.4841; a rater without a score is left out."""
    assert t_interval(np.array([1.0, 2.0, 3.0])) == pytest.approx((-0.4841, 4.4841), abs=1e-4)
    assert t_interval(np.array([1.0, np.nan, 2.0, 3.0])) == t_interval(np.array([1.0, 2.0, 3.0]))


def test_two_raters_have_no_interval_over_raters():
    """Below three raters the spread of raters is not estimable."""
    assert t_interval(np.array([1.0, 2.0])) is Undefined.NO_SPREAD
    assert t_interval(np.array([1.0, 2.0, np.nan])) is Undefined.NO_SPREAD
