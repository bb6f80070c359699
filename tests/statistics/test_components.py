import numpy as np
import pytest

from scorer.domain.evaluation import Undefined
from scorer.statistics import variance_components

SHROUT_AND_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
FACTORS = ("task", "rater", "variant")


def test_two_way_components_are_those_of_the_textbook_mean_squares():
    """The same table: mean squares 11.24, 32.49 and 1.02 give the components of targets and judges."""
    found = variance_components(SHROUT_AND_FLEISS[..., None].astype(float), ("target", "judge"))
    assert found["target"].variance == pytest.approx((11.24 - 1.02) / 4, abs=0.005)
    assert found["judge"].variance == pytest.approx((32.49 - 1.02) / 6, abs=0.005)
    assert (found["target x judge"].variance, found["target x judge"].df) == (pytest.approx(1.02, abs=0.005), 15)


def test_simulated_components_come_out_as_they_went_in():
    """The mean over 60 simulated designs lies within four standard errors of every component that was put in."""
    rng = np.random.default_rng(0)
    shapes = {"task": (40, 1, 1, 1), "rater": (1, 5, 1, 1), "variant": (1, 1, 4, 1), "task x rater": (40, 5, 1, 1)}
    sd = {"task": 10.0, "rater": 5.0, "variant": 3.0, "task x rater": 4.0, "repeat": 6.0}
    drawn = []
    for _ in range(60):
        answers = rng.normal(0, sd["repeat"], (40, 5, 4, 2)) + sum(rng.normal(0, sd[k], s) for k, s in shapes.items())
        drawn.append([variance_components(answers, FACTORS)[name].variance for name in sd])
    mean, error = np.mean(drawn, axis=0), np.std(drawn, axis=0) / 60**0.5
    assert np.all(np.abs(mean - np.square(list(sd.values()))) < 4 * error)


def test_one_rater_without_repeats_shows_neither_raters_nor_repeats():
    """What has one level only, or is not repeated, has a reason and no number."""
    found = variance_components(np.arange(24.0).reshape(6, 1, 4, 1), FACTORS)
    assert found["rater"].variance is Undefined.ONE_LEVEL
    assert found["repeat"].variance is Undefined.CONFOUNDED


def test_the_order_of_raters_and_tasks_never_matters():
    """Shuffled tasks, raters and wordings have the same components."""
    rng = np.random.default_rng(1)
    answers = rng.normal(size=(7, 3, 4, 2))
    shuffled = answers[rng.permutation(7)][:, rng.permutation(3)][:, :, rng.permutation(4)]
    one, other = variance_components(answers, FACTORS), variance_components(shuffled, FACTORS)
    assert [c.variance for c in one.values()] == pytest.approx([c.variance for c in other.values()])
