"""Batches from end to end: handed over, collected from anywhere, whatever the provider makes of them."""

import json

import pytest
from fake_batches import FakeBatches, serving
from inside import KEY_NAME

from scorer.rating.batches import Rounds

KEY = "sk-test-batch-61f0"
ALL = ("rate", "--all", "--engine", "batch", "--yes")
PRICED = "price = { input = 1.0, output = 4.0, batch = 0.5 }\n"


@pytest.fixture
def account(command, monkeypatch):
    """An account with a Batch API, and a workspace with one rater there; rounds follow at once."""
    monkeypatch.setattr("scorer.workflows.batches.Rounds", lambda: Rounds(every_s=0.0, accepted_s=2.0))
    monkeypatch.setattr("scorer.workflows.runs.COLLECT_EVERY_S", 0.0)
    monkeypatch.setattr("scorer.rating.batches.engine.SOON_S", 0.0)
    monkeypatch.setenv(KEY_NAME, KEY)
    batches = FakeBatches(key=KEY)
    with serving(batches) as url:
        command.configure(url, has_key=True, more=PRICED)
        yield batches


def test_batches_are_handed_over_and_collected_by_another_command(command, account):
    """`rate` returns with all in flight, the plan leaves them out, `watch` collects them at the batch price."""
    said = command(*ALL)
    assert (said.status, "144 cells are in flight in batches" in said.out) == (1, True), said
    assert (
        command("plan", "--all", "--json").json() | {"in_flight": 144, "missing": 0}
        == command("plan", "--all", "--json").json()
    )
    again = command(*ALL)
    assert again.status in {0, 1}, again
    watched = command("runs", "watch")
    assert watched.status == 0, watched
    assert len(account.batches) == 1
    (row,) = command.query(
        "SELECT count(*), count(DISTINCT cell_hash), any_value(service_tier), sum(cost_usd), "
        "sum(input_tokens) * .5e-6 + sum(output_tokens) * 2e-6, count(latency_ms) FROM rating WHERE status = 'rated'"
    )
    assert row[:3] == (144, 144, "batch")
    assert row[3] == pytest.approx(row[4])
    assert row[5] == 0
    assert command(*ALL).status == 0
    assert command("rate", "--all").status == 0  # the same Cells, by whichever engine
    (run,) = command("runs", "list", "--json").json()
    assert (run["state"], run["engine"], run["done"]) == ("complete", "batch", 144)
    assert "collected" in command("runs", "show").out
    assert KEY not in json.dumps(command("runs", "show", "--json").json())
