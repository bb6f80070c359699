"""The alternative annotator test: a rater like people may stand in for one, a worse one may not."""

import numpy as np
import pytest
from scipy import stats

from eval import load_policy
from eval.annotators import alternative_annotator_test
from eval.columns import Frame, encode_labels, encode_rater
from eval.gate_people import TWO
from scorer.domain.evaluation import Decision

PEOPLE = ("ann", "bob", "cay")


@pytest.fixture(scope="module")
def small(worlds):
    return worlds(seed=3, occupations=3)


@pytest.fixture(scope="module")
def said(small):
    """What three people said, as ranks: the truth with noise."""
    rng = np.random.default_rng(0)
    return {name: small.noisy(rng) for name in PEOPLE}


def the_test(small, rubric, ranks, said, *, epsilon=0.2, min_tasks=30):
    frame = Frame(small.tasks, small.tasks)
    people = [encode_labels(frame, rubric, name, small.labels(rubric, name, ranks=own)) for name, own in said.items()]
    return alternative_annotator_test(
        encode_rater(frame, rubric, small.rater(rubric, "r", ranks)), people, rubric, epsilon, min_tasks
    )


def test_a_rater_like_people_wins_and_a_random_one_loses(small, coverage, said):
    """Human-like noise does as well as all three; random answers as none; the truth wins by far."""
    rng = np.random.default_rng(1)
    like, random, truth = (
        the_test(small, coverage, ranks, said) for ranks in (small.noisy(rng), rng.integers(0, 5, 300), small.truth)
    )
    assert (like.people, like.omega) == (3, 1.0)
    assert (random.people, random.omega) == (3, 0.0)
    assert truth.advantage > like.advantage > random.advantage


def test_the_decision_about_one_person_is_the_t_test_of_scipy(small, coverage, said):
    """Differences of winning, counted task by task, against epsilon: the same verdicts as by hand."""
    ranks = small.noisy(np.random.default_rng(1), right=0.45)
    p_values = []
    for name, own in said.items():
        others = np.stack([said[other] for other in PEOPLE if other != name])
        of_rater, of_person = (((one - others) ** 2).mean(axis=0) for one in (ranks, own))
        lost_minus_won = (of_person <= of_rater).astype(float) - (of_rater <= of_person)
        p_values.append(stats.ttest_1samp(lost_minus_won, 0.1, alternative="less").pvalue)
    won = int((stats.false_discovery_control(p_values, method="by") <= 0.05).sum())
    assert the_test(small, coverage, ranks, said, epsilon=0.1).won == won


def test_two_people_or_few_tasks_are_no_test(small, coverage, said):
    """Below three people with enough tasks there is nothing, not a win."""
    assert the_test(small, coverage, small.truth, {name: said[name] for name in PEOPLE[:TWO]}) is None
    assert the_test(small, coverage, small.truth, said, min_tasks=301) is None


def test_the_gate_holds_who_is_worse_than_people(verdicts_of, small, coverage, said):
    """The rule stands in the reasons; a rater behind everybody is held for it, one like people is not."""
    labels = [label for name, own in said.items() for label in small.labels(coverage, name, ranks=own)]
    rng = np.random.default_rng(2)
    lenient = load_policy("default").model_copy(update={"floor": -1.0, "ceiling_margin": 2.0})
    good, *_ = verdicts_of(coverage, small, small.rater(coverage, "r", small.noisy(rng)), labels, lenient)
    assert good.decision is Decision.PASS
    assert "alternative annotator test: as good as 3 of 3 labellers" in " ".join(good.reasons)
    bad, *_ = verdicts_of(coverage, small, small.rater(coverage, "r", rng.permutation(small.truth)), labels, lenient)
    assert bad.decision is Decision.HOLD
    assert any("as good as 0 of 3 labellers (omega .00; at least .50" in reason for reason in bad.reasons)
