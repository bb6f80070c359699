"""A whole evaluation: who is compared with whom, on what, and what is left out and said."""

from types import SimpleNamespace

import numpy as np
import pytest

from eval import PanelRequest, RaterColumn, evaluate, load_policy, metrics_of, rater_column
from eval.columns import Frame, TaskFacts, encode_rater
from eval.floors import COMMONEST
from eval.panel import panel_column
from scorer.domain.evaluation import Decision, LabellerKind, LabelOrigin
from scorer.domain.panel import panel_members
from scorer.domain.rating import Status
from scorer.errors import LabelError


@pytest.fixture(scope="module")
def small(worlds):
    """300 tasks of 60 occupations in 20 SOC groups."""
    return worlds(seed=3, occupations=3)


@pytest.fixture(scope="module")
def policy():
    return load_policy("default")


def row(evaluation, rater, counterpart, metric="raw_agreement", stratum="all"):
    (found,) = [
        a
        for a in evaluation.agreements
        if (a.rater, a.counterpart, a.metric, a.stratum) == (rater, counterpart, metric, stratum)
    ]
    return found


def test_every_rater_meets_every_labeller_and_every_other_rater(small, coverage, policy):
    """Rater-labeller, rater-pooled people, rater-rater, labeller-labeller, people together; verdicts on each set."""
    rng = np.random.default_rng(0)
    labels = [
        *small.labels(coverage, "ann"),
        *small.labels(coverage, "bob", ranks=small.noisy(rng)),
        *small.labels(coverage, "llm", LabellerKind.MODEL, label_set="models"),
    ]
    raters = [small.rater(coverage, name, small.noisy(rng)) for name in ("a", "b")]
    found = evaluate(coverage, raters, labels, small.tasks, policy)
    couples = {(a.rater, a.counterpart) for a in found.agreements}
    labelled = {"people/ann", "people/bob", "models/llm"}
    assert couples == {
        ("a", "b"),
        *((rater, labeller) for rater in ("a", "b", COMMONEST) for labeller in labelled | {"people"}),
        ("people/ann", "people/bob"),
        ("people", "people"),
        ("models/llm", "people/ann"),
        ("models/llm", "people/bob"),
    }
    assert [(v.rater, v.label_set) for v in found.verdicts if v.level == "all"] == [
        ("a", "models"), ("a", "people"), ("b", "models"), ("b", "people"),
    ]  # fmt: skip
    assert {a.metric for a in found.agreements} == set(metrics_of(coverage))


def test_the_order_of_rows_and_the_time_of_day_change_nothing(small, coverage, policy):
    """Shuffled labels and tasks give the same rows, and the same seed the same intervals."""
    rater = small.rater(coverage, "a", small.noisy(np.random.default_rng(0)))
    labels = small.labels(coverage)
    first = evaluate(coverage, [rater], labels, small.tasks, policy, seed=4)
    backwards = dict(reversed(small.tasks.items()))
    second = evaluate(coverage, [rater], labels[::-1], backwards, policy, seed=4)
    assert first == second
    other_seed = evaluate(coverage, [rater], labels, small.tasks, policy, seed=5)
    assert row(other_seed, "a", "people/ann", "kappa").ci_low != row(first, "a", "people/ann", "kappa").ci_low
    assert row(other_seed, "a", "people/ann").value == row(first, "a", "people/ann").value


def test_a_label_of_another_text_is_not_compared(small, coverage, policy):
    """Where both hashes are known and differ the task is left out and counted; where one is unknown it is compared."""
    tasks = list(small.tasks)
    labels = small.labels(coverage, statement_sha256="a" * 64)
    hashes = dict.fromkeys(tasks[:10], "b" * 64) | dict.fromkeys(tasks[10:200], "a" * 64)
    rater = small.rater(coverage, "a", small.truth, statement_hashes=hashes)
    found = evaluate(coverage, [rater], labels, small.tasks, policy)
    assert row(found, "a", "people/ann").n == 290
    assert found.notes == ("a rated another text than people/ann labelled on 10 tasks: left out",)


def test_resolutions_of_reviewers_never_enter(small, coverage, policy):
    """Labels of origin `review` are no labels here: without others there is no comparison and no verdict."""
    rater = small.rater(coverage, "a", small.truth)
    found = evaluate(coverage, [rater], small.labels(coverage, origin=LabelOrigin.REVIEW), small.tasks, policy)
    assert found.agreements == found.verdicts == ()


def test_labels_about_another_rubric_are_passed_over(small, coverage, exposure, policy):
    """A label set about exposure says nothing about coverage."""
    rater = small.rater(coverage, "a", small.truth)
    about_exposure = small.labels(exposure, ranks=np.minimum(small.truth, 2))
    assert evaluate(coverage, [rater], about_exposure, small.tasks, policy).verdicts == ()


def test_tasks_that_nobody_knows_are_left_out_and_counted(small, coverage, policy):
    """Without an occupation a task belongs to no cluster: it is left out, and the note says how many."""
    known = dict(list(small.tasks.items())[:250])
    found = evaluate(coverage, [small.rater(coverage, "a", small.truth)], small.labels(coverage), known, policy)
    assert row(found, "a", "people/ann").n == 250
    assert found.notes == ("50 tasks are in no catalogue release of this workspace: left out",)


def test_sampled_labels_count_by_the_inverse_of_their_probability(small, coverage, policy):
    """150 tasks drawn with probability .1, a third of which agree, and 150 sure ones that all do: 650 of 1,650."""
    labels = [
        label.model_copy(update={"inclusion_probability": 0.1 if place < 150 else 1.0, "origin": LabelOrigin.SAMPLE})
        for place, label in enumerate(small.labels(coverage))
    ]
    place = np.arange(300)
    ranks = np.where((place < 150) & (place % 3 > 0), (small.truth + 1) % 5, small.truth)
    found = row(evaluate(coverage, [small.rater(coverage, "a", ranks)], labels, small.tasks, policy), "a", "people/ann")
    assert found.value == pytest.approx(650 / 1650)
    assert found.n == 300


def test_what_is_undefined_is_null_with_a_reason(small, coverage, policy):
    """A constant rater has no correlation; a rater that meets no label has nothing; no row holds NaN."""
    constant = small.rater(coverage, "constant", np.zeros(300, dtype=int))
    nothing = small.rater(coverage, "nothing", np.full(300, -1))
    found = evaluate(coverage, [constant, nothing], small.labels(coverage), small.tasks, policy)
    assert row(found, "constant", "people/ann", "pearson").value is None
    assert row(found, "constant", "people/ann", "pearson").reason_undefined.startswith("no variation")
    assert row(found, "constant", "people/ann", "kappa").value == pytest.approx(0)
    assert row(found, "nothing", "people/ann", "kappa").reason_undefined == "no task was answered by both"
    assert row(found, "nothing", "people/ann", "kappa").n == 0
    for agreement in found.agreements:
        assert (agreement.value is None) <= (agreement.reason_undefined is not None)
        for number in (agreement.value, agreement.ci_low, agreement.ci_high):
            assert number is None or np.isfinite(number)


def test_measures_have_names_of_their_own(small, exposure, policy):
    """The primary measure has plain names, the others theirs: E1 against E2 agrees in zeta and not in alpha."""
    ranks = np.minimum(small.truth, 2)
    swapped = np.array([0, 2, 1])[ranks]  # of E0 < E2 < E1
    found = evaluate(
        exposure, [small.rater(exposure, "a", swapped)], small.labels(exposure, ranks=ranks), small.tasks, policy
    )
    same = float((ranks == 0).mean())
    assert row(found, "a", "people/ann", "raw_agreement").value == pytest.approx(same)
    assert row(found, "a", "people/ann", "raw_agreement@alpha").value == pytest.approx(same)
    assert row(found, "a", "people/ann", "raw_agreement@zeta").value == 1
    more = float(np.mean(ranks == 1) - np.mean(ranks == 2))
    assert row(found, "a", "people/ann", "bias").value == pytest.approx(more / 2)
    assert row(found, "a", "people/ann", "bias@alpha").value == pytest.approx(more)


def test_answers_off_the_scale_and_doubled_names_are_refused(small, coverage, policy):
    """What no reader lets through is an error here, with the name of the rater and the task."""
    with pytest.raises(LabelError, match="`a` says `33` about task 1"):
        evaluate(coverage, [RaterColumn("a", {"1": "33"})], [], small.tasks, policy)
    twice = [RaterColumn("a", {}), RaterColumn("a", {}), RaterColumn("panel", {})]
    with pytest.raises(LabelError, match=r"distinct.*: a, panel"):
        evaluate(coverage, twice, [], small.tasks, policy)


def test_the_panel_is_made_of_those_that_passed_and_judged_like_them(small, coverage, policy):
    """A random rater gets no seat; the panel of the others has rows and a verdict of its own that names them."""
    rng = np.random.default_rng(2)
    raters = [small.rater(coverage, name, small.noisy(rng)) for name in ("a", "b")]
    raters.append(small.rater(coverage, "random", rng.integers(0, 5, 300)))
    found = evaluate(coverage, raters, small.labels(coverage), small.tasks, policy, panel=PanelRequest())
    assert found.panel == ("a", "b")
    (verdict,) = [v for v in found.verdicts if v.rater == "panel" and v.level == "all"]
    assert verdict.decision is Decision.PASS
    assert verdict.reasons[-1] == "made of a, b"
    assert row(found, "panel", "people/ann", "alpha_ordinal").value > 0.5


def test_a_panel_without_members_is_held(small, coverage, policy):
    """Where no rater passed there is a HOLD for the panel, with the reason, and no agreement of nobody."""
    random = small.rater(coverage, "random", np.random.default_rng(2).integers(0, 5, 300))
    found = evaluate(coverage, [random], small.labels(coverage), small.tasks, policy, panel=PanelRequest())
    (verdict,) = [v for v in found.verdicts if v.rater == "panel"]
    assert verdict.decision is Decision.HOLD
    assert verdict.reasons == ("no rater of the panel passed",)
    assert not [a for a in found.agreements if a.rater == "panel"]


@pytest.mark.parametrize(
    ("wanted", "passed", "members"),
    [
        ((), {"b", "a"}, ("a", "b")),
        (("b", "c"), {"a", "b"}, ("b",)),
        ((), {"a", "a+cal", "b"}, ("a+cal", "b")),
        (("a",), {"a", "a+cal"}, ("a",)),
    ],
)
def test_a_panel_never_holds_a_rater_and_its_calibrated_self(wanted, passed, members):
    """Of X and X+cal only X+cal sits, unless only X was asked for; nobody sits who did not pass."""
    assert panel_members(passed, wanted) == members


def test_the_panel_answers_with_the_nearest_category(coverage):
    """Mean to the nearest category, halfway half and half; one member's answer is enough; different texts are none."""
    tasks = {str(i): TaskFacts("11-1000.00") for i in range(6)}
    frame = Frame(tasks, tasks)
    sheets = (
        RaterColumn(
            "a", {"0": "0", "1": "0", "2": "75", "4": "0"}, {"3": Status.FAILED, "5": Status.FAILED}, {"4": "a" * 64}
        ),
        RaterColumn(
            "b", {"0": "100", "1": "25", "4": "0"}, {"2": Status.FAILED, "5": Status.CANNOT_JUDGE}, {"4": "b" * 64}
        ),
    )
    bench = panel_column(coverage, [encode_rater(frame, coverage, sheet) for sheet in sheets], "mean")
    assert (bench.shares @ [0, 25, 50, 75, 100]).tolist() == [50, 12.5, 75, 0, 0, 0]
    assert bench.shares[1].tolist() == [0.5, 0.5, 0, 0, 0]
    assert bench.answered.tolist() == [True, True, True, False, False, False]
    assert bench.asked.tolist() == [True, True, True, True, False, True]
    assert bench.unusable.tolist() == [False, False, False, True, False, True]


def test_repeats_are_reduced_to_the_commonest_answer_about_the_text_rated_last(coverage):
    """Mode of usable answers, ties to the lower; ratings of an older text and failures beside an answer don't count."""

    def rating(task, category=None, status=Status.RATED, sha=None):
        said = {"task_id": task, "category": category, "status": status, "statement_sha256": sha}
        return SimpleNamespace(**said, variant="base", repeat=1, evidence=None)

    column = rater_column(
        "a",
        coverage,
        [
            *(rating("1", c) for c in ("50", "0", "50")),
            *(rating("2", c) for c in ("100", "50")),
            *(rating("3", "100", sha="a" * 64) for _ in range(3)),
            rating("3", "25", sha="b" * 64),
            rating("4", "75"),
            rating("4", status=Status.FAILED),
            rating("5", status=Status.FAILED),
            rating("5", status=Status.CANNOT_JUDGE),
        ],
    )
    assert column.answers == {"1": "50", "2": "50", "3": "25", "4": "75"}
    assert column.statuses == dict.fromkeys("1234", Status.RATED) | {"5": Status.CANNOT_JUDGE}
    assert column.statement_hashes == {"3": "b" * 64}
