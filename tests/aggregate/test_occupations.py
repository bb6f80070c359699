import pytest
from aggregate_builders import (
    CARPENTRY,
    COVERAGE,
    EXPOSURE,
    PASSED,
    SOFTWARE,
    Row,
    passes,
    rubric,
    score,
    task,
    verdict,
)

from scorer.aggregate import Method, aggregate, occupation_scores
from scorer.domain.catalogue import TaskKind

FIVE = [task(str(i)) for i in range(4)] + [task("4", kind=TaskKind.SUPPLEMENTAL)]
NUMBERS = [0.0, 25.0, 50.0, 100.0, 100.0]
COMPLETE = [score(i, number) for i, number in enumerate(NUMBERS)]


def of(rows, rater="r1", code=SOFTWARE, measure="mean"):
    (row,) = (r for r in rows if (r.rater, r.occupation_code, r.measure) == (rater, code, measure))
    return row


def test_an_occupation_is_the_weighted_mean_of_its_tasks():
    """Core tasks count twice: (2 x (0 + 25 + 50 + 100) + 100) / 9, and 5 of 9 of the weight is at 50 or more."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1")))
    assert (row.score, row.share_50) == (pytest.approx(50.0), pytest.approx(5 / 9))
    assert (row.n_tasks, row.completeness, row.weights, row.status) == (5, 1.0, "core2", "published")


def test_the_share_at_the_cut_is_only_of_the_primary_measure_of_rubrics_that_have_one():
    """Coverage has a share at 50, exposure has none in any measure."""
    scores = [score(i, 0.5, of=EXPOSURE, measure=measure) for i in range(5) for measure in EXPOSURE.measures]
    rows = occupation_scores(FIVE, scores, EXPOSURE, passes("r1", of=EXPOSURE))
    assert {row.measure for row in rows} == {"alpha", "beta", "zeta"}
    assert {row.share_50 for row in rows} == {None}


def test_rounding_noise_does_not_move_a_task_over_the_cut():
    """A task at .7 - .5, which floats make a hair less than the cut of .2, is at the cut."""
    fifths = rubric(numbers={"a": 0.0, "b": 0.2, "c": 1.0}, share_at=0.2)
    scores = [score(i, 0.7 - 0.5, of=fifths) for i in range(5)]
    assert of(occupation_scores(FIVE, scores, fifths, passes("r1"))).share_50 == 1.0


def test_missing_tasks_lower_completeness_and_hold_the_row():
    """Under .80 of the weight the occupation is held, says so, and keeps its number for provisional releases."""
    row = of(occupation_scores(FIVE, [*COMPLETE[:3], score(3, None), score(4, None)], COVERAGE, passes("r1")))
    assert (row.score, row.completeness, row.n_tasks) == (25.0, pytest.approx(6 / 9), 3)
    assert (row.status, row.reasons[0]) == ("held", "completeness .66 < .80")


def test_completeness_is_of_weight_not_of_tasks():
    """Without the supplemental task 8 of 9 of the weight is there, which is enough."""
    row = of(occupation_scores(FIVE, COMPLETE[:4], COVERAGE, passes("r1")))
    assert (row.completeness, row.status) == (pytest.approx(8 / 9), "published")


def test_exactly_the_floor_is_enough():
    """Four of five equal tasks are .80, which is not under .80."""
    row = of(occupation_scores(FIVE, COMPLETE[:4], COVERAGE, passes("r1"), Method(weights="equal")))
    assert (row.completeness, row.status) == (pytest.approx(0.8), "published")


def test_an_occupation_has_a_row_once_a_task_was_attempted():
    """A scattered task gives a held row, a refused one gives a held row without number, an untouched one no row."""
    tasks = [*FIVE, *(task(f"c{i}", CARPENTRY) for i in range(9)), task("z", "11-1011.00")]
    rows = occupation_scores(tasks, [score(0, 50.0), score("c1", None)], COVERAGE, passes("r1"))
    by_code = {row.occupation_code: row for row in rows if row.rater == "r1"}
    assert set(by_code) == {SOFTWARE, CARPENTRY}
    assert (by_code[SOFTWARE].status, by_code[SOFTWARE].reasons[0]) == ("held", "completeness .22 < .80")
    assert (by_code[CARPENTRY].score, by_code[CARPENTRY].completeness) == (None, 0.0)
    assert by_code[CARPENTRY].reasons == ("no task has a usable score", PASSED)


def test_scores_of_tasks_outside_the_release_are_passed_over():
    """A retired task is no part of the census and changes nothing."""
    rows = occupation_scores(FIVE, [*COMPLETE, score("retired", 0.0)], COVERAGE, passes("r1"))
    assert rows == occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1"))


def test_no_verdict_means_hold():
    """A rater nobody evaluated is held, whatever its numbers."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, []))
    assert (row.status, row.reasons[0], row.score) == ("held", "no verdict", pytest.approx(50.0))


def test_a_held_rater_is_held_with_the_gates_reasons():
    """The reasons of the Verdict stand in the row as they are."""
    verdicts = [verdict("r1", "HOLD", reasons=("alpha .12 < .25", "bias outside"))]
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, verdicts))
    assert (row.status, row.reasons[:2]) == ("held", ("alpha .12 < .25", "bias outside"))


def test_a_held_group_holds_its_occupations_only():
    """A HOLD at soc:15 leaves carpentry published."""
    tasks = [*FIVE, task("c", CARPENTRY)]
    verdicts = [*passes("r1"), verdict("r1", "HOLD", level="soc:15", reasons=("bias .2",))]
    rows = occupation_scores(tasks, [*COMPLETE, score("c", 75.0)], COVERAGE, verdicts)
    assert (of(rows).status, of(rows).reasons[0]) == ("held", "soc:15: bias .2")
    assert of(rows, code=CARPENTRY).status == "published"


def test_a_row_names_the_labels_and_the_policy_it_passed_on():
    """Wherever a number stands, the evidence that let it through stands with it."""
    assert of(occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1"))).reasons[0] == PASSED


def test_the_reasons_of_several_label_sets_are_told_apart():
    """Where two label sets hold a rater, each reason begins with its set."""
    verdicts = [verdict("r1", "HOLD", reasons=("too few",), label_set=name) for name in ("people", "models")]
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, verdicts))
    assert row.reasons[:2] == ("models: too few", "people: too few")


def test_a_right_rater_is_published_beside_a_held_one():
    """The gate's decision on one rater does not touch the rows of another; the panel has only who passed."""
    noise = [score(i, 100.0 - number, "noise") for i, number in enumerate(NUMBERS)]
    verdicts = [*passes("r1", "panel"), verdict("noise", "HOLD", reasons=("alpha .01 < .25",))]
    rows = occupation_scores(FIVE, [*COMPLETE, *noise], COVERAGE, verdicts)
    assert {row.rater: row.status for row in rows} == {"r1": "published", "noise": "held", "panel": "published"}
    assert of(rows, "panel").score == of(rows).score


def test_the_panel_needs_a_verdict_of_its_own():
    """Members that passed do not make the panel pass."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1")), "panel")
    assert (row.status, row.reasons[0]) == ("held", "no verdict")


def test_a_panel_without_members_is_held_without_a_number():
    """Where nobody passed, the occupations that were attempted still have their panel row."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, []), "panel")
    assert (row.status, row.score, row.n_tasks, row.completeness) == ("held", None, 0, 0.0)
    assert row.reasons == ("no rater of the panel passed the gate",)


def test_the_whole_room_in_one_call():
    """Ratings in; task scores, consensus, disagreements, occupation rows and the panel's names out."""
    rows = [Row(str(i), f"m{j}", score=25.0 * j, rationale=f"m{j} on {i}") for j in range(3) for i in range(5)]
    everything = aggregate(rows, FIVE, COVERAGE, passes("m0", "m1", "m2", "panel"))
    assert everything.panel == ("m0", "m1", "m2")
    assert len(everything.task_scores) == 15
    assert [(c.score, c.rationale) for c in everything.consensus] == [(25.0, f"m1 on {i}") for i in range(5)]
    assert len(everything.disagreements) == 5
    assert of(everything.occupation_scores, "panel").score == pytest.approx(25.0)
