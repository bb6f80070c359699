import pytest
from aggregate_builders import CARPENTRY, COVERAGE, EXPOSURE, SOFTWARE, Row, passes, rubric, score, task, verdict

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


def test_rounding_noise_does_not_lift_a_task_over_the_cut_or_under_it():
    """Three raters at exactly the cut on average stay at the cut although floats sum to a hair below."""
    tenths = rubric(numbers={"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.7}, share_at=0.2)
    scores = [score(i, 0.1 + 0.2 - 0.1 - 1e-17, of=tenths) for i in range(4)] + [
        score(4, 0.19999999999999998, of=tenths)
    ]
    assert of(occupation_scores(FIVE, scores, tenths, passes("r1"))).share_50 == pytest.approx(1.0)


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
    assert by_code[CARPENTRY].reasons == ("no task has a usable score",)


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


def panel_of(k, shift=10.0, **method):
    scores = [score(i, 20.0 + shift * j + i, f"m{j}") for j in range(k) for i in range(5)]
    members = [f"m{j}" for j in range(k)]
    return occupation_scores(FIVE, scores, COVERAGE, passes("panel", *members), Method(**method))


def test_three_raters_give_a_t_interval_with_two_degrees():
    """Raters 10 apart: half-width 4.3027 x 10 / sqrt(3), around the panel's score."""
    row = of(panel_of(3), "panel")
    half = 4.302653 * 10 / 3**0.5
    assert (row.ci_low, row.ci_high) == (pytest.approx(row.score - half), pytest.approx(row.score + half))
    assert (row.rank_low, row.rank_high, row.reasons) == (1, 1, ())


def test_two_raters_give_no_interval_and_say_why():
    """Two raters do not show how far raters spread."""
    row = of(panel_of(2), "panel")
    assert (row.ci_low, row.ci_high, row.rank_low, row.status) == (None, None, None, "published")
    assert row.reasons == ("rater spread not estimable: fewer than three raters",)


def test_an_interval_ends_where_the_scale_ends():
    """No occupation lies under 0 or over 100."""
    row = of(panel_of(3, shift=25.0), "panel")
    assert row.ci_low == 0.0
    assert row.ci_high <= 100.0


def test_the_interval_is_for_the_mean_of_raters_only():
    """A median of raters is another estimand: the t interval is not borrowed for it."""
    row = of(panel_of(3, reduce="median"), "panel")
    assert (row.ci_low, row.reasons) == (None, ("no interval: it is for the mean of raters, not the median",))


def test_a_rater_who_skipped_the_occupation_does_not_count_as_a_third():
    """Two raters that scored everything and one that scored one task are two."""
    scores = [score(i, 20.0 + 10 * j, f"m{j}") for j in range(2) for i in range(5)] + [score(0, 50.0, "m2")]
    row = of(occupation_scores(FIVE, scores, COVERAGE, passes("panel", "m0", "m1", "m2")), "panel")
    assert row.reasons == ("rater spread not estimable: fewer than three raters",)


def test_raters_are_compared_over_the_same_tasks():
    """Three raters with one task missing each share too little to be compared."""
    scores = [score(i, 20.0, f"m{j}") for j in range(3) for i in range(5) if i != j]
    equal = Method(weights="equal")
    row = of(occupation_scores(FIVE, scores, COVERAGE, passes("panel", "m0", "m1", "m2"), equal), "panel")
    assert row.reasons == ("no interval: too few tasks have all the answers that are compared",)


def test_one_rater_without_repeats_has_no_interval():
    """A single answer says nothing about what a second one would be."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1")))
    assert (row.ci_low, row.reasons) == (None, ("within-rater interval not estimable: no repeats or variants",))


def test_repeats_give_a_within_rater_interval():
    """Four tasks, two repeats 20 apart each: se = sqrt(4 x (1/16) x 200 / 2) = 5 with four degrees of freedom."""
    tasks = FIVE[:4]
    rows = [Row(str(i), score=40.0 + 20 * r, repeat=r) for i in range(4) for r in range(2)]
    row = of(aggregate(rows, tasks, COVERAGE, passes("r1")).occupation_scores)
    assert (row.score, row.ci_high - row.score) == (pytest.approx(50.0), pytest.approx(2.776445 * 5))


def test_one_task_without_a_repeat_leaves_no_within_rater_interval():
    """Every task needs two usable repeats; a failed one does not do."""
    rows = [Row(str(i), score=40.0 + 20 * r, repeat=r) for i in range(5) for r in range(2) if (i, r) != (0, 1)]
    rows.append(Row("0", status="failed", repeat=1))
    assert of(aggregate(rows, FIVE, COVERAGE, passes("r1")).occupation_scores).ci_low is None


def test_what_a_wording_shifts_it_shifts_for_all_tasks():
    """Three wordings 10 apart on every task: the interval is that of three numbers, not of fifteen."""
    rows = [Row(str(i), score=20.0 + 10 * v, variant=f"v{v}") for i in range(5) for v in range(3)]
    row = of(aggregate(rows, FIVE, COVERAGE, passes("r1")).occupation_scores)
    assert row.ci_high - row.score == pytest.approx(4.302653 * 10 / 3**0.5)


def test_two_wordings_are_too_few():
    """With two variants there is a reason, not an interval from their repeats."""
    rows = [Row(str(i), score=20.0 + 10 * v, variant=f"v{v}") for i in range(5) for v in range(2)]
    row = of(aggregate(rows, FIVE, COVERAGE, passes("r1")).occupation_scores)
    assert row.reasons == ("within-rater interval not estimable: fewer than three variants",)


def ranked(shared):
    """Ten occupations one point apart, three raters: a shift that all occupations share, or one by itself."""
    codes = [f"15-10{i:02d}.00" for i in range(10)]
    tasks = [task(f"{code}:{i}", code) for code in codes for i in range(4)]
    scores = [
        score(t.task_id, 40.0 + place + 8 * (j if shared else (j * (place + 1)) % 3), f"m{j}")
        for j in range(3)
        for place, code in enumerate(codes)
        for t in tasks
        if t.occupation_code == code
    ]
    rows = occupation_scores(tasks, scores, COVERAGE, passes("panel", "m0", "m1", "m2"))
    return [(row.rank_low, row.rank_high) for row in rows if row.rater == "panel"]


def test_a_rater_who_is_high_everywhere_moves_no_rank():
    """Wide intervals that all occupations share leave the order certain."""
    assert ranked(shared=True) == [(rank, rank) for rank in range(10, 0, -1)]


def test_raters_who_differ_by_occupation_make_ranks_uncertain():
    """Where raters disagree about which occupation is higher, the rank is an interval."""
    assert all(1 <= low <= high <= 10 for low, high in ranked(shared=False))
    assert sum(high - low for low, high in ranked(shared=False)) > 20


def test_held_rows_take_no_rank():
    """A held occupation neither has a rank nor takes one from others."""
    tasks = [*FIVE, *(task(f"c{i}", CARPENTRY) for i in range(5))]
    scores = [score(f"{c}{i}", 20.0 + 10 * j, f"m{j}") for j in range(3) for c in ("", "c") for i in range(5)]
    verdicts = [*passes("panel", "m0", "m1", "m2"), verdict("panel", "HOLD", level="soc:15", reasons=("bias",))]
    rows = occupation_scores(tasks, scores, COVERAGE, verdicts)
    assert (of(rows, "panel").rank_low, of(rows, "panel", CARPENTRY).rank_high) == (None, 1)
    assert of(rows, "panel").ci_low is not None


def test_the_seed_alone_decides_the_draws():
    """The same input gives the same rank intervals."""
    assert ranked(shared=False) == ranked(shared=False)


def test_the_whole_room_in_one_call():
    """Ratings in; task scores, consensus, disagreements, occupation rows and the panel's names out."""
    rows = [Row(str(i), f"m{j}", score=25.0 * j, rationale=f"m{j} on {i}") for j in range(3) for i in range(5)]
    everything = aggregate(rows, FIVE, COVERAGE, passes("m0", "m1", "m2", "panel"))
    assert everything.panel == ("m0", "m1", "m2")
    assert len(everything.task_scores) == 15
    assert [(c.score, c.rationale) for c in everything.consensus] == [(25.0, f"m1 on {i}") for i in range(5)]
    assert len(everything.disagreements) == 5
    assert of(everything.occupation_scores, "panel").score == pytest.approx(25.0)
