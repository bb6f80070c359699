"""The gate, rule by rule: what is held, why, and that nothing undefined or unlabelled ever opens it."""

import re

import numpy as np
import pytest

from eval import load_policy
from scorer.domain.evaluation import Decision, LabellerKind
from scorer.domain.rating import Status


@pytest.fixture(scope="module")
def default():
    return load_policy("default")


@pytest.fixture(scope="module")
def good(world):
    """Ranks of a rater that is right with human-like noise."""
    return world.noisy(np.random.default_rng(1))


@pytest.fixture
def judged(verdicts_of, world, coverage, default):
    """All verdicts on these ranks against labels that are the truth, or against whatever else is stated."""

    def verdicts(ranks, labels=None, policy=default, **fields):
        rater = world.rater(coverage, "r", ranks, **fields)
        return verdicts_of(coverage, world, rater, world.labels(coverage) if labels is None else labels, policy)

    return verdicts


@pytest.fixture
def only(world):
    """The truth on some tasks, no label (-1) on the others."""
    return lambda mask: np.where(mask, world.truth, -1)


def test_a_good_rater_passes_and_the_reasons_are_the_evidence(judged, good, default):
    """PASS comes with every rule's figures, and with the policy that judged."""
    (found,) = judged(good)
    assert found.decision is Decision.PASS
    assert (found.level, found.policy, found.policy_hash) == ("all", "default", default.policy_hash)
    said = "\n".join(found.reasons)
    for part in (
        "0 of 1500 labelled tasks",
        "in 20 SOC groups",
        "above the floor .25",
        "not wholly outside +-.05",
        "tested in 20",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("status", "many", "held"),
    [
        (Status.FAILED, 15, False),
        (Status.FAILED, 16, True),
        (Status.UNPARSABLE, 16, True),
        (Status.CANNOT_JUDGE, 300, False),
    ],
)
def test_one_percent_of_unusable_answers_is_the_most(judged, good, status, many, held):
    """Unusable answers hold above 1 % of the labelled tasks; `cannot judge` is usable."""
    tasks = [str(number) for number in range(1, 1501)]
    ranks = np.where(np.arange(1500) < many, -1, good)
    (found,) = judged(ranks, statuses=dict.fromkeys(tasks, Status.RATED) | dict.fromkeys(tasks[:many], status))
    assert (found.decision is Decision.HOLD) == held
    if held:
        assert found.reasons == ("16 of 1500 labelled tasks without a usable answer (1.1%; at most 1.0%)",)


def test_failures_outside_the_labels_are_not_the_gates_business(judged, world, coverage, good, only):
    """The share of unusable answers is taken over the tasks that have a label."""
    tasks, failed = list(world.tasks), np.arange(1500) < 100
    statuses = dict.fromkeys(tasks, Status.RATED) | dict.fromkeys(tasks[:100], Status.FAILED)
    labels = world.labels(coverage, ranks=only(~failed))
    assert judged(np.where(failed, -1, good), labels, statuses=statuses)[0].decision is Decision.PASS


def test_a_rater_that_only_fails_is_held_with_both_reasons(judged, world):
    """Nothing to compare is a HOLD, never a pass by default."""
    (found,) = judged(np.full(1500, -1), statuses=dict.fromkeys(world.tasks, Status.FAILED))
    assert found.decision is Decision.HOLD
    assert found.reasons[0] == "no task was answered by both"
    assert "1500 of 1500" in found.reasons[1]


def test_too_few_labels_or_groups_hold(judged, world, coverage, good, only):
    """99 labels are too few, 100 over 20 groups are enough; 600 in nine groups are not."""
    spread_out = np.random.default_rng(0).permutation(1500)
    for mask, decision, part in (
        (spread_out < 99, Decision.HOLD, "99 tasks labelled by persons in 20 SOC groups; needed: 100 in 10"),
        (spread_out < 100, Decision.PASS, "100 tasks labelled by persons in 20 SOC groups"),
        (np.arange(1500) < 9 * 75, Decision.HOLD, "675 tasks labelled by persons in 9 SOC groups; needed: 100 in 10"),
    ):
        (found,) = judged(good, world.labels(coverage, ranks=only(mask)))
        assert found.decision is decision
        assert part in found.reasons


def test_the_lower_end_of_the_interval_must_lie_above_the_floor(judged, good, default):
    """A floor between the lower end and the value holds; the reason names coefficient, interval and floor."""
    (passed,) = judged(good)
    value, low = map(float, re.findall(r"alpha_ordinal (\.\d+) \[(\.\d+)", passed.reasons[2])[0])
    between = (value + low) / 2
    (found,) = judged(good, policy=default.model_copy(update={"floor": between}))
    assert found.decision is Decision.HOLD
    assert len(found.reasons) == 1
    assert "not above the floor" in found.reasons[0]


def test_undefined_never_opens_the_gate(judged, world, coverage, default):
    """Labels and rater of one category agree always, and are held: nobody varied."""
    constant = np.full(1500, 2)
    (found,) = judged(constant, world.labels(coverage, ranks=constant), default.model_copy(update={"floor": -1.0}))
    assert found.decision is Decision.HOLD
    assert "alpha_ordinal is undefined: no variation" in found.reasons[0]


def test_a_coefficient_without_an_interval_never_opens_the_gate(verdicts_of, worlds, coverage, default):
    """Nine occupations give a value and no interval, so the floor cannot be shown to be passed."""
    small = worlds(groups=9, occupations=1, tasks=30)
    lax = default.model_copy(update={"min_soc_groups": 1})
    found = verdicts_of(coverage, small, small.rater(coverage, "r", small.truth), small.labels(coverage), lax)[0]
    assert found.decision is Decision.HOLD
    assert all("too few occupations for an interval" in reason for reason in found.reasons)


def test_overall_bias_holds_where_its_interval_lies_wholly_outside(judged, world, default):
    """A step up on a third of the tasks is a bias of more than .05 of the scale: held for that alone."""
    generous = np.minimum(world.truth + (np.arange(1500) % 3 == 0), 4)
    found = judged(generous)[0]
    assert found.decision is Decision.HOLD
    assert len(found.reasons) == 1
    assert found.reasons[0].startswith("bias +.0")
    assert "wholly outside +-.05" in found.reasons[0]
    assert judged(generous, policy=default.model_copy(update={"max_bias": 0.1}))[0].decision is Decision.PASS


def test_a_biased_group_is_held_by_itself(judged, good):
    """One category up throughout one group: the rater passes as a whole, that group is held, no other is."""
    shifted = np.where(np.arange(1500) < 75, np.minimum(good + 1, 4), good)
    overall, group = judged(shifted)
    assert overall.decision is Decision.PASS
    assert "bias tested in 20 SOC groups; held by themselves: soc:11" in overall.reasons
    assert (group.level, group.decision) == ("soc:11", Decision.HOLD)
    assert "on 75 labelled tasks: wholly outside +-.10" in group.reasons[0]


def test_a_group_with_few_labels_is_not_tested(judged, world, coverage, good, only):
    """Below 30 labels a group is neither held nor counted as tested, and the verdict says which one it is."""
    place = np.arange(1500)
    shifted = np.where(place < 75, np.minimum(good + 2, 4), good)
    (overall,) = judged(shifted, world.labels(coverage, ranks=only((place < 29) | (place >= 75))))
    assert "bias tested in 19 SOC groups; overall evidence only for 11" in overall.reasons


def test_labels_by_models_do_not_count_unless_the_policy_says_so(judged, world, coverage, good):
    """Default and strict: HOLD, no human labels. Exploratory counts them, and every mention of the evidence says so."""
    labels = world.labels(coverage, labeller="llm", kind=LabellerKind.MODEL)
    for name in ("default", "strict"):
        (found,) = judged(good, labels, load_policy(name))
        assert found.decision is Decision.HOLD
        assert found.reasons == (f"no human labels: policy `{name}` does not count the 1500 labels by models",)
    (found,) = judged(good, labels, load_policy("exploratory"))
    assert found.decision is Decision.PASS
    assert "1500 tasks labelled by models, not by people in 20 SOC groups" in found.reasons
    found, *_ = judged(np.zeros(1500, dtype=int), labels, load_policy("exploratory"))
    assert found.decision is Decision.HOLD
    assert any("by models, not by people" in reason for reason in found.reasons)


def test_people_come_before_models(judged, world, coverage, good, only):
    """Where a person labelled, even `exploratory` passes a model's label over; elsewhere it fills in, which is said."""
    some = np.arange(1500) % 5 == 0
    people = world.labels(coverage, ranks=only(some))
    wrong = world.labels(
        coverage, labeller="llm", kind=LabellerKind.MODEL, ranks=np.where(some, 4 - world.truth, world.truth)
    )
    (found,) = judged(good, people + wrong, load_policy("exploratory"))
    assert found.decision is Decision.PASS
    assert any(
        "1500 labelled tasks (300 by persons, 1200 by models, not by people)" in reason for reason in found.reasons
    )
    (found,) = judged(good, people + wrong)
    assert any("300 tasks labelled by persons" in reason for reason in found.reasons)


def test_a_rater_must_come_near_the_agreement_of_people(judged, world, coverage):
    """Two labellers who nearly always agree hold a middling rater; two who agree as little as it does let it pass."""
    rng = np.random.default_rng(5)
    rater = world.noisy(rng, right=0.5)
    for right, decision in ((0.98, Decision.HOLD), (0.5, Decision.PASS)):
        labels = [
            label for name in ("ann", "bob") for label in world.labels(coverage, name, ranks=world.noisy(rng, right))
        ]
        (found,) = judged(rater, labels)
        assert found.decision is decision
        ceiling = [reason for reason in found.reasons if "people among themselves" in reason]
        assert len(ceiling) == 1
        assert ("too far below" in ceiling[0]) == (decision is Decision.HOLD)
        assert "1500 tasks with two labels or more" in ceiling[0]


def test_several_labels_of_one_task_are_one_piece_of_evidence(judged, world, coverage, good, only):
    """Three people on the same 50 tasks are 50 labelled tasks, not 150: too few."""
    mask = np.random.default_rng(0).permutation(1500) < 50
    labels = [label for name in ("ann", "bob", "cay") for label in world.labels(coverage, name, ranks=only(mask))]
    (found,) = judged(good, labels)
    assert found.decision is Decision.HOLD
    assert any(reason.startswith("50 tasks labelled by persons") for reason in found.reasons)
