import numpy as np
import pytest

from eval import RaterColumn, TaskFacts
from eval.columns import Frame
from eval.variants import order_sensitivity
from scorer.rubrics import load_rubric

RUBRIC = load_rubric("coverage")
N = 240
TASKS = {str(i): TaskFacts(f"15-{1000 + i // 12:04d}.00") for i in range(N)}
FRAME = Frame(TASKS, TASKS)
VALUES = RUBRIC.ordered_values


def asked(base, reversed_scale):
    wordings = {
        str(i): {"base": VALUES[a], "reversed-categories": VALUES[b]}
        for i, (a, b) in enumerate(zip(base, reversed_scale, strict=True))
    }
    return {row.metric: row for row in order_sensitivity(RaterColumn("r1", {}, wordings=wordings), FRAME, RUBRIC, 0)}


def test_a_rater_that_reads_the_anchors_does_not_care_about_order():
    """The same answers in both orders: ICC 1, no position bias."""
    codes = np.random.default_rng(0).integers(0, 5, N)
    found = asked(codes, codes)
    assert found["icc_variants"].value == pytest.approx(1.0)
    assert (found["position_bias"].value, found["position_bias"].n) == (0.0, N)


def test_a_rater_that_likes_what_stands_first_is_found_out():
    """A step down where 0 stands first and a step up where 100 does: 25 points towards the first."""
    codes = np.random.default_rng(1).integers(1, 4, N)
    found = asked(codes - 1, codes + 1)["position_bias"]
    assert (found.value, found.ci_low, found.ci_high) == (25.0, 25.0, 25.0)
    assert asked(codes + 1, codes - 1)["position_bias"].value == -25.0


def test_noise_is_no_position_bias():
    """Answers that differ by chance lower the ICC; the interval of the bias holds 0."""
    rng = np.random.default_rng(2)
    found = asked(rng.integers(0, 5, N), rng.integers(0, 5, N))
    assert found["position_bias"].ci_low < 0 < found["position_bias"].ci_high
    assert abs(found["icc_variants"].value) < 0.25


def test_a_rater_asked_in_one_wording_has_no_row():
    """Without a second order there is nothing to say."""
    assert list(order_sensitivity(RaterColumn("r1", {"1": "0"}), FRAME, RUBRIC, 0)) == []
