"""Many raters, one number: the rules of the reducers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorer.errors import ConfigurationError
from scorer.statistics import reduce, spread

NAN = np.nan
MATRIX = np.array([[0.0, 25.0, 50.0], [100.0, NAN, 100.0], [NAN, NAN, NAN], [NAN, 75.0, NAN], [50.0, 0.0, NAN]])


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("mean", [25, 100, NAN, 75, 25]),
        ("median", [25, 100, NAN, 75, 25]),
        ("mode", [0, 100, NAN, 75, 0]),
    ],
)
def test_each_reducer_uses_the_answers_that_are_there(how, expected):
    """Missing answers are left out; nobody's answer is NaN; tied modes go to the lowest."""
    assert np.array_equal(reduce(MATRIX, how), expected, equal_nan=True)


def test_spread_is_the_widest_distance_between_raters():
    """Highest minus lowest: 0 for one answer, NaN for none."""
    assert np.array_equal(spread(MATRIX), [50, 0, NAN, 0, 50], equal_nan=True)


def test_no_raters_is_no_answer():
    """A matrix without columns has NaN for every task."""
    assert np.isnan(reduce(np.empty((3, 0)))).all()
    assert np.isnan(spread(np.empty((3, 0)))).all()


def test_an_unknown_reducer_is_named_with_the_known_ones():
    """The error says which reducers exist."""
    with pytest.raises(ConfigurationError, match=r"`average`.*`mean`, `median`, `mode`"):
        reduce(MATRIX, "average")


@given(arrays(np.float64, (5, 4), elements=st.sampled_from([0.1, 0.25, 0.5, 0.7, NAN])), st.permutations(range(4)))
def test_the_order_of_raters_never_matters(matrix, order):
    """Every reducer gives the same, to the last bit, for any order of the columns."""
    for how in ("mean", "median", "mode"):
        assert np.array_equal(reduce(matrix, how), reduce(matrix[:, order], how), equal_nan=True)
