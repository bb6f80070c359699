import csv

import numpy as np
import pytest
from shared_data import SHARED, needs_shared

from scorer.domain.evaluation import Undefined
from scorer.statistics import LabelSample, census_mean, ppi_mean

BETA = {"E0": 0.0, "E2": 0.5, "E1": 1.0}
N, DRAWS = 400, 1000
FOUR_ERRORS = 4 * (0.95 * 0.05 / DRAWS) ** 0.5
"""Four binomial standard errors of a coverage of .95 over DRAWS draws: chance exceeds it once in 16,000 times."""


@pytest.fixture(scope="module")
def beta():
    with (SHARED / "data/labels/gpts_are_gpts/full_labelset.tsv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return tuple(np.array([BETA[row[c]] for row in rows]) for c in ("human_exposure_agg", "gpt4_exposure"))


@needs_shared
@pytest.mark.shared
def test_the_corrected_mean_of_the_published_labels_is_the_known_one(beta):
    """200 labels drawn with seed 0: point .29183, interval [.24912, .33453], as ppi-python 0.2.3 gives it."""
    human, rated = beta
    order = np.random.default_rng(0).permutation(len(human))
    first, others = order[:200], order[200:]
    found = ppi_mean(human[first], rated[first], rated[others])
    assert found.value == pytest.approx(0.29183, abs=1e-5)
    assert found.interval == pytest.approx((0.24912, 0.33453), abs=1e-5)
    classical = human[first].mean() + 1.959964 * np.array([-1, 1]) * human[first].std() / 200**0.5
    assert classical == pytest.approx([0.23117762, 0.32882238], abs=1e-7)


@needs_shared
@pytest.mark.shared
def test_corrected_intervals_of_the_published_labels_hold_the_human_mean(beta):
    """200 labels of 19,265, 300 draws: coverage is .95 within four binomial errors, and 200 labels count as 300."""
    human, rated = beta
    rng, covered, gain = np.random.default_rng(1), [], []
    for _ in range(300):
        places = rng.choice(len(human), 200, replace=False)
        sample = LabelSample(places, human[places], np.full(200, 200 / len(human)), np.zeros(200, dtype=int))
        low, high = census_mean(rated, np.ones(len(rated)), sample).interval
        covered.append(low <= human.mean() <= high)
        gain.append((2 * 1.96 * human[places].std() / 200**0.5 / (high - low)) ** 2)
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 300) ** 0.5)
    assert np.mean(gain) == pytest.approx(1.54, abs=0.1)


def stratified(rng, sizes, drawn):
    """Labels and ratings of one census of several strata, and a sampler of it."""
    strata = np.repeat(np.arange(len(sizes)), sizes)
    rated = np.clip(rng.normal(40 + 10 * strata, 20), 0, 100)
    labels = np.clip(0.7 * rated + 5 * strata + rng.normal(0, 12, len(strata)), 0, 100)
    weights = rng.uniform(0.5, 2, len(strata))

    def sample():
        places = np.concatenate(
            [rng.choice(np.flatnonzero(strata == h), n, replace=False) for h, n in enumerate(drawn)]
        )
        chance = np.array(drawn)[strata[places]] / np.array(sizes)[strata[places]]
        return LabelSample(places, labels[places], chance, strata[places])

    return rated, labels, weights, sample


@pytest.mark.parametrize(("sizes", "drawn"), [((250, 100, 50), (20, 20, 20)), ((40, 30, 30), (15, 20, 25))])
def test_a_stratified_sample_covers_the_census(sizes, drawn):
    """Unequal chances, few labels of many tasks and many of few: the mean of all labels lies within .95 of them."""
    rng = np.random.default_rng(sum(sizes))
    rated, labels, weights, sample = stratified(rng, sizes, drawn)
    truth = weights @ labels / weights.sum()
    found = [census_mean(rated, weights, sample()) for _ in range(DRAWS)]
    covered = np.mean([one.interval.low <= truth <= one.interval.high for one in found])
    assert covered == pytest.approx(0.95, abs=FOUR_ERRORS)
    error = np.std([one.value for one in found]) / DRAWS**0.5
    assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=4 * error + 0.1)


def test_ratings_that_say_nothing_do_no_harm():
    """With noise for ratings the correction leaves the mean of the labels, as wide as without ratings."""
    rng = np.random.default_rng(5)
    labels, noise = rng.normal(50, 10, 2000), rng.normal(0, 30, 2000)
    places = np.arange(300)
    sample = LabelSample(places, labels[:300], np.full(300, 0.15), np.zeros(300, dtype=int))
    found = census_mean(noise, np.ones(2000), sample)
    assert found.power_tuning < 0.1
    plain = 2 * 1.97 * labels[:300].std(ddof=1) / 300**0.5 * 0.85**0.5
    assert found.interval.high - found.interval.low == pytest.approx(plain, rel=0.02)


def test_where_everything_is_labelled_the_labels_decide():
    """All labelled: the mean label, without any width, whatever the ratings say."""
    labels = np.array([0.0, 25.0, 100.0])
    sample = LabelSample(np.arange(3), labels, np.ones(3), np.zeros(3, dtype=int))
    found = census_mean(np.array([50.0, 50.0, 0.0]), np.array([2.0, 1.0, 1.0]), sample)
    assert found.value == pytest.approx(31.25)
    assert found.interval == pytest.approx((31.25, 31.25))


def test_few_labels_correct_nothing():
    """Nine labels of many tasks are too few, none are none: each its own reason."""

    def asked(n):
        places = np.arange(n)
        return census_mean(np.ones(50), np.ones(50), LabelSample(places, np.ones(n), np.ones(n), places))

    assert asked(9) is Undefined.TOO_FEW_LABELS
    assert asked(0) is Undefined.NO_LABELS
