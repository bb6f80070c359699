"""What a person meets in the first quarter of an hour: help, tables that fit, a rubric of one's own, advice."""

import re
import sys

import pytest
import typer
from inside import answering, good
from rich.console import Console
from road import invented_tasks, write_labels, write_onet

from scorer.cli import app, show
from scorer.rubrics.lock import packaged

TASKS = invented_tasks(occupations_per_group=1)
BARE = "53-7099.00"


def test_the_bare_command_shows_what_there_is(command, monkeypatch):
    """`scorer` alone prints the help with every command on one whole line of its own."""
    monkeypatch.setattr(sys, "argv", ["scorer"])
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        app()
    said = command("--help").out
    assert "..." not in said.partition("Commands:")[2]


def walk(group, name=()):
    """Every command and group below a group."""
    yield name
    for word, below in getattr(group, "commands", {}).items():
        yield from walk(below, (*name, word))


@pytest.mark.parametrize("words", list(walk(typer.main.get_command(app))))
def test_every_command_has_help_that_speaks_of_things_not_of_types(command, words):
    """`--help` works everywhere, and no option shows a Python type in place of a word."""
    said = command(*words, "--help")
    assert said.status == 0
    assert not re.search(r"^ +--.*<", said.out, re.MULTILINE)


@pytest.fixture
def with_bare_occupation(command, tmp_path):
    """A release in which one occupation has no task."""
    official = write_onet(tmp_path / "db_31_0_text", TASKS)
    with (official / "Occupation Data.txt").open("a", newline="") as file:
        file.write(f"{BARE}\tAll Other Invented Work\tAs it comes.\r\n")
    assert command("onet", "import", official).status == 0
    return command


def test_an_occupation_without_tasks_is_shown_as_one(with_bare_occupation):
    """It exists and there is nothing to rate: both are said, and JSON has an empty list."""
    said = with_bare_occupation("onet", "show", BARE)
    assert said.status == 0
    assert f"{BARE} All Other Invented Work (O*NET 31.0)" in said.out
    assert "no task of this occupation" in said.out
    (told,) = with_bare_occupation("onet", "show", BARE, "--json").json()
    assert (told["occupation_code"], told["tasks"]) == (BARE, [])


def test_a_pattern_shows_every_occupation_that_fits(with_bare_occupation):
    """One line each with the number of tasks; a pattern that fits one shows that one."""
    said = with_bare_occupation("onet", "show", "[15]*-9*")
    assert [line.split()[0] for line in said.out.splitlines()[2:]] == ["11-9001.00", "13-9001.00", "15-9001.00",
        "17-9001.00", "19-9001.00"]  # fmt: skip
    assert "number 10024." in with_bare_occupation("onet", "show", "15-*").out


def test_a_rubric_of_ones_own_goes_the_whole_way(command):
    """A file by path is rated with, labelled, evaluated, aggregated and published like one of the project's."""
    text = (packaged() / "coverage" / "v1.md").read_text("utf-8")
    mine, labels = command.workspace / "mine.md", command.workspace / "hand.csv"
    mine.write_text(text.replace('name = "coverage"', 'name = "mine"'), encoding="utf-8")
    write_labels(labels, TASKS)
    labels.write_text(labels.read_text().replace("coverage@1", "mine@1"))
    with answering(good) as url:
        command.configure(url)
        assert command("rate", "--all", "--rubric", mine).status == 0
    assert command("labels", "import", labels).status == 0
    assert command("evaluate").status == 1  # always 50 agrees with nobody
    assert command("aggregate").status == 1
    assert command("publish").status == 0
    assert command("verify").status == 0
    assert command.query("SELECT DISTINCT rubric FROM occupation_score") == [("mine@1",)]


def test_a_copied_rubric_cannot_pass_for_the_project_s(command):
    """Another text under the name `coverage@1` is refused before a rating is made with it."""
    copy = command.workspace / "copy.md"
    text = (packaged() / "coverage" / "v1.md").read_text("utf-8")
    copy.write_text(text.replace("# system\n", "# system\n\nBe kind.\n"), encoding="utf-8")
    assert "give it a `name` of its own" in command.fails("rubrics", "check", copy)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version = 1\n", "version = \n", "line 3: not TOML"),
        ("version = 1\n", "verzion = 1\n", "line 3: unknown key `verzion`; did you mean `version`?"),
        ("# user\n", "# usr\n", "unknown section `# usr`; did you mean `user`?"),
        ("{{ task }}", "{{ tsk }}", "unknown placeholder `tsk`"),
    ],
)
def test_a_broken_rubric_file_is_told_with_its_line(command, old, new, told):
    """Path, line and what would be right; nothing is rated."""
    broken = command.workspace / "broken.md"
    text = (packaged() / "coverage" / "v1.md").read_text("utf-8").replace('name = "coverage"', 'name = "mine"')
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    for words in (["rubrics", "check", broken], ["plan", "--all", "--rubric", broken]):
        line = command.fails(*words, *(["--rater", "smollm2-135m-instruct"] if words[0] == "plan" else []))
        assert "broken.md line " in line
        assert told in line


def test_init_writes_into_the_workspace_that_was_named(command, tmp_path, monkeypatch):
    """`scorer --workspace DIR init` is about DIR, wherever one stands; a second time nothing is overwritten."""
    monkeypatch.chdir(tmp_path)
    assert command("init").status == 0
    assert (command.workspace / "scorer.toml").exists()
    assert not (tmp_path / "scorer.toml").exists()
    assert "exists and is left as it is" in command.fails("init")


def test_the_doctor_looks_at_what_a_run_would_need(command, monkeypatch):
    """A rater without its key and a policy that is not there are found before a run: status 1, advice in place."""
    monkeypatch.delenv("SCORER_TEST_KEY", raising=False)
    command.configure("http://127.0.0.1:9/v1", has_key=True, more='[gate]\npolicy = "strikt"\n')
    said = command("doctor", "--json")
    looks = {one["subject"]: one["detail"] for one in said.json() if one["state"] == "look"}
    assert said.status == 1
    assert "set the environment variable SCORER_TEST_KEY" in looks["rater scripted"]
    assert "did you mean `strict`?" in looks["scorer.toml"]


def narrow(monkeypatch, width):
    """A terminal of so many columns; gives what is on it."""
    console = Console(width=width, record=True, file=sys.stdout, force_terminal=True, highlight=False)
    monkeypatch.setattr(show, "out", console)
    return console


def test_a_table_that_does_not_fit_becomes_blocks(monkeypatch, capsys):
    """On a narrow terminal no word is broken: one line a column instead of columns of a few letters."""
    columns = ("decision", "rubric", "rater", "counterpart", "metric", "reasons")
    row = (
        "HOLD",
        "coverage@1",
        "local-model-with-a-long-name",
        "reference-1/reference-model-1",
        "raw_agreement",
        "few",
    )
    console = narrow(monkeypatch, 80)
    show.show_table("Verdicts", columns, [row], as_json=False)
    lines = console.export_text().splitlines()
    assert [line.split()[0] for line in lines[1:7]] == list(columns)
    assert all(value in line for value, line in zip(row, lines[1:7], strict=True))
    assert max(map(len, lines)) <= 80
    capsys.readouterr()


def test_a_table_that_fits_stays_a_table(monkeypatch, capsys):
    """A long text folds at words inside its column."""
    console = narrow(monkeypatch, 80)
    show.show_table("Tasks", ("task_id", "statement"), [("1", "Carry crates. " * 12)], as_json=False)
    assert console.export_text().splitlines()[1].split() == ["task", "id", "statement"]
    capsys.readouterr()
