"""Rubrics, raters and runs: a name that ratings bear keeps its meaning."""

import pytest
from store_samples import MORNING, RATERS, cell, rating, rubric

from scorer.errors import StoreError
from scorer.store import RunFacts, Store

GOOD, POOR = RATERS


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store


def test_a_known_rubric_is_not_added_again(store):
    """The same text is the same rubric."""
    assert store.rubrics.add([rubric()]) == 1
    assert store.rubrics.add([rubric()]) == 0
    assert store.counts()["rubric"] == 1


def test_a_used_rubric_never_changes(store):
    """Another wording under a version that ratings bear is refused, with the next version's name."""
    store.rubrics.add([rubric()])
    store.ratings.add([rating(cell("1", GOOD))])
    with pytest.raises(StoreError, match=r"coverage@1 changed after .*coverage@2"):
        store.rubrics.add([rubric("How little?")])


def test_an_unused_rubric_may_still_change(store):
    """While nothing was rated with it, a draft may be reworded."""
    assert store.rubrics.add([rubric()]) + store.rubrics.add([rubric("How little?")]) == 2


def test_a_used_rater_keeps_its_settings(store):
    """Another temperature is another rater."""
    store.raters.add(RATERS)
    store.ratings.add([rating(cell("1", GOOD))])
    with pytest.raises(StoreError, match="`good` was used with other settings"):
        store.raters.add([GOOD.model_copy(update={"params": {"temperature": 1.0}})])
    assert store.raters.add([POOR.model_copy(update={"params": {"top_k": 1}})]) == 1


def test_what_does_not_decide_answers_may_change(store):
    """Address, key and limits are not kept, so they may differ from run to run."""
    store.raters.add(RATERS)
    store.ratings.add([rating(cell("1", GOOD))])
    moved = GOOD.model_copy(update={"base_url": "https://other.example/v1", "api_key_env": "OTHER", "timeout_s": 5.0})
    assert store.raters.add([moved]) == 0
    assert "example" not in str(store.raters.all())


def test_facts_about_an_engine_are_kept_and_follow_it(store):
    """New facts are appended; none stated leaves the old ones."""
    assert store.raters.add(RATERS, {"poor": {"threads": 2}}) == 2
    assert store.raters.add(RATERS) == 0
    assert store.raters.add(RATERS, {"poor": {"threads": 4}}) == 1
    good, poor = store.raters.all()
    assert (good.facts, poor.facts) == (None, {"threads": 4})
    assert good.params == {"temperature": 0.0}
    assert poor.is_embedded


def test_a_run_is_unfinished_until_it_is_finished(store):
    """A run that was killed shows as unfinished, not as complete."""
    store.runs.start("r1", RunFacts(scorer_version="0.1.0", plan={"cells": 3}, started_at=MORNING))
    (begun,) = store.runs.all()
    assert (begun.state, begun.finished_at, begun.counts, begun.started_at) == ("unfinished", None, None, MORNING)
    store.runs.finish("r1", "complete", {"rated": 3})
    (ended,) = store.runs.all()
    assert (ended.state, ended.counts, ended.plan) == ("complete", {"rated": 3}, {"cells": 3})
    assert ended.finished_at > MORNING


def test_a_run_id_is_used_once(store):
    """Two runs never share a row."""
    store.runs.start("r1", RunFacts(scorer_version="0.1.0"))
    with pytest.raises(StoreError, match="r1 exists"):
        store.runs.start("r1", RunFacts(scorer_version="0.1.0"))
