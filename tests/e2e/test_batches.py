"""Batches from end to end: handed over, collected from anywhere, whatever the provider makes of them."""

import json
import os
import signal
from datetime import timedelta

import pytest
from fake_batches import FakeBatches, serving
from inside import KEY_NAME
from road import start_scorer

from scorer.rating.batches import Rounds

KEY = "sk-test-batch-61f0"
SOME = ("--sample", "24")
ALL = ("rate", *SOME, "--engine", "batch", "--yes")
PRICED = "price = { input = 1.0, output = 4.0, batch = 0.5 }\n"


@pytest.fixture
def account(command, monkeypatch):
    """An account with a Batch API, and a workspace with one rater there; rounds follow at once."""
    monkeypatch.setattr("scorer.workflows.rating.batches.Rounds", lambda: Rounds(every_s=0.0))
    monkeypatch.setattr("scorer.workflows.rating.watching.COLLECT_EVERY_S", 0.0)
    monkeypatch.setattr("scorer.rating.batches.engine.SOON_S", 0.0)
    monkeypatch.setenv(KEY_NAME, KEY)
    batches = FakeBatches(key=KEY)
    with serving(batches) as url:
        command.configure(url, has_key=True, more=PRICED)
        yield batches


def rated(command) -> int:
    """Cells with a usable answer, each counted once."""
    ((n, different),) = command.query("SELECT count(*), count(DISTINCT cell_hash) FROM rating WHERE status = 'rated'")
    assert n == different
    return n


def steps(command, *columns: str) -> list[tuple]:
    """The batches as they stand, in order."""
    return command.query(f"SELECT {', '.join(columns)} FROM batch ORDER BY batch")  # noqa: S608 - the test's own words


def test_batches_are_handed_over_and_collected_by_another_command(command, account):
    """`rate` returns with all in flight, the plan leaves them out, `watch` collects them at the batch price."""
    said = command(*ALL)
    assert (said.status, "24 cells are in flight in batches" in said.out) == (1, True), said
    plan = command("plan", *SOME, "--json").json()
    assert (plan["missing"], plan["present"], plan["in_flight"]) == (0, 0, 24)
    local = command("rate", *SOME, "--yes")
    assert (local.status, "24 cells are in flight" in local.out) == (1, True), local
    watched = command("runs", "watch")
    assert watched.status == 0, watched
    assert len(account.batches) == 1
    (row,) = command.query(
        "SELECT count(*), any_value(service_tier), sum(cost_usd), "
        "sum(input_tokens) * .5e-6 + sum(output_tokens) * 2e-6, count(latency_ms) FROM rating"
    )
    assert row == (24, "batch", pytest.approx(row[3]), row[3], 0)
    assert command(*ALL).status == 0
    assert command("rate", *SOME).status == 0  # the same Cells, by whichever engine
    (run,) = command("runs", "list", "--json").json()
    assert (run["state"], run["engine"], run["done"]) == ("complete", "batch", 24)
    assert run["spent_usd"] == pytest.approx(row[2])
    assert "collected" in command("runs", "show").out
    assert KEY not in json.dumps(command("runs", "show", "--json").json())


def test_what_expires_or_fails_is_asked_again_until_it_is_answered(command, account):
    """Half-answers, expiry and a server's errors go into the next batch; three times no answer is a failed Cell."""
    account.ends = ["expired", "half", "half", "completed"]
    account.line_status = {0: 500, 2: 400}
    said = command(*ALL, "--wait")
    failed = command.query("SELECT status, any_value(attempts), count(*) FROM rating GROUP BY status ORDER BY status")
    assert failed[0] == ("failed", 3, 24 - sum(n for _, _, n in failed[1:]))
    assert "refused" in {status for status, _, _ in failed}  # a prompt that the provider will not answer is an answer
    assert [row[0] for row in steps(command, "attempt")] == [1, 2, 3]
    assert said.status == 1
    assert "no answer" in said.out
    account.line_status = {}
    assert command(*ALL, "--wait").status == 0  # the same command asks what failed
    assert rated(command) == 24 - sum(n for status, _, n in failed if status == "refused")


def test_a_refused_request_stops_the_run_and_keeps_the_rest(command, account):
    """A parameter that the provider refuses is one clear line; other answers are kept, the refused Cell is missing."""
    account.line_status = {3: 422}
    assert "unsupported_parameter" in command.fails(*ALL, "--wait")
    assert rated(command) == 23
    assert command("plan", *SOME, "--json").json()["missing"] == 1


def test_batches_keep_to_the_tokens_that_may_wait(command, account, monkeypatch):
    """Refused for waiting tokens, a batch is cut to the limit that the provider names and goes up piece by piece."""
    monkeypatch.setattr("scorer.rating.batches.clerk.TRY_AGAIN_AFTER", timedelta())
    account.most_tokens = command("plan", *SOME, "--json").json()["estimates"][0]["input_tokens"] // 3
    said = command(*ALL, "--wait")
    assert said.status == 0, said
    assert rated(command) == 24
    found = steps(command, "stage", "tokens")
    assert found[0][0] == "split"
    assert len(found) > 3
    assert all(tokens <= account.most_tokens for stage, tokens in found if stage == "collected")


def test_a_batch_that_is_refused_gives_its_cells_back(command, account):
    """What validation refuses was never asked: one line without control characters, and the Cells are missing again."""
    account.ends = ["failed"]
    line = command.fails(*ALL)
    assert "the provider refused batch" in line
    assert "\x1b" not in line
    assert [row[0] for row in steps(command, "stage")] == ["withdrawn"]
    plan = command("plan", *SOME, "--json").json()
    assert (plan["missing"], plan["in_flight"]) == (24, 0)


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        ({"has_batches": False}, "no Batch API; use --engine local"),
        ({"forbidden": True}, f"give the key in {KEY_NAME} those rights"),
        ({"refusal": {"error": {"message": "no model m", "code": "model_not_found"}}}, "model_not_found"),
    ],
)
def test_what_an_endpoint_lacks_is_one_line(command, account, changed, advice):
    """No Batch API, no rights, a refused order: one line, and nothing is in flight."""
    before = {name: getattr(account, name) for name in changed}
    vars(account).update(changed)
    line = command.fails(*ALL)
    assert advice in line
    assert KEY not in line
    vars(account).update(before)
    plan = command("plan", *SOME, "--json").json()
    assert (plan["missing"], plan["in_flight"]) == (24, 0)


@pytest.mark.parametrize("rater", ["smollm2-135m-instruct", "probing"])
def test_raters_that_no_batch_can_ask_are_told(command, account, rater):
    """An embedded rater and one that answers by probes are named with the engine that asks them."""
    settings = command.workspace / "scorer.toml"
    probing = '[raters.probing]\nprovider = "openai"\nmodel = "m"\nanswer = "probes"\n'
    settings.write_text(settings.read_text() + probing)
    assert "use --engine local" in command.fails(*ALL, "--rater", rater)
    assert account.calls == {}


def test_cancelled_batches_keep_what_was_answered(command, account):
    """`runs cancel` ends them, what came until then is collected and paid for, and the rest is missing again."""
    account.ends = ["stays"]
    assert command(*ALL).status == 1
    said = command("runs", "cancel")
    assert (said.status, "24 cells are in flight until then" in said.out) == (0, True), said
    watched = command("runs", "watch")
    assert "12 unanswered cells are missing again" in watched.err
    assert rated(command) == 12
    assert command("plan", *SOME, "--json").json()["missing"] == 12
    assert "has no open batches" in command.fails("runs", "cancel")
    account.ends = ["cancelled", "completed"]  # by hand, at the provider
    cancelled = command(*ALL, "--wait")
    assert "6 unanswered cells are missing again" in cancelled.err
    assert command(*ALL, "--wait").status == 0
    assert rated(command) == 24


@pytest.mark.parametrize("gone", ["*.cells.jsonl.gz", "output"])
def test_what_cannot_be_collected_is_told_and_can_be_given_up(command, account, gone):
    """A torn file here or a removed one at the provider is one line with the way out, and the Cells are asked anew."""
    assert command(*ALL).status == 1
    if gone == "output":
        name = next(iter(account.files))
        account.after = lambda _method, path: account.files.pop("file-2", None) if path.endswith("batch-1") else name
    else:
        (path,) = command.workspace.glob(f".scorer/runs/*/batches/{gone}")
        path.write_bytes(path.read_bytes()[:-20])
    assert "`scorer runs cancel --give-up`" in command.fails("runs", "watch")
    assert rated(command) == 0
    assert command("runs", "cancel", "--give-up").status == 0
    account.after = lambda *_: None
    assert command(*ALL, "--wait").status == 0
    assert rated(command) == 24


def test_answers_are_found_by_cell_whatever_stands_beside_them(command, account):
    """Lines in another order, torn, doubled, hostile or about nothing of ours shift no answer to another task."""
    junk = [b"\xff\xfe not json", b"[]", b'{"custom_id": "../../etc", "response": {"status_code": "x"}}', b"{" * 5000]
    account.spoil = lambda content: b"\n".join([*junk, *content.splitlines()[1:], *content.splitlines()])
    assert command(*ALL, "--wait").status == 0
    wrong = command.query(
        "SELECT count(*) FROM rating r WHERE NOT contains(json_extract_string(raw, '$[0].request'), r.task_id)"
    )
    assert wrong == [(0,)]
    assert rated(command) == 24


@pytest.mark.usefixtures("account")
def test_the_budget_counts_what_is_set_aside(command):
    """Nothing is drafted beyond the budget; what was set aside is settled when answers come, then the rest follows."""
    one = command("plan", *SOME, "--json").json()["estimates"][0]["cell_usd"] / 2
    said = command(*ALL, "--budget-usd", f"{one * 8.5:.6f}")
    assert said.status == 1
    assert "8 cells are in flight" in said.out
    assert "16 cells are still missing" in said.out
    assert "set aside" in said.err
    assert command("runs", "watch").status == 0
    assert rated(command) == 8
    assert command(*ALL, "--wait", "--budget-usd", "100").status == 0


def test_killed_by_the_system_it_is_collected_by_the_next_command(command, account):
    """Kill -9 between an order and its answer: the next command finds the batch and orders no other."""
    running = []

    def kill(method, path):
        if (method, path) == ("POST", "/batches") and running:
            os.kill(running.pop().pid, signal.SIGKILL)

    account.after = kill
    running.append(start_scorer(command.workspace, *ALL, **{KEY_NAME: KEY}))
    process = running[0]
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert [row[0] for row in steps(command, "stage")] == ["creating"]
    assert command("runs", "watch").status == 0
    assert len(account.batches) == 1
    assert rated(command) == 24


def test_one_watch_collects_every_open_run(command, account, monkeypatch):
    """Hundreds of Cells of two runs, in several files, come in by one command; what keeps one run keeps no other."""
    monkeypatch.setattr("scorer.rating.batches.drafts.MOST_CELLS", 100)
    account.ends = ["stays"]  # the second command would collect what the first one handed over
    for asked in (("--all", "--repeats", "2"), (*SOME, "--rubric", "exposure")):
        assert command("rate", *asked, "--engine", "batch", "--yes").status == 1
    assert steps(command, "cells") == [(100,), (100,), (88,), (24,)]
    account.batches = {name: {**batch, "end": "completed"} for name, batch in account.batches.items()}
    order = min(command.workspace.glob(".scorer/runs/*/batches/order.json"))
    kept = order.rename(order.with_suffix(".kept"))
    watched = command("runs", "watch")
    assert (watched.status, rated(command)) == (3, 24), watched
    assert "order.json is gone or damaged" in watched.err
    assert "error: 1 of 2 open runs could not be followed" in watched.err
    kept.rename(order)
    watched = command("runs", "watch")
    assert (watched.status, rated(command)) == (0, 288 + 24), watched
    assert "complete; rated 288 of 288" in watched.out
