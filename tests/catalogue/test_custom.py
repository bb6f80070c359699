"""Custom occupations: every fault with its line, nothing by halves, and an identity made of content."""

import pytest

from scorer.catalogue import SHIPPED, read_custom
from scorer.domain.catalogue import ReleaseKind, TaskKind
from scorer.errors import CatalogueError

GOOD = """\
code: 15-9001.C01
title: Lamp Whisperer
description: Talks to lamps.
nearest: [15-2051.00, 15-1252.00]
tasks:
  - Ask every lamp how it slept.
  - statement: Note down what the lamps dream of.
    kind: core
    importance: 4.5
"""

INDENTED = GOOD.replace("\n", "\n  ")


@pytest.fixture
def read(tmp_path):
    """Reads a file of this text."""

    def reading(text, name="lamp.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_custom(str(tmp_path / name))

    return reading


@pytest.fixture
def faults(read):
    """The lines of the error that a text makes, each without the name of the file."""

    def told(text, name="lamp.yaml"):
        with pytest.raises(CatalogueError) as caught:
            read(text, name)
        return [line.removeprefix(f"{name} ") for line in str(caught.value).splitlines()]

    return told


def test_a_file_becomes_a_release_of_its_own(read):
    """Occupation, tasks, kinds, weights and nearest codes are as written; what is not said is unclassified and None."""
    (custom,) = read(GOOD)
    assert (custom.release.kind, custom.nearest) == (ReleaseKind.CUSTOM, ("15-2051.00", "15-1252.00"))
    assert (custom.occupation.occupation_code, custom.occupation.is_custom) == ("15-9001.C01", True)
    first, second = custom.release.tasks
    assert (first.kind, first.importance) == (TaskKind.UNCLASSIFIED, None)
    assert (second.kind, second.importance) == (TaskKind.CORE, 4.5)
    assert custom.release.name.startswith("custom-15-9001.C01-")


def test_identity_is_content(read):
    """The order of tasks changes nothing; a reworded task has another id, and the occupation another version."""
    (one,) = read(GOOD)
    lines = GOOD.splitlines(keepends=True)
    (moved,) = read("".join([*lines[:5], *lines[6:], lines[5]]))
    (reworded,) = read(GOOD.replace("slept", "dozed"))
    assert moved.release.name == one.release.name
    assert reworded.release.name != one.release.name
    assert {t.task_id for t in one.release.tasks} & {t.task_id for t in reworded.release.tasks} == {
        one.release.tasks[1].task_id
    }


def test_every_fault_is_told_with_its_line(faults):
    """All faults of a file come at once, and the unknown key names the known one."""
    bad = GOOD.replace("15-9001.C01", "15-9001.00").replace("15-1252.00]", "programmer]")
    bad = bad.replace("kind: core", "kid: core").replace("4.5", "9")
    said = faults(bad)
    assert [line.split(":")[0] for line in said] == ["line 1", "line 4", "line 8", "line 9"]
    assert "did you mean `kind`?" in said[2]
    assert "not `9`" in said[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no occupation is in it"),
        ("title: [", "line 1: not YAML"),
        ("- 1", "line 1: here stand keys and values"),
        (GOOD.replace("tasks:", "tasks: none\nmore:"), "line 5: `tasks` is a list"),
        (GOOD.replace("tasks:", "tsks:"), "unknown key `tsks`; did you mean `tasks`?"),
        (GOOD + "title: Twice\n", "line 10: key `title` stands twice"),
        (GOOD.replace("title: Lamp Whisperer\n", ""), "`title` is missing"),
        (
            GOOD.replace("Note down what the lamps dream of.", "Ask every lamp  how it slept."),
            "on line 6 already",
        ),
        (GOOD.split("tasks:", maxsplit=1)[0], "0 tasks; an occupation has 1 to 500"),
        (
            f"occupations:\n- {INDENTED}\n- {INDENTED}",
            "stands twice",
        ),
    ],
)
def test_what_is_wrong_is_said(faults, text, said):
    """Each kind of damage has its advice."""
    assert any(said in line for line in faults(text))


def test_csv_has_a_row_for_each_task(read, faults):
    """Rows of one code are one occupation, told by its first row; a broken row is named by its line."""
    head = "code,title,description,nearest,statement,kind,importance\n"
    row = "15-9001.C01,Lamp Whisperer,Talks to lamps.,15-2051.00;15-1252.00,Ask every lamp how it slept.,core,4\n"
    more = "15-9001.C01,,,,Note down what the lamps dream of.,,\n"
    (custom,) = read(head + row + more, "lamp.csv")
    assert (len(custom.release.tasks), custom.nearest) == (2, ("15-2051.00", "15-1252.00"))
    assert faults(head + row + more.replace("of.,,", "of.,,,,"), "lamp.csv") == ["line 3: 9 fields, not 7"]
    assert "line 2: `importance`" in faults(head + row.replace(",4\n", ",high\n"), "lamp.csv")[0]


def test_an_occupation_ships_with_the_project():
    """The AI/ML engineer has 12 to 20 tasks with weights, and codes that stand in for what it lacks."""
    (custom,) = read_custom(SHIPPED[0])
    assert custom.occupation.title == "AI/ML Engineer"
    assert 12 <= len(custom.release.tasks) <= 20
    assert all(task.importance for task in custom.release.tasks)
    assert custom.nearest


def test_a_file_that_is_not_there_is_one_line():
    """A missing file is named, with what ships."""
    with pytest.raises(CatalogueError, match=r"No such file.*ai-ml-engineer"):
        read_custom("nowhere.yaml")
