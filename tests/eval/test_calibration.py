"""Calibration is out of sample, by occupation, in any order; and finds nothing where there is nothing."""

from itertools import pairwise

import numpy as np
import pytest

from eval.calibration import MIN_LABELLED, Method, cross_fit
from scorer.errors import LabelError
from scorer.statistics import cohen_kappa

K = 3
PRIOR = np.array([0.53, 0.32, 0.15])


def drawn(seed, n=200, per_occupation=2):
    """Tasks with a latent trait: three readings that show it with noise, and the category by its quantiles."""
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=n)
    readings = np.column_stack([0.7 * trait, -0.5 * trait, 0 * trait]) + rng.normal(size=(n, 3))
    categories = np.searchsorted(np.quantile(trait, np.cumsum(PRIOR)[:-1]), trait)
    occupations = np.array([f"{i // per_occupation:04d}" for i in range(n)])
    return 3 * readings + 5, categories, occupations


def kappa(first, second):
    table = np.zeros((K, K))
    np.add.at(table, (first, second), 1)
    return cohen_kappa(table)


def test_readings_that_tell_something_make_categories_that_agree():
    """Fitted on 100 labels, the other 100 tasks agree far beyond chance, on average over 12 draws."""
    found = []
    for seed in range(12):
        readings, categories, occupations = drawn(seed)
        shares = np.eye(K)[categories]
        shares[100:] = 0
        calibrated = cross_fit(readings, shares, occupations)
        found.append(kappa(calibrated.categories[100:], categories[100:]))
    assert np.mean(found) > 0.25


def test_permuted_labels_agree_with_nothing():
    """Labels dealt out at random leave kappa about 0 on the very tasks that were fitted on: nothing leaks."""
    found = []
    for seed in range(25):
        readings, categories, occupations = drawn(seed, n=120)
        shuffled = np.random.default_rng(1000 + seed).permutation(categories)
        found.append(kappa(cross_fit(readings, np.eye(K)[shuffled], occupations).categories, shuffled))
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found)) + 0.01


def test_memory_of_an_occupation_is_worth_nothing():
    """A reading that names the occupation, where labels go by occupation, would score 1 in sample and scores 0 here."""
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        occupations = np.repeat(np.arange(30), 4)
        categories = rng.choice(K, size=30)[occupations]
        calibrated = cross_fit(np.eye(30)[occupations], np.eye(K)[categories], occupations.astype(str))
        found.append(kappa(calibrated.categories, categories))
    assert np.mean(found) < 0.05


def test_a_label_moves_no_answer_of_its_own_occupation():
    """Changing every label of one occupation leaves the probabilities of all its tasks as they were, to the bit."""
    readings, categories, occupations = drawn(1, per_occupation=4)
    shares = np.eye(K)[categories]
    shares[2::4] = 0  # unlabelled tasks of labelled occupations
    changed = shares.copy()
    mine = occupations == "0007"
    changed[mine] = np.where(shares[mine].any(axis=1)[:, None], np.roll(shares[mine], 1, axis=1), 0)
    before, after = (cross_fit(readings, one, occupations) for one in (shares, changed))
    assert np.array_equal(before.probabilities[mine], after.probabilities[mine])
    assert np.array_equal(before.categories[mine], after.categories[mine])
    assert not np.array_equal(before.probabilities[~mine], after.probabilities[~mine])


def test_the_order_of_the_tasks_is_nothing():
    """Rows in another order give the same answers in that order."""
    readings, categories, occupations = drawn(2)
    shares = np.eye(K)[categories]
    order = np.random.default_rng(0).permutation(len(shares))
    straight = cross_fit(readings, shares, occupations)
    mixed = cross_fit(readings[order], shares[order], occupations[order])
    assert np.allclose(mixed.probabilities, straight.probabilities[order], atol=1e-6)


def test_categories_come_as_often_as_in_the_labels():
    """The rare category is not left out: each share is within a tenth of the labels', where the likeliest never is."""
    readings, categories, occupations = drawn(3, n=400)
    calibrated = cross_fit(readings, np.eye(K)[categories], occupations)
    shares = np.bincount(calibrated.categories, minlength=K) / 400
    assert np.abs(shares - PRIOR).max() < 0.1
    assert (calibrated.probabilities.argmax(axis=1) == K - 1).mean() < 0.6 * PRIOR[-1]


def test_probabilities_are_probabilities_and_none_is_nothing():
    """Rows sum to 1, and a category that no label names stays possible, though improbable and never chosen."""
    readings, categories, occupations = drawn(4)
    shares = np.hstack([np.eye(K)[categories], np.zeros((len(categories), 1))])
    calibrated = cross_fit(readings, shares, occupations)
    probabilities = calibrated.probabilities
    assert set(calibrated.categories) == set(range(K))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities > 0).all()
    assert probabilities[:, K].max() < 0.1


def test_a_reading_that_never_varies_does_no_harm():
    """A constant column has no slope to give and breaks nothing."""
    readings, categories, occupations = drawn(5)
    shares = np.eye(K)[categories]
    constant = np.column_stack([readings, np.full(len(readings), 7.0)])
    with_it, without = (cross_fit(one, shares, occupations).probabilities for one in (constant, readings))
    assert np.allclose(with_it, without, atol=1e-6)


def test_the_scale_of_a_reading_is_nothing():
    """Readings are standardised: a thousandfold unit gives the same answers."""
    readings, categories, occupations = drawn(6)
    first, second = (cross_fit(one, np.eye(K)[categories], occupations) for one in (readings, 1000 * readings - 3))
    assert np.allclose(first.probabilities, second.probabilities, atol=1e-6)


def test_two_labellers_who_differ_count_half_each():
    """A task that was labelled twice has the weight of one task."""
    readings, categories, occupations = drawn(7)
    half = 0.5 * np.eye(K)[categories] + 0.5 * np.eye(K)[np.minimum(categories + 1, K - 1)]
    expected = cross_fit(readings, half, occupations).probabilities @ np.arange(K)
    sure = cross_fit(readings, np.eye(K)[categories], occupations).probabilities @ np.arange(K)
    assert sure.mean() < expected.mean() < sure.mean() + 0.5


@pytest.mark.parametrize("seed", range(3))
def test_the_model_is_the_logistic_it_says(seed):
    """Without penalty, slopes of simulated proportional odds come back (McCullagh 1980): more trait, more category."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(3000, 1))
    categories = (x[:, 0] * 1.5 + rng.logistic(size=3000) > np.array([[-0.5], [1.0]])).sum(axis=0)
    probabilities = cross_fit(x, np.eye(K)[categories], np.arange(3000).astype(str), Method(penalty=1e-6)).probabilities
    truth = 1 / (1 + np.exp(-(1.5 * x[:, 0] - 1.0)))
    assert np.abs(probabilities[:, 2] - truth).mean() < 0.03
    by_trait = probabilities[np.argsort(x[:, 0]), 2]
    assert np.mean([later >= earlier for earlier, later in pairwise(by_trait[::60])]) > 0.95


@pytest.mark.parametrize(
    ("n", "occupations", "categories", "told"),
    [
        (MIN_LABELLED - 1, 20, 3, f"needs {MIN_LABELLED} tasks"),
        (60, 4, 3, "60 labelled tasks of 4 occupations"),
        (60, 20, 1, "all labels say the same category"),
    ],
)
def test_too_little_is_refused_with_what_is_needed(n, occupations, categories, told):
    """Too few tasks, too few occupations or one category: a LabelError says so, and nothing is fitted."""
    shares = np.zeros((n, K))
    shares[np.arange(n), np.arange(n) % categories] = 1
    with pytest.raises(LabelError, match=told):
        cross_fit(np.ones((n, 2)), shares, (np.arange(n) % occupations).astype(str))
