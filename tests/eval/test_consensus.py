import numpy as np
import pytest

from eval import RaterColumn, TaskFacts
from eval.agreement import metrics_of, pair
from eval.columns import Frame, encode_rater
from eval.consensus import combinations_beside_labels
from eval.evidence import LabelColumns
from eval.paired import paired_difference
from scorer.domain.evaluation import Undefined
from scorer.rubrics import load_rubric

RUBRIC = load_rubric("exposure")
N = 900
TASKS = {str(i): TaskFacts(f"{11 + 2 * (i % 12)}-{1000 + i // 12:04d}.00") for i in range(N)}
VALUES = np.array(RUBRIC.ordered_values)


def noisy(rng, truth, accuracy):
    return np.where(rng.random(N) < accuracy, truth, rng.integers(0, 3, N))


def column(name, codes):
    return RaterColumn(name, {str(i): str(VALUES[code]) for i, code in enumerate(codes)})


def combined(*answers, truth):
    """Rows and notes of the combinations of these raters, beside one person who is right."""
    frame = Frame(TASKS, TASKS)
    seats = [encode_rater(frame, RUBRIC, column(f"r{j}", codes)) for j, codes in enumerate(answers)]
    people = LabelColumns("people", (encode_rater(frame, RUBRIC, column("people/anna", truth)),), ())
    return combinations_beside_labels(frame, RUBRIC, seats, [people], 0)


def test_raters_that_err_apart_make_a_better_panel():
    """Five raters with errors of their own: the labels say that a panel beats the best of them."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, N)
    rows, notes = combined(*(noisy(rng, truth, 0.7) for _ in range(5)), truth=truth)
    (sentence,) = [note for note in notes if note.startswith("people: best member")]
    assert sentence.endswith("a panel beats it")
    alphas = {row.rater: row.value for row in rows if row.metric == "alpha_ordinal"}
    assert list(alphas) == ["panel:mean", "panel:median", "panel:mode", "panel:dawid-skene"]
    assert alphas["panel:dawid-skene"] > float(sentence.split("alpha_ordinal ")[1][:5]) + 0.05
    assert "panel:dawid-skene: converged after" in " ".join(notes)


def test_a_good_rater_is_not_improved_by_poor_ones():
    """One right rater and two poor ones: the sentence says that no panel beats it."""
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, N)
    _, notes = combined(*(noisy(rng, truth, p) for p in (0.95, 0.5, 0.5)), truth=truth)
    (sentence,) = [note for note in notes if note.startswith("people: best member")]
    assert "best member r0" in sentence
    assert sentence.endswith("no panel beats it")


def test_one_member_is_nothing_to_combine():
    """With one rater there is neither a row nor a sentence about combinations."""
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, N)
    assert combined(noisy(rng, truth, 0.9), truth=truth) == ([], [])


def differences(one, other, truth):
    frame = Frame(TASKS, TASKS)
    first, second, people = (
        encode_rater(frame, RUBRIC, column(n, c)) for n, c in zip("abp", (one, other, truth), strict=True)
    )
    metric = metrics_of(RUBRIC)["raw_agreement"]
    return paired_difference(pair(first, people), pair(second, people), frame, metric, 0)


def test_a_paired_difference_is_narrower_than_two_intervals():
    """Two raters that share nearly all errors: a difference of two points is clear, though each varies by six."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, N)
    one = noisy(rng, truth, 0.7)
    other = one.copy()
    wrong = np.flatnonzero(one == truth)[:20]
    other[wrong] = (other[wrong] + 1) % 3
    found = differences(one, other, truth)
    assert found.difference.value == pytest.approx(20 / N)
    assert found.is_clear
    assert found.n == N


def test_a_column_does_not_differ_from_itself():
    """The difference is 0 with an interval of no width, and is not clear."""
    rng = np.random.default_rng(4)
    truth = rng.integers(0, 3, N)
    one = noisy(rng, truth, 0.7)
    found = differences(one, one, truth)
    assert (found.difference.value, found.difference.interval, found.is_clear) == (0.0, (0.0, 0.0), False)


def test_no_common_task_is_a_reason():
    """Two raters without a common task have no difference."""
    frame = Frame(TASKS, TASKS)
    half = [
        encode_rater(frame, RUBRIC, RaterColumn(n, dict.fromkeys(ids, "E0")))
        for n, ids in zip("ab", (["0"], ["1"]), strict=True)
    ]
    people = encode_rater(frame, RUBRIC, column("p", np.zeros(N, dtype=int)))
    found = paired_difference(pair(half[0], people), pair(half[1], people), frame, metrics_of(RUBRIC)["kappa"], 0)
    assert found.difference.value is Undefined.NO_OVERLAP
