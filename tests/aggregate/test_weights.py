import pytest
from aggregate_builders import COVERAGE, PASSED, SOFTWARE, passes, score, task

from scorer.aggregate import SCHEMES, Method, occupation_scores, task_weights
from scorer.domain.catalogue import TaskKind
from scorer.errors import ConfigurationError

RATED = {"relevance": 80.0, "importance": 4.5, "frequency": 3.2}


@pytest.mark.parametrize(
    ("scheme", "weight"), [("core2", 2.0), ("relevance-importance", 3.6), ("time", 3.2), ("equal", 1.0)]
)
def test_each_scheme_weighs_as_it_says(scheme, weight):
    """Core counts two, relevance times importance is RT/100 x IM, time is the frequency, equal is one."""
    assert task_weights([task("1", **RATED)], scheme).by_task == {"1": pytest.approx(weight)}


@pytest.mark.parametrize("kind", [TaskKind.SUPPLEMENTAL, TaskKind.UNCLASSIFIED])
def test_whatever_is_not_core_counts_one_in_core2(kind):
    """Supplemental and unclassified tasks have weight 1 under core2."""
    assert task_weights([task("1", kind=kind)], "core2").by_task == {"1": 1.0}


@pytest.mark.parametrize("missing", ["relevance", "importance"])
def test_a_missing_survey_rating_is_no_weight_and_never_a_middling_one(missing):
    """A task without importance is not weighed as if its importance were 3.0: it has no weight at all."""
    survey = {**RATED, missing: None}
    assert task_weights([task("1", **survey)], "relevance-importance").by_task == {}


def test_tasks_without_a_weight_are_left_out_and_counted():
    """The mean runs over weighted tasks only, and the row says how many others there are."""
    tasks = [task(str(i), **RATED) for i in range(9)] + [task("9")]
    scores = [score(i, 25.0) for i in range(9)] + [score(9, 100.0)]
    (row,) = _of_rater(occupation_scores(tasks, scores, COVERAGE, passes("r1"), Method(weights="relevance-importance")))
    assert (row.score, row.n_tasks) == (pytest.approx(25.0), 9)
    assert (row.completeness, row.status) == (1.0, "published")
    assert row.reasons[1] == "1 of 10 tasks are left out: they lack a relevance and an importance rating"


def test_an_occupation_with_few_weighted_tasks_is_held():
    """One weighted task of four does not speak for an occupation, complete as the rating of that one is."""
    tasks = [task("0", **RATED), task("1"), task("2"), task("3")]
    scores = [score(i, 25.0) for i in range(4)]
    (row,) = _of_rater(occupation_scores(tasks, scores, COVERAGE, passes("r1"), Method(weights="relevance-importance")))
    assert (row.status, row.reasons[0]) == ("held", "share of tasks with a weight .25 < .80")


def test_an_occupation_without_any_weight_is_held_and_says_so():
    """Where no task has the ratings that the scheme needs there is no number, and the reason is the weights."""
    method = Method(weights="relevance-importance")
    (row,) = _of_rater(occupation_scores([task("1")], [score(1, 75.0)], COVERAGE, passes("r1"), method))
    assert (row.occupation_code, row.score, row.n_tasks, row.completeness) == (SOFTWARE, None, 0, 0.0)
    assert row.status == "held"
    assert row.reasons == ("no weights: no task has a relevance and an importance rating above zero", PASSED)


def test_an_unknown_scheme_is_refused_with_the_known_ones():
    """A misspelt scheme is an error that lists what there is."""
    with pytest.raises(ConfigurationError, match=f"`core3`; choose one of {', '.join(SCHEMES)}"):
        task_weights([], "core3")


def _of_rater(rows):
    return [row for row in rows if row.rater == "r1"]
