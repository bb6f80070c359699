"""Shapley's division of a change among the factors that made it."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb

from scorer.statistics.stacks import FloatArray

Worth = Callable[[frozenset[str]], FloatArray]


def shapley(factors: Sequence[str], worth: Worth) -> dict[str, FloatArray]:
    """What each factor contributes, averaged over all orders in which the factors can be switched.

    Args:
        factors: their names, n of them; 2**n evaluations of `worth` are made.
        worth: the value when just these factors are switched from the first side to the second, shape (m,).

    Returns:
        Contribution of each factor, shape (m,); they add up to worth(all) - worth(none).

    Source: Shapley (1953), A value for n-person games, eq. 12; as a decomposition of change: Shorrocks (2013), eq. 8.
    """
    known = {subset: worth(subset) for subset in _subsets(factors)}
    return {factor: _contribution(factor, factors, known) for factor in factors}


def _contribution(factor: str, factors: Sequence[str], known: dict[frozenset[str], FloatArray]) -> FloatArray:
    others = [one for one in factors if one != factor]
    total = 0 * known[frozenset()]
    for subset in _subsets(others):
        weight = 1 / (len(factors) * comb(len(others), len(subset)))
        total = total + weight * (known[subset | {factor}] - known[subset])
    return total


def _subsets(factors: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(factors) + 1) for some in combinations(factors, size)]
