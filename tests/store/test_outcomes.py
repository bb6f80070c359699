"""Evaluations and aggregations: saved whole, none overwritten, the latest is current."""

import pytest
from store_samples import save_aggregation, save_evaluation, verdict

from scorer.domain.evaluation import Decision
from scorer.errors import StoreError
from scorer.store import EvaluationRecord, Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store


def test_an_evaluation_comes_back_as_it_was(store):
    """Coefficients, undefined ones with their reason, and Verdicts."""
    agreements, verdicts = save_evaluation(store)
    assert store.outcomes.latest_agreements() == agreements
    assert store.outcomes.latest_verdicts("coverage@1") == verdicts


def test_the_latest_evaluation_of_a_rubric_is_current(store):
    """A later evaluation of one rubric leaves the Verdicts on another as they are."""
    save_evaluation(store, "e1")
    other = verdict("good", Decision.PASS, rubric="exposure@1")
    record = EvaluationRecord(evaluation_id="e2", label_sets=("set-a",), policy="strict", policy_hash="s" * 64)
    store.outcomes.save_evaluation(record, [], [other])
    save_evaluation(store, "e3", Decision.HOLD)
    assert store.outcomes.latest_verdicts("exposure@1") == [other]
    assert [v.decision for v in store.outcomes.latest_verdicts("coverage@1")] == [Decision.HOLD, Decision.HOLD]
    current = store.outcomes.current_evaluations()
    assert {rubric: e.evaluation_id for rubric, e in current.items()} == {"coverage@1": "e3", "exposure@1": "e2"}
    assert len(store.outcomes.latest_verdicts()) == 3
    assert store.counts()["verdict"] == 5


def test_without_an_evaluation_there_is_no_verdict(store):
    """Nothing is invented where nothing was evaluated."""
    assert store.outcomes.latest_verdicts() == []
    assert store.outcomes.current_evaluations() == {}


def test_an_aggregation_comes_back_as_it_was(store):
    """Records and rows, held numbers included: publishing blanks them, not saving."""
    record, parts = save_aggregation(store)
    latest = store.outcomes.latest_aggregation()
    assert latest.record == record
    assert {name: list(getattr(latest, name)) for name in parts} == parts


def test_the_last_aggregation_is_current(store):
    """The earlier one stays in the store."""
    assert store.outcomes.latest_aggregation() is None
    save_aggregation(store, "a1")
    save_aggregation(store, "a2")
    assert store.outcomes.current_aggregation().aggregation_id == "a2"
    assert store.counts()["aggregation"] == 2


def test_nothing_is_saved_twice_under_one_id(store):
    """A second evaluation or aggregation of the same id is refused, and leaves no rows."""
    save_evaluation(store, "e1")
    save_aggregation(store, "a1")
    before = store.counts()
    with pytest.raises(StoreError, match="never overwritten"):
        save_evaluation(store, "e1")
    with pytest.raises(StoreError, match="never overwritten"):
        save_aggregation(store, "a1")
    assert store.counts() == before
