"""The gate over 200 simulated label sets: 1,500 labels in 20 SOC groups; both error rates are printed and bounded."""

import numpy as np
import pytest

from eval import load_policy
from eval.columns import Column, Frame
from eval.evidence import Evidence, LabelColumns
from eval.gate import judge
from scorer.domain.evaluation import Decision

SEEDS = range(200)
DEFAULT = load_policy("default")
GROUPS_APART = DEFAULT.model_copy(update={"group_min_labels": 1_000})
"""Judges the whole only: quicker, and a group that is held makes nobody pass."""
GROUP = 75
"""Labels in one SOC group: the first of the tasks."""


@pytest.fixture(scope="module")
def frame(worlds):
    """The tasks, which are the same under every seed; what is right about them is not."""
    world = worlds(0)
    return Frame(world.tasks, world.tasks)


@pytest.fixture(scope="module")
def truths(worlds):
    """What is right in each world, in the order of the frame."""
    return [world.truth[np.argsort(list(world.tasks))] for world in map(worlds, SEEDS)]


@pytest.fixture(scope="module")
def case(frame, truths, coverage):
    return frame, truths, coverage


def column(name, ranks):
    """One answer a task, encoded without the detour over names."""
    n = len(ranks)
    said = np.ones(n, dtype=bool)
    return Column(name, np.eye(5)[ranks], np.zeros(n, dtype="U64"), np.ones(n), said, ~said)


def noisy(rng, truth):
    """Right in seven of ten, else one step aside where there is room: as people differ."""
    moved = truth + np.where(rng.random(len(truth)) < 0.7, 0, rng.choice([-1, 1], len(truth)))
    return np.where((moved < 0) | (moved > 4), truth, moved)


def decisions(case, ranks_of, labels_of=lambda truth, _: truth, policy=DEFAULT):
    """Decisions at level `all`, and the groups held by themselves, one of each a seed."""
    frame, truths, rubric = case
    overall, groups = [], []
    for seed, truth in zip(SEEDS, truths, strict=True):
        rng = np.random.default_rng(1000 + seed)
        labels = LabelColumns("people", (column("people/ann", labels_of(truth, rng)),), ())
        first, *others = judge(Evidence(frame, rubric, policy, 0, column("r", ranks_of(truth, rng)), labels))
        overall.append(first.decision)
        groups.append({verdict.level for verdict in others})
    return overall, groups


def tell(text):
    print(text)  # noqa: T201 - for the log of the tests


def share(overall, decision):
    return sum(found is decision for found in overall) / len(overall)


def right(truth, _):
    """What somebody says who is always right."""
    return truth


@pytest.mark.parametrize(
    ("name", "ranks_of", "labels_of"),
    [
        ("random answers", lambda truth, rng: rng.integers(0, 5, len(truth)), right),
        ("commonest category", lambda truth, _: np.full_like(truth, np.bincount(truth).argmax()), right),
        ("shuffled labels", lambda truth, rng: noisy(rng, truth), lambda truth, rng: rng.permutation(truth)),
    ],
)
def test_a_rater_without_skill_is_always_held(case, name, ranks_of, labels_of):
    """Random answers, always the commonest category, and a good rater against shuffled labels never pass in 200."""
    overall, _ = decisions(case, ranks_of, labels_of, GROUPS_APART)
    tell(f"{name}: passed {share(overall, Decision.PASS):.3f}")
    assert share(overall, Decision.PASS) == 0


def test_a_rater_that_is_right_with_noise_passes_and_no_group_is_held(case):
    """Human-like noise without bias: held in at most one of a hundred sets, and hardly ever in a group."""
    overall, groups = decisions(case, lambda truth, rng: noisy(rng, truth))
    held_groups = sum(map(len, groups)) / (20 * len(SEEDS))
    tell(f"right with noise: held {share(overall, Decision.HOLD):.3f}, groups held {held_groups:.4f}")
    assert share(overall, Decision.HOLD) <= 0.01
    assert held_groups <= 0.005


def test_labels_shifted_in_one_group_hold_that_group(case):
    """One category up in the labels of one SOC group: found in nearly every set, and hardly ever elsewhere."""
    first = case[0].soc_groups["soc:11"]
    assert first.sum() == GROUP
    overall, groups = decisions(
        case,
        lambda truth, rng: noisy(rng, truth),
        lambda truth, _: np.where(first, np.minimum(truth + 1, 4), truth),
    )
    found = sum("soc:11" in held for held in groups) / len(SEEDS)
    elsewhere = sum(len(held - {"soc:11"}) for held in groups) / (19 * len(SEEDS))
    tell(
        f"shifted group: found {found:.3f}, held elsewhere {elsewhere:.4f}; passed {share(overall, Decision.PASS):.3f}"
    )
    assert found >= 0.95
    assert elsewhere <= 0.005
    assert share(overall, Decision.PASS) >= 0.99
