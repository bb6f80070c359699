"""The coefficients against other people's code and against what must hold for any table."""

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as scipy_stats
from sklearn.metrics import cohen_kappa_score

from scorer.domain.evaluation import Undefined
from scorer.domain.rubric import Level
from scorer.statistics import (
    bias,
    cohen_kappa,
    crosstab,
    gwet_ac1,
    krippendorff_alpha,
    mae,
    pearson,
    raw_agreement,
    spearman,
    stacks,
)

K = 4
NUMBERS = np.array([0.0, 0.25, 0.5, 1.0])

columns = st.integers(3, 60).flatmap(
    lambda n: st.tuples(
        arrays(np.int64, n, elements=st.integers(0, K - 1)), arrays(np.int64, n, elements=st.integers(0, K - 1))
    )
)
answer_sheets = st.tuples(st.integers(2, 25), st.integers(2, 5)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(-1, K - 1))
)


def counts_of(sheet):
    """Values by units: how many raters (columns; -1 = no answer) chose each category."""
    return np.stack([(sheet == c).sum(axis=1) for c in range(K)], axis=1).astype(float)


@given(columns)
@settings(max_examples=150, deadline=None)
def test_kappa_is_the_kappa_of_scikit_learn(pair):
    """Unweighted, linear and quadratic kappa equal scikit-learn's wherever they exist."""
    first, second = pair
    assume(len(set(first) | set(second)) > 1)
    table = crosstab(first, second, K)
    for ours, theirs in (("nominal", None), ("linear", "linear"), ("quadratic", "quadratic")):
        outside = cohen_kappa_score(first, second, labels=range(K), weights=theirs)
        assert cohen_kappa(table, ours) == pytest.approx(outside, abs=1e-12)


@given(answer_sheets)
@settings(max_examples=150, deadline=None)
def test_alpha_is_the_alpha_of_the_krippendorff_package(sheet):
    """Nominal, ordinal and interval alpha of several raters with missing answers equal the krippendorff package's."""
    counts = counts_of(sheet)
    pairable = counts[counts.sum(axis=1) > 1]
    assume(len(pairable) > 1)
    assume((pairable.sum(axis=0) > 0).sum() > 1)
    for level in Level:
        outside = krippendorff.alpha(value_counts=counts, value_domain=NUMBERS, level_of_measurement=level.value)
        assert krippendorff_alpha(counts, level, NUMBERS) == pytest.approx(outside, abs=1e-10)


@given(columns)
@settings(max_examples=100, deadline=None)
def test_two_column_alpha_is_the_alpha_of_two_raters(pair):
    """The coincidence matrix of a table plus its transpose gives the same alpha as values by units."""
    first, second = pair
    assume(len(set(first) | set(second)) > 1)
    matrix = stacks.coincidences(crosstab(first, second, K))
    for level in Level:
        ours = stacks.alpha(matrix, stacks.alpha_distances(matrix, level, NUMBERS))
        counts = counts_of(np.stack([first, second], axis=1))
        assert float(ours) == pytest.approx(krippendorff_alpha(counts, level, NUMBERS), abs=1e-12)


@given(columns)
@settings(max_examples=100, deadline=None)
def test_correlations_and_differences_are_those_of_the_columns(pair):
    """Pearson, Spearman, mean absolute difference and bias from the table equal those computed from the columns."""
    first, second = pair
    table, x, y = crosstab(first, second, K), NUMBERS[first], NUMBERS[second]
    assert mae(table, NUMBERS) == pytest.approx(np.abs(x - y).mean())
    assert bias(table, NUMBERS) == pytest.approx((x - y).mean(), abs=1e-12)
    assert raw_agreement(table) == pytest.approx((first == second).mean())
    assume(len(set(first)) > 1)
    assume(len(set(second)) > 1)
    assert pearson(table, NUMBERS) == pytest.approx(scipy_stats.pearsonr(x, y).statistic, abs=1e-10)
    assert spearman(table) == pytest.approx(scipy_stats.spearmanr(first, second).statistic, abs=1e-10)


@given(columns, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_and_raters_never_matters(pair, random):
    """Shuffling tasks changes nothing; swapping raters changes nothing but the sign of the bias."""
    first, second = pair
    order = list(range(len(first)))
    random.shuffle(order)
    table, shuffled = crosstab(first, second, K), crosstab(first[order], second[order], K)
    swapped = crosstab(second, first, K)
    assert (table == shuffled).all()
    for coefficient in (raw_agreement, cohen_kappa, gwet_ac1, spearman):
        assert coefficient(table) == pytest.approx(coefficient(swapped), abs=1e-12) or coefficient(
            table
        ) is coefficient(swapped)
    assert bias(table, NUMBERS) == pytest.approx(-bias(swapped, NUMBERS), abs=1e-12)


@given(answer_sheets, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_alpha_does_not_know_who_is_who(sheet, random):
    """Krippendorff's alpha is the same in any order of raters and of units."""
    raters, units = list(range(sheet.shape[1])), list(range(sheet.shape[0]))
    random.shuffle(raters)
    random.shuffle(units)
    before = krippendorff_alpha(counts_of(sheet), Level.ORDINAL)
    after = krippendorff_alpha(counts_of(sheet[units][:, raters]), Level.ORDINAL)
    assert after == before or after == pytest.approx(before, abs=1e-12)


def test_ac1_is_the_worked_example_of_gwet():
    """Two raters, 125 subjects, 118 and 0 agreed on: AC1 is .9408 where kappa is below zero."""
    table = np.array([[118.0, 5.0], [2.0, 0.0]])
    assert round(gwet_ac1(table), 4) == 0.9408
    assert cohen_kappa(table) < 0


def test_where_nobody_varied_nothing_chance_corrected_exists():
    """One category only: kappa, alpha, AC1 and correlations are undefined, not 1; the share of equal answers is 1."""
    table = np.zeros((K, K))
    table[1, 1] = 30
    assert raw_agreement(table) == 1
    for undefined in (
        cohen_kappa(table),
        cohen_kappa(table, "quadratic"),
        gwet_ac1(table),
        pearson(table, NUMBERS),
        spearman(table),
    ):
        assert undefined is Undefined.NO_VARIATION
    counts = np.zeros((30, K))
    counts[:, 1] = 2
    assert krippendorff_alpha(counts, Level.ORDINAL) is Undefined.NO_VARIATION


def test_a_constant_column_has_no_correlation_at_any_scale():
    """Rounding never makes variation of a constant: numbers such as .1 and .7 behave like 0 and 1."""
    table = np.array([[7.0, 11.0], [0.0, 0.0]])
    for numbers in (np.array([0.1, 0.7]), np.array([1e-9, 3e-9]), np.array([1e8 + 0.1, 1e8 + 0.3])):
        assert pearson(table, numbers) is Undefined.NO_VARIATION
    assert cohen_kappa(table) == 0


def test_nothing_and_next_to_nothing_have_reasons_of_their_own():
    """No pair is no overlap; one pair is too few."""
    assert cohen_kappa(np.zeros((2, 2))) is Undefined.NO_OVERLAP
    assert raw_agreement(np.array([[1.0, 0.0], [0.0, 0.0]])) is Undefined.TOO_FEW
    assert krippendorff_alpha(np.array([[1.0, 0.0], [0.0, 1.0]]), Level.NOMINAL) is Undefined.NO_OVERLAP


def test_a_stack_of_tables_is_its_tables_one_by_one():
    """Every formula gives for a stack what it gives for each table alone."""
    tables = np.random.default_rng(3).integers(0, 9, (20, K, K)).astype(float)
    weights = stacks.kappa_weights(K, "linear")
    assert np.allclose(stacks.kappa(tables, weights), [stacks.kappa(t, weights) for t in tables])
    assert np.allclose(stacks.ac1(tables), [stacks.ac1(t) for t in tables])
    assert np.allclose(stacks.spearman(tables), [stacks.spearman(t) for t in tables])
    one_by_one = [stacks.alpha(t + t.T, stacks.alpha_distances(t + t.T, Level.ORDINAL)) for t in tables]
    matrices = stacks.coincidences(tables)
    assert np.allclose(stacks.alpha(matrices, stacks.alpha_distances(matrices, Level.ORDINAL)), one_by_one)


def test_collapsing_joins_categories_that_count_the_same():
    """Where two categories stand for one number, the collapsed table counts them together."""
    table = np.arange(9, dtype=float).reshape(3, 3)
    collapsed, numbers = stacks.collapse(table, np.array([1.0, 0.0, 1.0]))
    assert numbers.tolist() == [0, 1]
    assert collapsed.tolist() == [[4, 3 + 5], [1 + 7, 0 + 2 + 6 + 8]]
