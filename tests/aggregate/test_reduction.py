import pytest
from aggregate_builders import COVERAGE, EXPOSURE, Row

from scorer.aggregate import rationales, task_scores, variant_scores


def test_repeats_and_variants_become_their_mean():
    """Three usable answers of one rater are one score with n 3 and the n - 1 spread."""
    rows = [Row("1", category="50", score=50.0, repeat=0), Row("1", category="75", score=75.0, repeat=1)]
    (reduced,) = task_scores([*rows, Row("1", category="100", score=100.0, variant="reversed")], COVERAGE)
    assert (reduced.score, reduced.n, reduced.sd, reduced.status) == (75.0, 3, 25.0, "rated")


def test_one_answer_has_no_spread():
    """The spread of a single answer is unknown, not zero."""
    (reduced,) = task_scores([Row("1", category="50", score=50.0)], COVERAGE)
    assert (reduced.n, reduced.sd) == (1, None)


def test_unusable_answers_are_left_out_of_the_mean():
    """A failed repeat counts neither as 0 nor as 50: the mean is that of the others."""
    rows = [Row("1", category="100", score=100.0), Row("1", status="failed", repeat=1)]
    (reduced,) = task_scores(rows, COVERAGE)
    assert (reduced.score, reduced.n, reduced.status) == (100.0, 1, "rated")


@pytest.mark.parametrize("status", ["cannot_judge", "failed", "refused", "unparsable", "truncated", "off_scale"])
def test_nothing_usable_is_no_number_with_the_commonest_status(status):
    """A task that a rater could not answer keeps its row: no score, n 0, and what happened."""
    rows = [Row("1", status=status), Row("1", status=status, repeat=1), Row("1", status="failed", repeat=2)]
    (reduced,) = task_scores(rows, COVERAGE)
    assert (reduced.score, reduced.n, reduced.sd, reduced.status) == (None, 0, None, status)


def test_an_answer_that_was_not_rated_counts_nothing_whatever_number_it_carries():
    """Only the status `rated` opens the mean: a number beside another status is no score."""
    rows = [Row("1", category="50", score=50.0), Row("1", category="100", score=100.0, status="off_scale", repeat=1)]
    (reduced,) = task_scores(rows, COVERAGE)
    assert (reduced.score, reduced.n) == (50.0, 1)


def test_exposure_has_three_measures_of_one_answer():
    """E2 counts nothing in alpha, half in beta and fully in zeta."""
    scores = task_scores([Row("1", category="E2", score=0.5)], EXPOSURE)
    assert {s.measure: s.score for s in scores} == {"alpha": 0.0, "beta": 0.5, "zeta": 1.0}


def test_an_imported_score_without_category_counts_where_it_names_one():
    """0.5 can only be E2, so all measures follow; 0.3 is no category, so only the primary measure has it."""
    scores = {s.measure: (s.score, s.status) for s in task_scores([Row("1", score=0.5)], EXPOSURE)}
    assert scores == {"alpha": (0.0, "rated"), "beta": (0.5, "rated"), "zeta": (1.0, "rated")}
    scores = {s.measure: (s.score, s.status) for s in task_scores([Row("1", score=0.3)], EXPOSURE)}
    assert scores == {"alpha": (None, "off_scale"), "beta": (0.3, "rated"), "zeta": (None, "off_scale")}


def test_an_imported_category_without_score_counts_what_the_rubric_says():
    """A category alone is enough for every measure."""
    scores = task_scores([Row("1", category="E1")], EXPOSURE)
    assert {s.measure: s.score for s in scores} == {"alpha": 1.0, "beta": 1.0, "zeta": 1.0}


def test_a_score_that_is_no_number_is_off_the_scale():
    """NaN from elsewhere never reaches a mean."""
    (reduced,) = task_scores([Row("1", score=float("nan"))], COVERAGE)
    assert (reduced.score, reduced.status) == (None, "off_scale")


def test_variants_stand_apart_only_for_raters_that_have_several():
    """Who was asked in one wording has no variants to compare."""
    rows = [
        Row("1", score=50.0),
        Row("1", score=75.0, variant="reversed"),
        Row("1", rater="r2", score=0.0),
    ]
    apart = variant_scores(rows, COVERAGE)
    assert {name: [(s.rater, s.score) for s in scores] for name, scores in apart.items()} == {
        "base": [("r1", 50.0)],
        "reversed": [("r1", 75.0)],
    }


def test_the_rationale_is_that_of_the_base_variant_first():
    """Of several texts of one rater the base variant's first repeat speaks; failed answers never do."""
    rows = [
        Row("1", score=50.0, repeat=1, rationale="second"),
        Row("1", score=50.0, variant="a", rationale="variant"),
        Row("1", score=50.0, repeat=0, rationale="first"),
        Row("2", status="refused", rationale="no"),
    ]
    assert rationales(rows) == {("1", "r1"): "first"}
