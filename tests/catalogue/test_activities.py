"""Detailed work activities: read where O*NET prints them, refused row by row where they make no sense."""

import pytest
from shared_data import SHARED, needs_shared

from scorer.catalogue import REFUSED, read_release

REFERENCE = [
    ["Element ID", "IWA ID", "DWA ID", "DWA Title"],
    ["4.A.1", "4.A.1.I01", "4.A.1.I01.D01", "Write computer programs."],
    ["4.A.1", "4.A.1.I01", "4.A.1.I01.D02", "Operate signal lamps."],
]
HEADER = ["O*NET-SOC Code", "Task ID", "DWA ID", "Date", "Domain Source"]


def of_tasks(*pairs):
    return [HEADER, *(["15-9001.00", task, activity, "08/2025", "Analyst"] for task, activity in pairs)]


@pytest.fixture
def read(write_release):
    """Reads the miniature release with these rows of activities."""

    def reading(*pairs, reference=REFERENCE):
        files = {"DWA Reference.txt": reference, "Tasks to DWAs.txt": of_tasks(*pairs)}
        return read_release(write_release(files))

    return reading


def test_a_task_has_the_titles_of_its_activities(read):
    """Titles stand in the order of the file, each once; a task that O*NET files nowhere has none."""
    pairs = [("101", "4.A.1.I01.D02"), ("101", "4.A.1.I01.D01"), ("101", "4.A.1.I01.D02")]
    tasks = {task.task_id: task.activities for task in read(*pairs).tasks}
    assert tasks["101"] == ("Operate signal lamps.", "Write computer programs.")
    assert tasks["102"] == ()


def test_rows_about_nothing_are_refused(read):
    """An activity or a task that the release does not have is refused with its line; the others stay."""
    release = read(("101", "4.A.1.I01.D01"), ("101", "4.A.9"), ("999", "4.A.1.I01.D01"))
    refused = [note for note in release.notes if note.startswith(REFUSED)]
    assert [line.split(": ", 2)[1] for line in refused] == ["Tasks to DWAs.txt line 3", "Tasks to DWAs.txt line 4"]
    assert {task.task_id for task in release.tasks if task.activities} == {"101"}


def test_without_the_files_there_are_none(write_release):
    """A release without the two files is read all the same, and a note says what is missing."""
    release = read_release(write_release())
    assert not any(task.activities for task in release.tasks)
    assert any("no task has work activities" in note for note in release.notes)


@needs_shared
def test_the_activities_of_30_1():
    """The 23,850 rows of release 30.1 are all taken."""
    release = read_release(SHARED / "data" / "onet_30_1")
    assert sum(len(task.activities) for task in release.tasks) == 23_850
