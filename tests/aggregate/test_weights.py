import pytest
from aggregate_builders import CARPENTRY, COVERAGE, PASSED, SOFTWARE, Row, passes, rubric, score, task

from scorer.aggregate import SCHEMES, Method, aggregate, occupation_scores, task_weights
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
    tasks = [task("1", **{**RATED, missing: None}), task("2", **RATED)]
    assert task_weights(tasks, "relevance-importance").by_task == {"2": pytest.approx(3.6)}


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


@pytest.mark.parametrize("survey", [{}, {"relevance": 0.0, "importance": 1.0}])
def test_an_occupation_without_any_weight_counts_its_tasks_alike_and_says_so(survey):
    """Where no task has the ratings that the scheme needs, the mean is the plain one, and the row gives the rule."""
    method = Method(weights="relevance-importance")
    tasks = [task("1", **survey), task("2", **survey)]
    scores = [score(1, 75.0), score(2, 25.0)]
    (row,) = _of_rater(occupation_scores(tasks, scores, COVERAGE, passes("r1"), method))
    assert (row.occupation_code, row.score, row.n_tasks, row.completeness) == (SOFTWARE, 50.0, 2, 1.0)
    assert row.status == "published"
    rule = "all 2 tasks count the same: none has a relevance and an importance rating above zero"
    assert row.reasons[:2] == (PASSED, rule)


def test_occupations_that_fall_back_are_told_from_the_others():
    """Each occupation by itself: one without ratings does not change the weights of another."""
    tasks = [task("1", **RATED), task("2", "15-2051.00")]
    weights = task_weights(tasks, "time")
    assert weights.by_task == {"1": 3.2, "2": 1.0}
    assert weights.fallback == {"15-2051.00"}
    assert task_weights(tasks, "core2").fallback == frozenset()


def test_an_unknown_scheme_is_refused_with_the_known_ones():
    """A misspelt scheme is an error that lists what there is."""
    with pytest.raises(ConfigurationError, match=f"`core3`; choose one of {', '.join(SCHEMES)}"):
        task_weights([], "core3")


def test_a_forecast_is_about_the_core_tasks():
    """On `outlook` an occupation counts its core tasks, rated or not, and all of them where none is core."""
    kinds = {"1": TaskKind.CORE, "2": TaskKind.CORE, "3": TaskKind.SUPPLEMENTAL}
    tasks = [task(name, kind=kind) for name, kind in kinds.items()]
    tasks.append(task("4", CARPENTRY, TaskKind.UNCLASSIFIED))
    rows = [Row(name, score=number) for name, number in (("1", 25.0), ("3", 100.0), ("4", 50.0))]
    outlook = rubric("outlook")
    found = _of_rater(aggregate(rows, tasks, outlook, passes("r1", of=outlook)).occupation_scores)
    assert [(row.score, row.n_tasks, row.completeness) for row in found] == [(25.0, 1, 0.5), (50.0, 1, 1.0)]


def _of_rater(rows):
    return [row for row in rows if row.rater == "r1"]
