"""Stores, releases and folders in a bad way: held, damaged, too new, not writable, somebody else's; nothing is lost."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import duckdb
import pytest
from inside import answering, good
from road import invented_tasks, write_labels

from scorer.store import Store

TASKS = invented_tasks(occupations_per_group=1)
HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
NOT_OURS = "is there and is no release, so it stays"


@pytest.fixture
def store(command):
    return command.workspace / ".scorer" / "store.duckdb"


@pytest.fixture
def held(store, monkeypatch):
    """The store, while another process keeps it open; we wait for it half a second only."""
    monkeypatch.setattr("scorer.workflows.workspace.bench.Store", partial(Store, wait_s=0.5))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def rated_and_labelled(command, *then):
    """Ratings and labels of every task, made elsewhere; and the commands after that."""
    made = command.workspace / "made.csv"
    made.write_text("task_id,category\n" + "".join(f"{task.task_id},{task.category}\n" for task in TASKS))
    assert command("ratings", "import", made, "--rater", "other", "--rubric", "coverage").status == 0
    assert command("labels", "import", write_labels(command.workspace / "hand.csv", TASKS)).status == 0
    for word in then:
        assert command(word).status in {0, 1}


@pytest.mark.parametrize(
    "words", [["onet", "list"], ["plan", "--all", "--rater", "smollm2-135m-instruct"], ["publish"]]
)
def test_a_held_store_is_waited_for_and_then_named_with_its_holder(command, held, words):
    """Within the wait one line says who holds which file and what to do; nobody is kept waiting longer."""
    line = command.fails(*words)
    assert f"is held by process {held.pid}" in line
    assert "let it finish or stop it, then run this again" in line


def test_a_store_that_is_held_before_a_run_costs_nothing(command, held):
    """No request is sent while its answer could not be kept; afterwards the run completes."""
    requests = []
    with answering(lambda request, _: (requests.append(request), good(request))[1]) as url:
        command.configure(url)
        command.fails("rate", "--all")
        assert requests == []
        held.kill()
        held.wait()
        assert command("rate", "--all").status == 0
    assert command.query("SELECT count(*) FROM rating") == [(144,)]


@pytest.mark.parametrize("damage", ["garbage", "empty", "half", "bits"])
def test_a_damaged_store_is_named_and_left_as_it_is(command, store, monkeypatch, damage):
    """Whatever is wrong with the bytes, one line says so and how to go on; nothing is written over them."""
    monkeypatch.setattr("scorer.workflows.workspace.bench.Store", partial(Store, wait_s=0.2))
    whole = store.read_bytes()
    kinds = {"garbage": b"garbage" * 999, "empty": b"", "half": whole[: len(whole) // 2]}
    broken = kinds.get(damage, whole[:20_000] + os.urandom(40_000) + whole[60_000:])
    store.write_bytes(broken)
    for words in (["onet", "list"], ["rate", "--all", "--rater", "smollm2-135m-instruct"]):
        assert "is not a DuckDB file or is damaged" in command.fails(*words)
    assert store.read_bytes() == broken


def test_a_store_of_a_newer_scorer_is_not_touched(command, store):
    """A schema from the future asks for the newer scorer; the doctor says so too and goes on looking."""
    with duckdb.connect(store) as con:
        con.execute("INSERT INTO migration VALUES (999, 'future', 'x', TIMESTAMP '2030-01-01')")
    assert "has schema 999" in command.fails("onet", "list")
    said = command("doctor", "--json")
    assert said.status == 1
    assert "install the newer scorer" in said.out


def test_a_folder_that_cannot_be_made_is_named(command, tmp_path):
    """A file in the place of `.scorer`, a workspace where nothing can be written: one line, no traceback."""
    command.workspace = tmp_path
    (tmp_path / ".scorer").write_text("a file")
    for words in (["onet", "list"], ["publish"], ["rate", "--all", "--rater", "smollm2-135m-instruct"]):
        assert f"{tmp_path}/.scorer/store.duckdb cannot be written" in command.fails(*words)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to")
@pytest.mark.parametrize("words", [["onet", "list"], ["init"], ["publish"], ["demo", "--dir", "/proc/demo"]])
def test_a_workspace_that_nobody_can_write_to_is_named(command, words):
    """Even for the superuser there is no file in /proc."""
    command.workspace = Path("/proc")
    assert "/proc" in command.fails(*words)


def test_a_workspace_that_is_not_there_is_named(command, tmp_path):
    """The path, and the command that makes it."""
    command.workspace = tmp_path / "typo"
    assert f"`scorer init {tmp_path / 'typo'}` makes a workspace" in command.fails("plan", "--all")


@pytest.mark.parametrize("content", [b"garbage" * 999, b"", b"a,b\n1,2\n"])
def test_garbage_does_not_verify(command, content):
    """A file that is no release, whatever its name: one line."""
    for name in ("results.duckdb", "table.csv"):
        (command.workspace / name).write_bytes(content)
        assert "is not a DuckDB file or is damaged" in command.fails("verify", command.workspace / name)


def test_a_store_is_not_a_release(command, store):
    """A DuckDB file of another kind is told apart."""
    assert "is a DuckDB file, but no release" in command.fails("verify", store)


def test_publishing_never_replaces_what_is_no_release(command, store):
    """Hand labels, the working store, a folder: named, and left as they are."""
    rated_and_labelled(command, "evaluate", "aggregate")
    labels, before = command.workspace / "hand.csv", store.read_bytes()
    for out in (labels, store, command.workspace / "db_30_9_text"):
        assert NOT_OURS in command.fails("publish", "--out", out)
    assert labels.read_text().startswith("task_id,rubric")
    assert store.read_bytes() == before
    (command.workspace / "results.duckdb").mkdir()
    assert NOT_OURS in command.fails("publish")


def test_exports_never_replace_files_that_only_have_the_name_of_a_table(command):
    """A user's own `label.csv` stays; an earlier export may be replaced."""
    own = command.workspace / "label.csv"
    own.write_text("mine")
    assert "has files of its own named label.csv" in command.fails("publish", "--csv", command.workspace)
    assert own.read_text() == "mine"
    assert not (command.workspace / "results.duckdb").exists()
    for _ in range(2):
        assert command("publish", "--csv", command.workspace / "tables").status == 0


def test_a_release_goes_nowhere_where_nothing_can_be_written(command):
    """A folder that is a file: one line, for the release and for exports."""
    blocked = command.workspace / "hand.csv"
    blocked.write_text("a file")
    assert "cannot be written" in command.fails("publish", "--out", blocked / "r.duckdb")
    assert "cannot be written" in command.fails("publish", "--csv", blocked / "tables")


def test_scores_older_than_their_verdicts_are_not_published(command):
    """Evaluate after aggregate: the old release stays as it was, and the line says which command comes first."""
    rated_and_labelled(command, "evaluate", "aggregate", "publish")
    release = command.workspace / "results.duckdb"
    before = release.read_bytes()
    command("evaluate")
    assert "run `scorer aggregate`, then publish" in command.fails("publish")
    assert release.read_bytes() == before
    command("aggregate")
    assert command("publish").status == 0


def test_an_empty_workspace_has_nothing_to_publish(command, tmp_path):
    """It says what to do first, and leaves no file behind."""
    command.workspace = tmp_path / "empty"
    command.workspace.mkdir()
    assert "run `scorer onet import PATH`" in command.fails("publish")
    assert not list(command.workspace.glob("*results*"))


def test_labels_without_ratings_are_no_evaluation(command):
    """Nothing was rated: one line instead of empty tables."""
    assert command("labels", "import", write_labels(command.workspace / "hand.csv", TASKS)).status == 0
    assert "no ratings yet" in command.fails("evaluate")
    assert command.query("SELECT count(*) FROM evaluation") == [(0,)]
