"""Concordance with published indices: right numbers, the loss told, undefined where there is nothing to say."""

import numpy as np
import pytest
from scipy import stats

from scorer.compare import concordance
from scorer.domain.concordance import IndexScore
from scorer.domain.evaluation import OccupationScore

CODES = [f"{15 + n // 20}-{1000 + n % 20}.0{n % 2}" for n in range(40)]


def score(code, value, status="published", rater="panel"):
    return OccupationScore(
        occupation_code=code,
        rubric="coverage@1",
        rater=rater,
        measure="mean",
        score=value,
        n_tasks=9,
        completeness=1.0,
        weights="core2",
        status=status,
    )


def index(values, name="theirs", codes=CODES):
    return [
        IndexScore(index_name=name, occupation_code=code, score=value)
        for code, value in zip(codes, values, strict=True)
    ]


@pytest.fixture
def columns():
    rng = np.random.default_rng(4)
    ours = rng.normal(50, 10, len(CODES))
    return ours, np.round(ours * 0.1 + rng.normal(0, 1, len(CODES)))


def test_correlations_and_intervals_are_those_of_scipy(columns):
    """Pearson with its Fisher interval and Spearman with ties, against scipy."""
    ours, theirs = columns
    pearson, spearman = concordance([score(*one) for one in zip(CODES, ours, strict=True)], index(theirs))
    known = stats.pearsonr(ours, theirs)
    ends = known.confidence_interval()
    assert (pearson.value, pearson.ci_low, pearson.ci_high) == pytest.approx((known.statistic, ends.low, ends.high))
    assert spearman.value == pytest.approx(stats.spearmanr(ours, theirs).statistic)
    assert spearman.ci_low < spearman.value < spearman.ci_high


def test_what_is_lost_in_the_joining_is_told(columns):
    """Occupations that only one side has are no pairs; both totals stand beside the pairs."""
    ours, theirs = columns
    rows = concordance(
        [score(*one) for one in zip(CODES[5:], ours[5:], strict=True)], index(theirs[:30], codes=CODES[:30])
    )
    assert {(row.n, row.n_index, row.n_ours, row.joined_by) for row in rows} == {(25, 30, 35, "onet")}


def test_an_index_by_soc_code_meets_the_mean_of_ours():
    """Two O*NET occupations of one SOC code count once, by their mean."""
    scores = [score(f"15-{1000 + n}.0{m}", float(n + m)) for n in range(12) for m in (0, 2)]
    theirs = index([float(n) for n in range(12)], codes=[f"15-{1000 + n}" for n in range(12)])
    pearson, _ = concordance(scores, theirs)
    assert (pearson.joined_by, pearson.n, pearson.n_ours) == ("soc", 12, 24)
    assert pearson.value == pytest.approx(1.0)


def test_held_scores_take_no_part():
    """What the gate holds is not laid beside anything."""
    assert concordance([score(code, 1.0, status="held") for code in CODES], index([1.0] * len(CODES))) == []


def test_too_few_pairs_or_no_variation_have_a_reason():
    """There is no correlation of nine pairs, nor with a constant."""
    few = concordance([score(code, float(n)) for n, code in enumerate(CODES[:9])], index(range(40)))
    flat = concordance([score(code, 5.0) for code in CODES], index(range(40)))
    assert {row.value for row in (*few, *flat)} == {None}
    assert {row.reason_undefined for row in few} == {"too few pairs"}
    assert all("no variation" in row.reason_undefined for row in flat)
