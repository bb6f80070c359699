import pytest
from aggregate_builders import CARPENTRY, COVERAGE, EXPOSURE, passes, score, task, verdict

from scorer.aggregate import disagreements, seats, task_consensus, task_weights
from scorer.domain.catalogue import TaskKind

VOICES = [score(1, 0.0, "a"), score(1, 25.0, "b"), score(1, 100.0, "c")]


@pytest.mark.parametrize(("how", "number"), [("mean", 125 / 3), ("median", 25.0), ("mode", 0.0)])
def test_raters_become_one_number_by_the_named_rule(how, number):
    """Mean, median and mode (the lowest of equally common answers) of three raters."""
    (row,) = task_consensus(VOICES, ["a", "b", "c"], COVERAGE, how)
    assert (row.score, row.spread, row.n_raters) == (pytest.approx(number), 100.0, 3)


def test_only_members_have_a_say():
    """A rater outside the panel moves neither score nor spread."""
    (row,) = task_consensus(VOICES, ["a", "b"], COVERAGE)
    assert (row.score, row.spread, row.n_raters) == (12.5, 25.0, 2)


def test_one_voice_has_no_spread_and_none_has_no_score():
    """A single score is no agreement, and no score is no zero."""
    scores = [score(1, 50.0, "a"), score(1, None, "b"), score(2, None, "a")]
    one, nobody = task_consensus(scores, ["a", "b"], COVERAGE)
    assert (one.score, one.spread, one.n_raters) == (50.0, None, 1)
    assert (nobody.score, nobody.spread, nobody.n_raters) == (None, None, 0)


def test_the_rationale_is_that_of_the_median_rater():
    """A task shows the text of who stands in the middle, not of an extreme; without one it shows none."""
    told = {("1", "a"): "low", ("1", "b"): "middle", ("1", "c"): "high"}
    assert task_consensus(VOICES, ["a", "b", "c"], COVERAGE, "mean", told)[0].rationale == "middle"
    del told["1", "b"]
    assert task_consensus(VOICES, ["a", "b", "c"], COVERAGE, "mean", told)[0].rationale is None


def test_consensus_is_about_the_primary_measure():
    """Of the exposure measures the consensus takes beta."""
    scores = [score(1, 0.5, "a", EXPOSURE, "beta"), score(1, 1.0, "a", EXPOSURE, "zeta")]
    assert [row.score for row in task_consensus(scores, ["a"], EXPOSURE)] == [0.5]


def test_priority_is_relative_spread_times_share_of_the_weight():
    """A core task of a small occupation comes before an equally disputed one that matters less."""
    tasks = [task("1"), task("2", kind=TaskKind.SUPPLEMENTAL), task("3", CARPENTRY), task("4", CARPENTRY)]
    numbers = {"1": (0.0, 50.0), "2": (0.0, 50.0), "3": (25.0, 25.0), "4": (0.0, 100.0), "9": (0.0, 100.0)}
    scores = [score(t, x, rater) for t, pair in numbers.items() for rater, x in zip("ab", pair, strict=True)]
    rows = disagreements(task_consensus(scores, "ab", COVERAGE), tasks, task_weights(tasks), COVERAGE)
    assert [(row.task_id, row.spread) for row in rows] == [("4", 100.0), ("1", 50.0), ("2", 50.0)]
    assert [row.weight for row in rows] == pytest.approx([1 / 2, 2 / 3, 1 / 3])
    assert [row.priority for row in rows] == pytest.approx([1 / 2, 1 / 3, 1 / 6])


def test_only_raters_that_passed_sit_in_the_panel():
    """HOLD, a Verdict on another rubric and no Verdict all keep a rater out."""
    verdicts = [*passes("a"), verdict("b", "HOLD"), verdict("c", of=EXPOSURE)]
    assert seats("abcd", verdicts, COVERAGE.id) == ("a",)


def test_a_pass_in_one_group_is_no_pass():
    """Only the Verdict at level `all` opens the panel."""
    assert seats(["a"], [verdict("a", level="soc:15")], COVERAGE.id) == ()


def test_one_label_set_that_passes_is_enough():
    """HOLD on a set with too little evidence does not undo PASS on another: the rule of the gate's own panel."""
    verdicts = [verdict("a", label_set="people"), verdict("a", "HOLD", label_set="models")]
    assert seats(["a"], verdicts, COVERAGE.id) == ("a",)


def test_a_calibrated_rater_takes_the_seat_of_its_raw_self():
    """X and X+cal never sit together: X+cal does, unless it was held."""
    assert seats(["x", "x+cal", "y"], passes("x", "x+cal", "y"), COVERAGE.id) == ("x+cal", "y")
    verdicts = [*passes("x"), verdict("x+cal", "HOLD")]
    assert seats(["x", "x+cal"], verdicts, COVERAGE.id) == ("x",)


def test_a_configured_panel_admits_nobody_else():
    """Where the panel is named, others that passed stay outside."""
    assert seats("abc", passes("a", "b", "c"), COVERAGE.id, ["a", "b", "z"]) == ("a", "b")
