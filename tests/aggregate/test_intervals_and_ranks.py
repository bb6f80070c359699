import pytest
from aggregate_builders import CARPENTRY, COVERAGE, PASSED, SOFTWARE, Row, passes, score, task, verdict

from scorer.aggregate import Method, aggregate, occupation_scores
from scorer.domain.catalogue import TaskKind

FIVE = [task(str(i)) for i in range(4)] + [task("4", kind=TaskKind.SUPPLEMENTAL)]
NUMBERS = [0.0, 25.0, 50.0, 100.0, 100.0]
COMPLETE = [score(i, number) for i, number in enumerate(NUMBERS)]


def of(rows, rater="r1", code=SOFTWARE, measure="mean"):
    (row,) = (r for r in rows if (r.rater, r.occupation_code, r.measure) == (rater, code, measure))
    return row


def panel_of(k, shift=10.0, **method):
    scores = [score(i, 20.0 + shift * j + i, f"m{j}") for j in range(k) for i in range(5)]
    members = [f"m{j}" for j in range(k)]
    return occupation_scores(FIVE, scores, COVERAGE, passes("panel", *members), Method(**method))


def test_three_raters_give_a_t_interval_with_two_degrees():
    """Raters 10 apart: half-width 4.3027 x 10 / sqrt(3), around the panel's score."""
    row = of(panel_of(3), "panel")
    half = 4.302653 * 10 / 3**0.5
    assert (row.ci_low, row.ci_high) == (pytest.approx(row.score - half), pytest.approx(row.score + half))
    assert (row.rank_low, row.rank_high, row.reasons) == (1, 1, (PASSED,))


def test_two_raters_give_no_interval_and_say_why():
    """Two raters do not show how far raters spread."""
    row = of(panel_of(2), "panel")
    assert (row.ci_low, row.ci_high, row.rank_low, row.status) == (None, None, None, "published")
    assert row.reasons == (
        PASSED,
        "rater spread not estimable: fewer than three raters",
    )


def test_an_interval_ends_where_the_scale_ends():
    """No occupation lies under 0 or over 100."""
    row = of(panel_of(3, shift=25.0), "panel")
    assert row.ci_low == 0.0
    assert row.ci_high <= 100.0


def test_the_interval_is_for_the_mean_of_raters_only():
    """A median of raters is another estimand: the t interval is not borrowed for it."""
    row = of(panel_of(3, reduce="median"), "panel")
    assert (row.ci_low, row.reasons) == (
        None,
        (
            PASSED,
            "no interval: it is for the mean of raters, not the median",
        ),
    )


def test_a_rater_who_skipped_the_occupation_does_not_count_as_a_third():
    """Two raters that scored everything and one that scored one task are two."""
    scores = [score(i, 20.0 + 10 * j, f"m{j}") for j in range(2) for i in range(5)] + [score(0, 50.0, "m2")]
    row = of(occupation_scores(FIVE, scores, COVERAGE, passes("panel", "m0", "m1", "m2")), "panel")
    assert row.reasons == (
        PASSED,
        "rater spread not estimable: fewer than three raters",
    )


def test_raters_are_compared_over_the_same_tasks():
    """Three raters with one task missing each share too little to be compared."""
    scores = [score(i, 20.0, f"m{j}") for j in range(3) for i in range(5) if i != j]
    equal = Method(weights="equal")
    row = of(occupation_scores(FIVE, scores, COVERAGE, passes("panel", "m0", "m1", "m2"), equal), "panel")
    assert row.reasons == (
        PASSED,
        "no interval: too few tasks have all the answers that are compared",
    )


def test_one_rater_without_repeats_has_no_interval():
    """A single answer says nothing about what a second one would be."""
    row = of(occupation_scores(FIVE, COMPLETE, COVERAGE, passes("r1")))
    assert (row.ci_low, row.reasons) == (
        None,
        (
            PASSED,
            "within-rater interval not estimable: no repeats or variants",
        ),
    )


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


def test_wordings_are_compared_over_what_was_scored():
    """Tasks that nobody scored lower completeness, they do not take the interval away."""
    rows = [Row(str(i), score=20.0 + 10 * v, variant=f"v{v}") for i in range(3) for v in range(3)]
    row = of(aggregate(rows, FIVE, COVERAGE, passes("r1")).occupation_scores)
    assert row.status == "held"
    assert row.ci_high - row.score == pytest.approx(4.302653 * 10 / 3**0.5)


def test_two_wordings_are_too_few():
    """With two variants there is a reason, not an interval from their repeats."""
    rows = [Row(str(i), score=20.0 + 10 * v, variant=f"v{v}") for i in range(5) for v in range(2)]
    row = of(aggregate(rows, FIVE, COVERAGE, passes("r1")).occupation_scores)
    assert row.reasons == (
        PASSED,
        "within-rater interval not estimable: fewer than three variants",
    )


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
