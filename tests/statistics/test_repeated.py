"""A rater beside itself: repeats, and equal texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorer.domain.evaluation import Undefined
from scorer.statistics import cluster_sums, estimate, icc, icc_sums, resample, same_answer, same_answer_sums

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
sheets = st.tuples(st.integers(3, 20), st.integers(2, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0]))
)


def of(matrix):
    return float(icc(icc_sums(matrix).sum(axis=0)))


def by_analysis_of_variance(matrix):
    """ICC(2,1) from the mean squares of a two-way table, as the textbook has it."""
    n, r = matrix.shape
    rows, columns, mean = matrix.mean(axis=1), matrix.mean(axis=0), matrix.mean()
    msr = r * ((rows - mean) ** 2).sum() / (n - 1)
    msc = n * ((columns - mean) ** 2).sum() / (r - 1)
    mse = ((matrix - rows[:, None] - columns[None, :] + mean) ** 2).sum() / ((n - 1) * (r - 1))
    return (msr - mse) / (msr + (r - 1) * mse + r * (msc - mse) / n)


def test_icc_is_the_worked_example_of_shrout_and_fleiss():
    """Six targets, four judges: ICC(2,1) is .29."""
    assert round(of(SHROUT_FLEISS), 2) == 0.29


@given(sheets)
@settings(max_examples=100, deadline=None)
def test_icc_from_sums_is_icc_from_mean_squares(matrix):
    """The sums that a bootstrap can draw give what the analysis of variance gives, wherever it exists."""
    ours = of(matrix)
    if not np.isnan(ours):
        assert ours == pytest.approx(by_analysis_of_variance(matrix), abs=1e-6)


def test_repeats_that_never_vary_have_no_icc():
    """One number only: undefined, not 1; repeats that are copies of each other have 1."""
    assert np.isnan(of(np.full((8, 3), 75.0)))
    assert of(np.repeat(np.arange(8.0)[:, None], 3, axis=1)) == pytest.approx(1)
    sums = icc_sums(np.full((20, 2), 50.0))
    assert estimate(sums, icc, resample(sums, 0), 20).value is Undefined.NO_VARIATION


def test_icc_has_an_interval_over_occupations():
    """Noisy repeats in forty occupations: the interval holds the value and stays below 1."""
    rng = np.random.default_rng(1)
    matrix = rng.normal(0, 1, (400, 1)) + rng.normal(0, 0.5, (400, 2))
    sums = cluster_sums(icc_sums(matrix), np.arange(400) // 10)
    value, (low, high) = estimate(sums, icc, resample(sums, 0), 400)
    assert low < value < high < 1
    assert value == pytest.approx(0.8, abs=0.05)


def test_equal_texts_are_counted_in_pairs():
    """Three of one text with answers a, a, b and two of another with c, c: two of four pairs agree."""
    sums = same_answer_sums(np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))
    assert sums.tolist() == [[1, 3], [1, 1]]
    assert float(same_answer(sums.sum(axis=0))) == 0.5
