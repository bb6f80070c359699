import csv

import numpy as np
import pytest
from shared_data import SHARED, needs_shared

from scorer.statistics import dawid_skene

ORDER = ("E0", "E2", "E1")
COLUMNS = ("human_exposure_agg", "gpt4_exposure", "gpt4_exposure_alt_rubric")


def one_hot(codes, k):
    return np.eye(k)[codes]


def simulated(rng, n=3000, raters=4, accuracy=0.8):
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    right = rng.random((n, raters)) < accuracy
    return truth, np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, 3, (n, raters))) % 3)


@needs_shared
@pytest.mark.shared
def test_the_published_labels_have_the_published_consensus():
    """Human and both GPT-4 columns: E0 9829, E2 7662, E1 1774; .7474 agreement with the human, after convergence."""
    with (SHARED / "data/labels/gpts_are_gpts/full_labelset.tsv").open(newline="", encoding="utf-8") as lines:
        codes = np.array([[ORDER.index(row[c]) for c in COLUMNS] for row in csv.DictReader(lines, delimiter="\t")])
    fit = dawid_skene(one_hot(codes, 3))
    assert np.bincount(fit.category.astype(int)).tolist() == [9829, 7662, 1774]
    assert round(float((fit.category == codes[:, 0]).mean()), 4) == 0.7474
    assert fit.converged
    assert fit.iterations > 100


def test_stopped_early_it_says_so():
    """After five iterations the solution is another one, and it is called unconverged."""
    _, codes = simulated(np.random.default_rng(0))
    fit = dawid_skene(one_hot(codes, 3), max_iterations=5)
    assert not fit.converged
    assert "not converged after 5 iterations" in fit.problems


def test_it_finds_how_raters_err_and_beats_the_best_of_them():
    """Four raters who are right four times in five: accuracies within 3 points, consensus better than any of them."""
    truth, codes = simulated(np.random.default_rng(1))
    fit = dawid_skene(one_hot(codes, 3))
    assert fit.problems == ()
    assert np.diagonal(fit.errors, axis1=1, axis2=2) == pytest.approx(np.full((4, 3), 0.8), abs=0.05)
    assert (fit.category == truth).mean() > (codes == truth[:, None]).mean(axis=0).max() + 0.05


def test_two_raters_do_not_identify_it():
    """With two raters the same answers fit many truths, and the fit says so."""
    _, codes = simulated(np.random.default_rng(2), n=300, raters=2)
    assert any("not identifiable" in problem for problem in dawid_skene(one_hot(codes, 3)).problems)


def test_unused_categories_and_strangers_are_named():
    """A category nobody meant and raters without common tasks leave part of the fit to chance."""
    codes = np.zeros((40, 3), dtype=int)
    codes[::2] = 1
    counts = one_hot(codes, 3)
    counts[:20, 1] = 0
    counts[20:, 2] = 0
    problems = " ".join(dawid_skene(counts).problems)
    assert "share 0 tasks" in problems
    assert "1 of 3 categories" in problems


def test_a_task_nobody_answered_has_no_category():
    """No answer is NaN, and moves nobody else."""
    _, codes = simulated(np.random.default_rng(3), n=200)
    counts = one_hot(codes, 3)
    fit = dawid_skene(np.concatenate([counts, np.zeros((2, 4, 3))]))
    assert np.isnan(fit.category[200:]).all()
    assert np.array_equal(fit.category[:200], dawid_skene(counts).category)


def test_the_order_of_raters_and_tasks_never_matters():
    """Shuffled, everybody gets the same category."""
    rng = np.random.default_rng(4)
    _, codes = simulated(rng, n=400)
    tasks, raters = rng.permutation(400), rng.permutation(4)
    whole, shuffled = dawid_skene(one_hot(codes, 3)), dawid_skene(one_hot(codes[tasks][:, raters], 3))
    assert np.array_equal(whole.category[tasks], shuffled.category)
