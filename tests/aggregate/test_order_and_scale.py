import numpy as np
import pytest
from aggregate_builders import CARPENTRY, COVERAGE, SOFTWARE, Row, passes, task
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.aggregate import Method, aggregate, task_weights
from scorer.aggregate.census import Census
from scorer.domain.catalogue import TaskKind

TASKS = [task(str(i), SOFTWARE if i < 5 else CARPENTRY, list(TaskKind)[i % 3]) for i in range(9)]
RATERS = ["a", "b", "c"]
ANSWERS = st.sampled_from([0.0, 25.0, 50.0, 75.0, 100.0, None])


@st.composite
def ratings(draw):
    return [
        Row(t.task_id, rater, score=answer, status="rated" if answer is not None else "refused", repeat=repeat)
        for t in TASKS
        for rater in RATERS
        for repeat in range(2)
        for answer in [draw(ANSWERS)]
    ]


@settings(max_examples=12, deadline=None)
@given(rows=ratings(), shuffler=st.randoms(use_true_random=False), reduce=st.sampled_from(["mean", "median", "mode"]))
def test_the_order_of_rows_and_tasks_never_matters(rows, shuffler, reduce):
    """The same ratings in any order give the same rows to the last bit, rank intervals included."""
    method = Method(reduce=reduce, draws=50)
    verdicts = passes("panel", *RATERS)
    shuffled = shuffler.sample(rows, len(rows)), shuffler.sample(TASKS, len(TASKS))
    assert aggregate(*shuffled, COVERAGE, verdicts, method) == aggregate(rows, TASKS, COVERAGE, verdicts, method)


@settings(max_examples=12, deadline=None)
@given(rows=ratings())
def test_the_names_of_raters_never_matter_to_the_panel(rows):
    """Renaming the raters, and so reordering them, leaves the panel's rows as they are."""
    names = dict(zip(RATERS, ["z", "y", "x"], strict=True))
    verdicts = passes("panel", *RATERS, *names.values())
    before = aggregate(rows, TASKS, COVERAGE, verdicts, Method(draws=50))
    after = aggregate([row._replace(rater=names[row.rater]) for row in rows], TASKS, COVERAGE, verdicts)
    assert [c.score for c in after.consensus] == [c.score for c in before.consensus]
    for old, new in zip(_panel(before), _panel(after), strict=True):
        assert (new.score, new.share_50, new.completeness) == (old.score, old.share_50, old.completeness)
        assert (new.ci_low, new.ci_high) == pytest.approx((old.ci_low, old.ci_high))


@settings(max_examples=12, deadline=None)
@given(rows=ratings(), scheme=st.sampled_from(["core2", "equal"]))
def test_a_score_lies_within_its_tasks(rows, scheme):
    """A weighted mean is never outside what it averages; a share and a completeness are within 0 and 1."""
    everything = aggregate(rows, TASKS, COVERAGE, passes("panel", *RATERS), Method(weights=scheme, draws=50))
    code = {t.task_id: t.occupation_code for t in TASKS}
    for row in everything.occupation_scores:
        assert 0.0 <= row.completeness <= 1.0
        if row.rater in RATERS and row.score is not None:
            numbers = [
                s.score
                for s in everything.task_scores
                if s.score is not None and s.rater == row.rater and code[s.task_id] == row.occupation_code
            ]
            assert min(numbers) - 1e-9 <= row.score <= max(numbers) + 1e-9
            assert 0.0 <= row.share_50 <= 1.0


@settings(max_examples=12, deadline=None)
@given(answers=st.lists(ANSWERS, min_size=len(TASKS), max_size=len(TASKS)), factor=st.floats(1e-3, 1e3))
def test_scaling_all_weights_changes_nothing(answers, factor):
    """Only the ratios of weights count."""
    weights = task_weights(TASKS, "core2")
    scaled = weights._replace(by_task={t: factor * w for t, w in weights.by_task.items()})
    scores = np.array([np.nan if answer is None else answer for answer in answers])
    one, other = (Census.take(TASKS, w).summarise(scores, 50.0) for w in (weights, scaled))
    for before, after in zip(one, other, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-9)


def _panel(everything):
    return [row for row in everything.occupation_scores if row.rater == "panel"]
