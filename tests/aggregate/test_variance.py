import pytest
from aggregate_builders import COVERAGE, EXPOSURE, Row

from scorer.aggregate import variance_split


def rows_of(rater, numbers, variant="base", repeat=0):
    return [Row(str(i), rater, score=n, variant=variant, repeat=repeat) for i, n in enumerate(numbers)]


def split(rows, members=(), of=COVERAGE):
    return {(row.rater, row.component): row for row in variance_split(rows, of, members)}


def test_a_generous_rater_is_a_rater_component():
    """Two raters 50 points apart on every task: all of the variance is the rater's."""
    found = split([*rows_of("a", [0.0, 0.0, 0.0]), *rows_of("b", [50.0, 50.0, 50.0])], ["a", "b"])
    assert found["panel", "rater"].variance == pytest.approx(1250)
    assert found["panel", "rater"].share == pytest.approx(1.0)
    assert found["panel", "task"].variance == pytest.approx(0.0)


def test_what_was_not_asked_has_a_reason():
    """One wording, no repeats: both are said to be missing, once each."""
    found = split([*rows_of("a", [0.0, 50.0, 75.0]), *rows_of("b", [25.0, 50.0, 25.0])], ["a", "b"])
    assert found["panel", "variant"].reason_undefined == "not estimable: fewer than two of them"
    assert found["panel", "repeat"].reason_undefined.startswith("not estimable apart")
    assert {component for _, component in found} == {"task", "rater", "task x rater", "variant", "repeat"}


def test_one_rater_asked_once_has_no_split():
    """A single answer a task says nothing about where variance comes from."""
    assert variance_split(rows_of("a", [0.0, 50.0]), COVERAGE, ["a"]) == []


def test_repeats_and_wordings_of_one_rater_are_split():
    """Repeats 20 apart have a variance of 200; a wording that adds 30 everywhere one of 450."""
    rows = [
        row
        for variant, shift in (("base", 0.0), ("reversed-categories", 30.0))
        for repeat, step in ((0, -10.0), (1, 10.0))
        for row in rows_of("a", [20.0 + shift + step, 40.0 + shift + step, 60.0 + shift + step], variant, repeat)
    ]
    found = split(rows)
    assert found["a", "repeat"].variance == pytest.approx(200)
    assert found["a", "variant"].variance == pytest.approx(450 - 200 / 6 + 100 / 3 - 0, rel=0.1)
    assert (found["a", "task"].n_tasks, found["a", "task"].n_variants, found["a", "task"].n_repeats) == (3, 2, 2)


def test_a_missing_answer_leaves_out_its_task_only():
    """The block rests on tasks that all raters answered, and says how many they were."""
    rows = [*rows_of("a", [0.0, 50.0, 75.0]), *rows_of("b", [25.0, 50.0])]
    assert split(rows, ["a", "b"])["panel", "task"].n_tasks == 2


def test_nothing_in_common_is_a_reason():
    """Two raters of different tasks have no block."""
    rows = [*rows_of("a", [0.0, 50.0]), Row("8", "b", score=25.0), Row("9", "b", score=50.0)]
    (row,) = variance_split(rows, COVERAGE, ["a", "b"])
    assert (row.variance, row.reason_undefined) == (None, "no task was answered by both")


def test_each_measure_has_its_own_split():
    """E1 against E2 is a difference in alpha and none in zeta."""
    rows = [Row(str(i), rater, category) for i in range(3) for rater, category in (("a", "E1"), ("b", "E2"))]
    shares = {
        row.measure: row.variance for row in variance_split(rows, EXPOSURE, ["a", "b"]) if row.component == "rater"
    }
    assert shares == {"alpha": pytest.approx(0.5), "beta": pytest.approx(0.125), "zeta": 0.0}
