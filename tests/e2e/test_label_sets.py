"""Label sets through the command: any CSV in, the same labels out, differences settled, private sets kept in."""

import csv
import shutil

import duckdb
import pytest
from disputed import TASKS, rate_both
from inside import Command

from scorer.workflows.workspace.bench import Bench

FEW = TASKS[:4]
SECRET = "nobody shall read this"  # noqa: S105 - a note, no password


@pytest.fixture
def command(tmp_path, imported, monkeypatch, capsys):
    """The command in a workspace that knows the tasks."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    return Command(place, monkeypatch, capsys)


def write(command, name, *rows):
    path = command.workspace / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def labels_of(command, label_set, rubric="coverage@1"):
    found = Bench(command.workspace).store.labels.load(rubric, label_set)
    return {(one.task_id, one.labeller, one.origin, one.category, one.note, one.created_at) for one in found}


@pytest.fixture
def people(command):
    """Two people who differ on the first two tasks, with a note that a spreadsheet would run."""
    rows = [
        ("task_id", "rubric", "labeller", "category", "note", "created_at"),
        *((t.task_id, "coverage@1", "anna", "50", "=1+1", "2026-11-20") for t in FEW),
        *((t.task_id, "coverage@1", "ben", "25" if i < 2 else "50", "'tis so", "") for i, t in enumerate(FEW)),
    ]
    assert command("labels", "import", write(command, "people.csv", *rows)).status == 0
    return "people"


def settle(command, task, category="25", by="cora", reason="The floor is most of it."):
    options = ("--category", category, "--by", by, "--reason", reason)
    return command("labels", "adjudicate", "people", task.task_id, *options)


def test_several_raters_on_a_scale_of_numbers_are_read_by_named_columns(command):
    """Numbers 1 to 5 become H1 to H5; each bad row is named with its line and the good ones are kept, exit status 1."""
    rows = [
        ("User", "Task ID", "Human Agency Scale", "created_at"),
        ("w1", f"{FEW[0].task_id}.0", "1", "whenever"),
        ("w2", FEW[0].task_id, "5.0", ""),
        ("w3", FEW[0].task_id, "6", ""),
        ("w1", FEW[0].task_id, "2", ""),
        ("w1", "99999999", "2", ""),
        ("w1", FEW[1].task_id, "H3", ""),
        ("w1", FEW[2].task_id, "nan", ""),
    ]
    named = ("--task-column", "Task ID", "--labeller-column", "User", "--category-column", "Human Agency Scale")
    file = write(command, "workers.csv", *rows)
    said = command("labels", "import", file, "--rubric", "agency", *named, "--json")
    assert said.status == 1
    assert [one["line"] for one in said.json()["refused"]] == [4, 5, 6, 8]
    assert {(who, category) for _, who, _, category, *_ in labels_of(command, "workers", "agency@1")} == {
        ("w1", "H1"),
        ("w2", "H5"),
        ("w1", "H3"),
    }


def test_a_file_without_labellers_may_say_who_labelled_it(command):
    """One name stands for the whole file; a wrong column is refused with the columns that there are."""
    file = write(command, "own.csv", ("task", "grade"), (FEW[0].task_id, "75"))
    named = ("--rubric", "coverage", "--labeller", "dora", "--task-column", "task")
    refused = command("labels", "import", file, *named, "--category-column", "mark")
    assert (refused.status, "no column `mark`; it has `task`, `grade`" in refused.err) == (3, True)
    assert command("labels", "import", file, *named, "--category-column", "grade").status == 0
    assert {one[1] for one in labels_of(command, "own")} == {"dora"}


def test_column_options_without_a_rubric_are_a_wrong_call(command):
    """What the labels are about is not guessed."""
    said = command("labels", "import", write(command, "own.csv", ("task",)), "--task-column", "task")
    assert (said.status, "--rubric" in said.err) == (2, True)


def test_an_exported_set_imports_again_to_the_same_labels(command, people):
    """Notes, dates and adjudications come back as they were, and importing over the set itself adds nothing."""
    assert settle(command, FEW[0]).status == 0
    out = str(command.workspace / "out.csv")
    assert command("labels", "export", people, "--out", out, "--json").json()["adjudications"] == 1
    assert ",'=1+1," in (command.workspace / "out.csv").read_text(encoding="utf-8")
    assert " 0 new" in command("labels", "import", out, "--name", people).out
    assert command("labels", "import", out, "--name", "again").status == 0
    assert labels_of(command, "again") == labels_of(command, people)
    assert command("labels", "export", people, "--out", out).status == 3


def test_a_settled_difference_is_the_gold_label_and_judges_nobody(command, people):
    """The release prefers the last adjudication with who gave it; the set's labellers stay those who labelled."""
    rate_both(command.workspace)
    before = command("evaluate", "--json").json()
    assert command("labels", "adjudicate", people).status == 1
    assert settle(command, FEW[0], category="75").status == 0
    assert settle(command, FEW[0]).status == 0
    assert "as before" in settle(command, FEW[0]).out
    assert settle(command, FEW[1], category="0").status == 0
    assert command("labels", "adjudicate", people).status == 0
    after = command("evaluate", "--json").json()
    assert (after["agreements"], after["verdicts"]) == (before["agreements"], before["verdicts"])
    assert command("labels", "list", "--json").json()[0]["labellers"] == ["anna", "ben"]
    command("aggregate")
    assert command("publish").status == 0
    with duckdb.connect(command.workspace / "results.duckdb", read_only=True) as release:
        gold = release.execute("SELECT task_id, category, rule, adjudicator, n_labellers FROM gold_label").fetchall()
    assert sorted(gold)[:3] == [
        (FEW[0].task_id, "25", "adjudicated", "cora", 2),
        (FEW[1].task_id, "0", "adjudicated", "cora", 2),
        (FEW[2].task_id, "50", "median", None, 2),
    ]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"category": "26"}, "not on the scale"),
        ({"by": " "}, "a reviewer's name"),
        ({"reason": " "}, "needs a reason"),
        ({"task": TASKS[9]}, "has 0 labels"),
    ],
)
@pytest.mark.usefixtures("people")
def test_what_settles_nothing_is_refused_in_a_sentence(command, changed, part):
    """A category of the scale, a name, a reason, and labels to settle."""
    said = settle(command, changed.pop("task", FEW[0]), **changed)
    assert (said.status, part in said.err) == (3, True)


def test_a_private_set_judges_raters_and_is_never_handed_out(command):
    """No label, note or gold label of it is in the release, no export writes it, and no later import opens it."""
    rows = [("task_id", "rubric", "labeller", "category", "note")]
    rows += [(t.task_id, "coverage@1", "eve", t.category, SECRET) for t in TASKS]
    file = write(command, "gold.csv", *rows)
    assert command("labels", "import", file, "--private").status == 0
    assert command("labels", "import", file).status == 0
    rate_both(command.workspace)
    judged = command("evaluate", "--json").json()
    assert {one["label_set"] for one in judged["verdicts"]} == {"gold"}
    command("aggregate")
    assert command("publish").status == 0
    with duckdb.connect(command.workspace / "results.duckdb", read_only=True) as release:
        tables = [name for (name,) in release.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert [name for name in tables if SECRET in str(release.execute(f"FROM {name}").fetchall())] == []
        assert release.execute("SELECT (SELECT count(*) FROM label), (SELECT count(*) FROM gold_label)").fetchall() == [
            (0, 0)
        ]
    refused = command("labels", "export", "gold", "--out", str(command.workspace / "out.csv"))
    assert (refused.status, "is private" in refused.err) == (3, True)
    assert not (command.workspace / "out.csv").exists()
