import pytest
from aggregate_builders import COVERAGE, EXPOSURE, passes, score, task, verdict

from scorer.aggregate import Method
from scorer.aggregate.multiverse import multiverse
from scorer.domain.catalogue import TaskKind

CODES = [f"15-{1000 + i}.00" for i in range(10)]
TASKS = [task(f"{code}/{j}", code, TaskKind.CORE if j else TaskKind.SUPPLEMENTAL) for code in CODES for j in range(3)]
BANDS = {"coverage": {"low": 0.0, "high": 50.0}}


def rated(rater, number, of=COVERAGE):
    return [score(t.task_id, number(i // 3, i % 3), rater, of) for i, t in enumerate(TASKS)]


def universes(scores, raters, of=COVERAGE, **method):
    rows = multiverse(TASKS, scores, of, passes(*raters, of=of), Method(**method))
    return {(row.weights, row.raters, row.reduce, row.second_level, row.threshold): row for row in rows}


def test_the_main_choices_change_nothing():
    """Beside itself no occupation changes band or tenth, and the rank correlation is 1."""
    found = multiverse(TASKS, rated("r1", lambda i, _: 10.0 * i), COVERAGE, passes("r1"), Method(bands=BANDS))
    (main,) = [row for row in found if row.is_main]
    assert found[0].weights == main.weights == "core2"
    assert (main.band_changed, main.decile_changed, main.rank_correlation) == (0.0, 0.0, pytest.approx(1.0))
    assert (main.mean, main.share_high, main.threshold) == (pytest.approx(45.0), 0.5, 50.0)


def test_weights_that_turn_the_order_round_are_seen():
    """Supplemental tasks that run against core ones: equal weights move ranks, schemes without ratings give none."""
    found = universes(rated("r1", lambda i, j: 5.0 * i if j else 100 - 10.0 * i), ["r1"], bands=BANDS)
    equal = found["equal", "panel", None, None, 50.0]
    assert equal.band_changed == pytest.approx(0.0)
    assert equal.rank_correlation is None or equal.rank_correlation < 1
    assert {weights for weights, *_ in found} == {"core2", "equal"}


def test_what_e2_counts_is_varied_where_the_rubric_has_it():
    """Ten occupations of E2 alone: the mean is what E2 counts; coverage has no such choice."""
    found = universes(rated("r1", lambda *_: 0.5, EXPOSURE), ["r1"], EXPOSURE)
    means = {level: row.mean for (w, _, _, level, t), row in found.items() if (w, t) == ("core2", 0.5)}
    assert means == pytest.approx({0.0: 0.0, 0.25: 0.25, 0.5: 0.5, 0.75: 0.75, 1.0: 1.0})
    assert {row.second_level for row in universes(rated("r1", lambda *_: 25.0), ["r1"]).values()} == {None}


def test_rater_sets_are_the_panel_without_each_and_each_alone():
    """Of three members: all, three pairs, three alone; alone there is nothing to combine."""
    scores = [row for j in range(3) for row in rated(f"m{j}", lambda i, _, j=j: 25.0 * ((i + j) % 5))]
    found = universes(scores, ["m0", "m1", "m2"])
    sets = {(raters, reduce is None) for _, raters, reduce, *_ in found}
    pairs = {(f"panel without m{j}", False) for j in range(3)}
    assert sets == {("panel", False), *pairs, *((f"m{j}", True) for j in range(3))}
    assert {reduce for _, raters, reduce, *_ in found if raters == "panel"} == {"mean", "median", "mode", "dawid-skene"}


def test_held_raters_make_no_universe():
    """Nothing that the gate holds is shown by another way."""
    rows = multiverse(TASKS, rated("r1", lambda *_: 25.0), COVERAGE, [verdict("r1", "HOLD")])
    assert rows == []
