import numpy as np
import pytest

from eval import RaterColumn, TaskFacts
from eval.rubric_comparison import compare_rubrics
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.errors import LabelError
from scorer.rubrics import load_rubric

OLD = load_rubric("coverage")
NEW = OLD.model_copy(update={"version": 9, "sha256": "9" * 64})
N = 300
TASKS = {str(i): TaskFacts(f"{11 + 2 * (i % 12)}-{1000 + i // 12:04d}.00") for i in range(N)}
VALUES = np.array(OLD.ordered_values)
RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 5, N)


def noisy(accuracy):
    return np.where(RNG.random(N) < accuracy, TRUTH, RNG.integers(0, 5, N))


def column(codes):
    return RaterColumn("r1", {str(i): str(VALUES[code]) for i, code in enumerate(codes)})


def labels(of=OLD, origin=LabelOrigin.IMPORT):
    given = {"label_set": "people", "labeller": "anna", "labeller_kind": LabellerKind.PERSON, "origin": origin}
    return [
        Label(task_id=str(i), rubric=of.id, category=str(VALUES[c]), score=OLD.number(str(VALUES[c])), **given)
        for i, c in enumerate(TRUTH)
    ]


def compared(before, after, said=None):
    rows = compare_rubrics((OLD, NEW), [(column(before), column(after))], labels() if said is None else said, TASKS)
    return {row.metric: row.difference for row in rows}


def test_a_wording_that_helps_is_clearly_better():
    """From right half of the time to right nine times in ten: alpha rises, and the interval leaves out 0."""
    found = compared(noisy(0.5), noisy(0.9))
    assert found["alpha_ordinal"].difference.value > 0.2
    assert found["alpha_ordinal"].is_clear
    assert found["alpha_ordinal"].n == N


def test_two_wordings_alike_are_not_told_apart():
    """The same accuracy under both: the interval of the difference holds 0."""
    assert not compared(noisy(0.7), noisy(0.7))["alpha_ordinal"].is_clear


def test_labels_on_either_wording_count_and_reviews_never():
    """Labels made with the new rubric serve both; resolutions by reviewers are no labels."""
    before, after = noisy(0.5), noisy(0.9)
    assert compared(before, after, labels(NEW)) == compared(before, after)
    with pytest.raises(LabelError, match="no labels on coverage@1 or coverage@9"):
        compared(before, after, labels(origin=LabelOrigin.REVIEW))


def test_another_scale_is_refused():
    """Exposure and coverage have no label in common."""
    with pytest.raises(LabelError, match="different scales"):
        compare_rubrics((OLD, load_rubric("exposure")), [], labels(), TASKS)
