"""A comparison finds the effects that were planted, and calls noise noise."""

import numpy as np
import pytest

from scorer.compare import Answers, Asking, Drift, Noise, Side, SideTask, TaskAnswer, compare, comparison_page, noise_of
from scorer.errors import CatalogueError

OCCUPATIONS = [f"{group}-{number:04d}.00" for group in ("11", "15", "43") for number in range(1, 21)]
PER_OCCUPATION = 12
N_TASKS = len(OCCUPATIONS) * PER_OCCUPATION
BASE = np.random.default_rng(5).uniform(20, 70, N_TASKS)


def tasks(text="old", weight=1.0, *, first=0, last=N_TASKS):
    return {
        str(number): SideTask(OCCUPATIONS[number // PER_OCCUPATION], f"{text}-{number}", weight)
        for number in range(first, last)
    }


def side(name, **more):
    given = {
        "onet_release": "30.1",
        "rubric": "coverage@1",
        "measure": "mean",
        "raters": ("old",),
        "reduce": "mean",
        "weights": "core2",
        "tasks": tasks(),
        "published": frozenset(OCCUPATIONS),
    }
    return Side(name=name, **{**given, **more})


def answers(**effects):
    """Every rater, rubric and text, with what each adds to the base; n is the number of ratings."""
    added = {"new": 0.0, "coverage@2": 0.0, "reworded": 0.0, **effects}
    return Answers(
        TaskAnswer(
            rater,
            rubric,
            str(number),
            f"{text}-{number}",
            base + added.get(rater, 0) + added.get(rubric, 0) + added.get(text, 0),
            2,
        )
        for rater in ("old", "new")
        for rubric in ("coverage@1", "coverage@2")
        for text in ("old", "reworded")
        for number, base in enumerate(BASE)
    )


QUIET = Noise({("old", "coverage@1"): 1.0, ("new", "coverage@1"): 1.0})


def test_planted_effects_are_recovered():
    """Model +5, rubric -2 and text +1 are found as such in every occupation, and nothing else."""
    second = side("b", raters=("new",), rubric="coverage@2", tasks=tasks("reworded"))
    found = compare(side("a"), second, answers(new=5.0, reworded=1.0, **{"coverage@2": -2.0}), Noise({}))
    assert found.factors == ("model", "rubric", "text")
    assert len(found.moves) == len(OCCUPATIONS)
    for move in found.moves:
        assert move.change == pytest.approx(4.0)
        assert move.parts == pytest.approx({"model": 5.0, "rubric": -2.0, "text": 1.0, "weights": 0.0, "tasks": 0.0})


def test_weights_and_new_tasks_have_parts_of_their_own():
    """Other weights move what they move; tasks that only one side has are the part `tasks`; all parts add up."""
    heavy = {k: t._replace(weight=1.0 + int(k) % 3) for k, t in tasks(last=len(BASE) - 3).items()}
    found = compare(side("a", tasks=tasks(first=3)), side("b", tasks=heavy, weights="time"), answers(), QUIET)
    assert found.factors == ("weights",)
    for move in found.moves:
        assert sum(move.parts.values()) == pytest.approx(move.change)
    ends = {OCCUPATIONS[0], OCCUPATIONS[-1]}
    assert {m.occupation_code for m in found.moves if abs(m.parts["tasks"]) > 1e-9} == ends
    assert {m.n_shared for m in found.moves if m.occupation_code in ends} == {PER_OCCUPATION - 3}


def test_what_stands_on_both_sides_is_no_noise():
    """The same answers on both sides make a change of 0 with an interval of length 0, and no mover."""
    found = compare(side("a"), side("b"), answers(), QUIET)
    assert {(m.change, m.ci_low, m.ci_high, m.is_mover) for m in found.moves} == {(0.0, 0.0, 0.0, False)}


def test_noise_alone_makes_few_movers_and_a_planted_effect_many():
    """At a false discovery rate of 5 %: without an effect hardly any mover; with +8 nearly all where it was planted."""
    rng = np.random.default_rng(11)
    noise = Noise(dict.fromkeys([("old", "coverage@1"), ("new", "coverage@1")], 100.0))
    for planted, bounds in ((0.0, (0, 3)), (8.0, (15, 25))):
        said = [
            TaskAnswer(rater, "coverage@1", str(number), f"old-{number}", base + shift + rng.normal(0, 10), 1)
            for rater in ("old", "new")
            for number, base in enumerate(BASE)
            for shift in [planted * 2 if rater == "new" and number < 20 * PER_OCCUPATION else 0.0]
        ]
        found = compare(side("a"), side("b", raters=("new",)), Answers(said), noise)
        assert bounds[0] <= len(found.movers) <= bounds[1], planted


def test_intervals_of_pure_noise_cover_zero_as_often_as_they_say():
    """Over 60 occupations and 20 draws, 95 % intervals of no change hold 0 in 93 to 97 of 100."""
    rng, held = np.random.default_rng(3), []
    noise = Noise(dict.fromkeys([("old", "coverage@1"), ("new", "coverage@1")], 25.0))
    for _ in range(20):
        said = [
            TaskAnswer(rater, "coverage@1", str(number), f"old-{number}", base + rng.normal(0, 5 / 2**0.5), 2)
            for rater in ("old", "new")
            for number, base in enumerate(BASE)
        ]
        found = compare(side("a"), side("b", raters=("new",)), Answers(said), noise)
        held += [move.ci_low <= 0 <= move.ci_high for move in found.moves]
    assert 0.93 <= np.mean(held) <= 0.97


def test_the_page_shows_intervals_movers_and_drift():
    """Where noise is known each change has its interval, the picture counts who moved, and a drift is told."""
    noise = Noise(QUIET.variances, (Drift("new", "coverage@1", "anchors", 1.5, 1.0, 2.0, 40),))
    found = compare(side("a"), side("<b>", raters=("new",)), answers(new=5.0), noise)
    page = comparison_page(found, {}, "Credit.")
    assert f"{len(OCCUPATIONS)} points: {len(OCCUPATIONS)} above the diagonal, 0 below it" in page
    assert f"{len(found.movers)} moved by more than noise" in page
    low, high = found.moves[0].ci_low, found.moves[0].ci_high
    assert f"[{low:.2f}, {high:.2f}]" in page
    assert "moved by +1.50 [1.00, 2.00] on 40 texts" in page
    assert "<b>" not in page


def test_without_repeats_nobody_is_called_a_mover():
    """Where noise is not estimable the change is shown with the reason, and without an interval."""
    found = compare(side("a"), side("b", raters=("new",)), answers(new=30.0), Noise({}))
    assert {move.is_mover for move in found.moves} == {False}
    assert all(move.ci_low is None and "not estimable" in move.reason for move in found.moves)


def test_an_occupation_held_on_one_side_is_not_compared_and_counted():
    """What has no published score cannot have moved, and the comparison says why."""
    found = compare(side("a"), side("b", published=frozenset(OCCUPATIONS[5:])), answers(), QUIET)
    assert len(found.moves) == len(OCCUPATIONS) - 5
    assert found.left_out == {"no published score in b": 5}


def test_two_measures_or_two_worlds_are_refused():
    """Sides that measure different things, or share no task, end with a message."""
    with pytest.raises(CatalogueError, match="two measures"):
        compare(side("a"), side("b", measure="beta"), answers(), QUIET)
    with pytest.raises(CatalogueError, match="ask two things"):
        compare(side("a"), side("b", rubric="outlook@1"), answers(), QUIET)
    with pytest.raises(CatalogueError, match="no task in common"):
        compare(side("a", tasks=tasks(last=12)), side("b", tasks=tasks(first=12)), answers(), QUIET)


def asked(occasion, score, task="1", variant="base"):
    return Asking("old", "coverage@1", task, "t", variant, occasion, score)


def test_noise_is_pooled_within_questions_and_repeats():
    """Two answers a question that differ by 2 have variance 2, whatever lies between the questions."""
    said = [asked("first", 10.0 * n + d, task=str(n)) for n in range(40) for d in (-1.0, 1.0)]
    assert noise_of(said).variance("old", "coverage@1") == pytest.approx(2.0)


def test_anchors_show_the_drift_of_a_rater():
    """Texts rated again on a later occasion say how far the same rater moved, with an interval."""
    rng = np.random.default_rng(2)
    said = [asked("first", 50.0, task=str(n)) for n in range(100)]
    said += [asked("2027-01", 53.0 + rng.normal(0, 2), task=str(n)) for n in range(100)]
    (drift,) = noise_of(said).drifts
    assert (drift.occasion, drift.n) == ("2027-01", 100)
    assert drift.ci_low < 3.0 < drift.ci_high
    assert drift.ci_low > 2.0


def test_a_handful_of_repeats_is_no_estimate():
    """Fewer than thirty degrees of freedom give no variance: a reason, not a number."""
    assert np.isnan(noise_of([asked("first", s) for s in (1.0, 2.0)]).variance("old", "coverage@1"))
