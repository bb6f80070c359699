"""What raters state is compared with labels, and recalibrated out of sample; the ratings stay as they are."""

from types import SimpleNamespace

import numpy as np
import pytest

from eval import TaskFacts
from eval.recalibration import recalibrate
from eval.reliability import reliability
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin, Undefined
from scorer.rubrics import load_rubric

COVERAGE = load_rubric("coverage")
N = 1200
RNG = np.random.default_rng(0)
CODES = np.array([f"{11 + 2 * (i % 12)}-{i // 24:04d}.00" for i in range(N)])
TASKS = {str(i): TaskFacts(str(code)) for i, code in enumerate(CODES)}
CHANCE = RNG.choice([0.3, 0.5, 0.7, 0.9], N)
IS_RIGHT = RNG.random(N) < CHANCE


def rating(i, rater="bold", **fields):
    stated = {"category": "50", "confidence": None, "score_expected": None, "statement_sha256": None, **fields}
    return SimpleNamespace(rating_id=f"{rater}-{i}", task_id=str(i), rater=rater, **stated)


def label(i, category=None, **fields):
    category = category or ("50" if IS_RIGHT[i] else "0")
    given = {"label_set": "people", "labeller": "anna", "labeller_kind": LabellerKind.PERSON, **fields}
    return Label(task_id=str(i), rubric=COVERAGE.id, category=category, score=float(category), **given)


def found(ratings, labels):
    return reliability(COVERAGE, ratings, labels, TASKS)


def overconfident():
    """States a chance of .9 as .97 and one of .3 as .75: right in its order, wrong in its numbers."""
    return [rating(i, confidence=float(0.65 + 0.35 * CHANCE[i])) for i in range(N)]


def test_overconfidence_is_seen_and_mended_on_tasks_of_other_occupations():
    """Each group of statements is right as often as the calibrated confidence says, within three standard errors."""
    rows = found(overconfident(), [label(i) for i in range(N)])
    whole, *bins = rows.bins
    assert (whole.n, whole.bin, whole.labeller_kind) == (N, None, "person")
    assert whole.stated - whole.observed > 0.2
    assert whole.calibrated == pytest.approx(whole.observed, abs=0.01)
    assert whole.error_calibrated < whole.error_stated
    assert sum(one.n for one in bins) == N
    calibrated = np.array([value.calibrated for value in rows.values])
    for chance in (0.3, 0.5, 0.7, 0.9):
        group = chance == CHANCE
        assert abs(calibrated[group].mean() - IS_RIGHT[group].mean()) < 3 * 0.5 / group.sum() ** 0.5


def test_what_may_be_taken_at_its_word_stays_as_it_is():
    """A rater that states the very chance of being right: the calibrated values are nearly the stated ones."""
    rows = found([rating(i, confidence=float(CHANCE[i])) for i in range(N)], [label(i) for i in range(N)])
    assert max(abs(value.calibrated - value.stated) for value in rows.values) < 0.1


def test_expected_scores_are_in_the_numbers_of_the_scale():
    """Labels of 25 where 60 is expected and of 75 where 80 is: observed and calibrated are near the labels."""
    high = RNG.random(N) < 0.5
    ratings = [rating(i, score_expected=80.0 if high[i] else 60.0) for i in range(N)]
    rows = found(ratings, [label(i, "75" if high[i] else "25") for i in range(N)])
    by_bin = {one.bin: one for one in rows.bins}
    assert (by_bin[7].low, by_bin[7].high, by_bin[7].observed) == (60.0, 70.0, 25.0)
    assert by_bin[9].observed == 75.0
    assert by_bin[9].calibrated == pytest.approx(75, abs=3)
    assert by_bin[None].error_calibrated < 5 < by_bin[None].error_stated


def test_statements_about_unlabelled_tasks_are_calibrated_too():
    """Labels of the first half calibrate all; a bin counts labelled tasks only."""
    rows = found(overconfident(), [label(i) for i in range(N // 2)])
    assert rows.bins[0].n == N // 2
    assert len(rows.values) == N


def test_labels_of_one_occupation_never_reach_its_own_values():
    """Turning the labels of one fold's occupation over leaves its own calibrated values as they were."""
    stated, weights = 0.65 + 0.35 * CHANCE, np.ones(N)
    observed = IS_RIGHT.astype(float)
    own = CODES[0] == CODES
    turned = np.where(own, 1 - observed, observed)
    before, after = (recalibrate(stated, said, weights, CODES) for said in (observed, turned))
    assert np.array_equal(before[own], after[own])
    assert not np.array_equal(before[~own], after[~own])


def test_too_few_labels_calibrate_nothing_and_say_so():
    """Ten labels still give bins; the calibrated numbers are missing, with the reason."""
    rows = found(overconfident(), [label(i) for i in range(10)])
    assert rows.values == ()
    assert rows.bins[0].n == 10
    assert {(one.calibrated, one.reason_undefined) for one in rows.bins} == {(None, Undefined.NOT_CALIBRATED.value)}


def test_without_a_label_on_what_was_rated_there_is_a_reason_and_no_zero():
    """Labels of another text: n is 0 and every number is missing."""
    ratings = [rating(i, confidence=0.5, statement_sha256="a" * 64) for i in range(40)]
    (row,) = found(ratings, [label(i, statement_sha256="b" * 64) for i in range(40)]).bins
    assert (row.n, row.stated, row.observed) == (0, None, None)
    assert row.reason_undefined == Undefined.NO_OVERLAP.value


def test_reviews_never_count_and_models_only_where_no_person_labelled():
    """Reviewers saw the answers; a model's label says whose it is."""
    reviews = [label(i, origin=LabelOrigin.REVIEW) for i in range(N)]
    assert found(overconfident(), reviews).bins[0].n == 0
    machine = [label(i, labeller_kind=LabellerKind.MODEL, label_set="machine") for i in range(N)]
    assert found(overconfident(), machine).bins[0].labeller_kind is LabellerKind.MODEL


def test_repeats_share_the_weight_of_their_task():
    """A task rated twice counts once, and each of its ratings has a value of its own."""
    twice = [rating(0, confidence=0.95), rating(0, confidence=0.95)]
    rows = found([*overconfident(), *twice], [label(i) for i in range(N)])
    assert rows.bins[0].n == N
    assert len(rows.values) == N + 2


def test_the_scores_of_a_calibrated_rater_are_compared_and_not_calibrated_again():
    """They were computed from the labels: cross-fitting cannot keep these out any more."""
    ratings = [rating(i, "bold+cal", score_expected=60.0) for i in range(N)]
    rows = found(ratings, [label(i) for i in range(N)])
    assert rows.values == ()
    assert rows.bins[0].reason_undefined == Undefined.CALIBRATED_ALREADY.value


def test_raters_that_state_nothing_have_no_rows():
    """Neither an expected score nor a confidence: there is nothing to compare."""
    assert found([rating(i) for i in range(N)], [label(i) for i in range(N)]) == ((), ())
