"""The gate over many simulated label sets: 1,500 labels in 20 SOC groups, two dozen seeds, both error rates printed."""

import numpy as np

from eval import load_policy
from scorer.domain.evaluation import Decision

SEEDS = range(24)


def decisions(worlds, verdicts_of, rubric, ranks_of, labels_of=None):
    """Decisions at level `all`, and the groups held by themselves, one of each a seed."""
    policy, overall, groups = load_policy("default"), [], []
    for seed in SEEDS:
        world, rng = worlds(seed), np.random.default_rng(1000 + seed)
        labelled = world.truth if labels_of is None else labels_of(world, rng)
        rater = world.rater(rubric, "r", ranks_of(world, rng))
        first, *others = verdicts_of(rubric, world, rater, world.labels(rubric, ranks=labelled), policy)
        overall.append(first.decision)
        groups.append({verdict.level for verdict in others})
    return overall, groups


def tell(text):
    print(text)  # noqa: T201 - for the log of the tests


def share(overall, decision):
    return sum(found is decision for found in overall) / len(overall)


def test_a_rater_without_skill_is_always_held(worlds, verdicts_of, coverage):
    """Random answers, always the commonest category, and a good rater against shuffled labels never pass."""
    for name, ranks_of, labels_of in (
        ("random", lambda world, rng: rng.integers(0, 5, len(world.truth)), None),
        ("commonest category", lambda world, _: np.full(len(world.truth), np.bincount(world.truth).argmax()), None),
        ("shuffled labels", lambda world, rng: world.noisy(rng), lambda world, rng: rng.permutation(world.truth)),
    ):
        overall, _ = decisions(worlds, verdicts_of, coverage, ranks_of, labels_of)
        tell(f"{name}: passed {share(overall, Decision.PASS):.3f}")
        assert share(overall, Decision.PASS) == 0


def test_a_rater_that_is_right_with_noise_passes_and_no_group_is_held(worlds, verdicts_of, coverage):
    """Human-like noise without bias: held in at most one of twenty-four sets, and hardly ever in a group."""
    overall, groups = decisions(worlds, verdicts_of, coverage, lambda world, rng: world.noisy(rng))
    held_groups = sum(map(len, groups)) / (20 * len(SEEDS))
    tell(f"right with noise: held {share(overall, Decision.HOLD):.3f}, groups held {held_groups:.4f}")
    assert share(overall, Decision.HOLD) <= 1 / 24
    assert held_groups <= 0.01


def test_labels_shifted_in_one_group_hold_that_group(worlds, verdicts_of, coverage):
    """One category up in the labels of one SOC group: found in nearly every set, and hardly ever elsewhere."""

    def shifted(world, _):
        return np.where(np.arange(len(world.truth)) < 75, np.minimum(world.truth + 1, 4), world.truth)

    overall, groups = decisions(worlds, verdicts_of, coverage, lambda world, rng: world.noisy(rng), shifted)
    found = sum("soc:11" in held for held in groups) / len(SEEDS)
    elsewhere = sum(len(held - {"soc:11"}) for held in groups)
    tell(f"shifted group: found {found:.3f}, other groups held {elsewhere}, passed {share(overall, Decision.PASS):.3f}")
    assert found >= 0.9
    assert elsewhere <= 2
