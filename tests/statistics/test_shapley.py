"""Shapley's rule: parts that add up, and that are the planted ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.statistics import shapley


@given(st.lists(st.floats(-9, 9), min_size=8, max_size=8))
def test_the_parts_add_up_to_the_change(values):
    """Whatever the worth of each combination, the contributions sum to all minus none."""
    order = ("a", "b", "c")
    worth = {s: np.array([values[sum(2**i for i, f in enumerate(order) if f in s)]]) for s in _subsets(order)}
    parts = shapley(order, worth.__getitem__)
    assert sum(parts.values())[0] == pytest.approx(values[7] - values[0], abs=1e-9)


def test_the_glove_game_has_its_known_values():
    """Two left gloves and one right one: 1/6, 1/6, 2/3 (Shapley 1953)."""

    def worth(members):
        return np.array([1.0 if "right" in members and len(members) > 1 else 0.0])

    parts = shapley(("left", "other left", "right"), worth)
    assert [round(float(parts[name][0]), 9) for name in parts] == [
        round(1 / 6, 9),
        round(1 / 6, 9),
        round(2 / 3, 9),
    ]


def test_without_factors_there_are_no_parts():
    """Two sides that differ in nothing have nothing to divide."""
    assert shapley((), lambda _: np.zeros(2)) == {}


def _subsets(factors):
    return [frozenset(f for i, f in enumerate(factors) if number >> i & 1) for number in range(2 ** len(factors))]
