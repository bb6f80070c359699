"""Numbers as the gate's reasons write them."""

import pytest

from eval.finding import short, signed


@pytest.mark.parametrize(
    ("value", "text"), [(0.634, ".63"), (-0.25, "-.25"), (1.0, "1.00"), (10.5, "10.50"), (-0.001, ".00"), (0.0, ".00")]
)
def test_a_coefficient_loses_the_zero_before_the_point_and_no_other(value, text):
    """Ten and a half stays what it is, and a rounded nought has no sign."""
    assert short(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.04, "+.040"), (-20.1, "-20.100"), (-0.0001, "+.000")])
def test_a_difference_has_its_sign(value, text):
    """Three decimals; a difference that rounds to nothing counts as positive."""
    assert signed(value) == text
