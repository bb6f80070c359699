"""The offline artefact and the tasks of a label set, in miniature."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scorer.catalogue import REFUSED, read_label_set_tasks, read_offline_release, read_offline_skills
from scorer.domain.catalogue import ReleaseKind, TaskKind
from scorer.errors import CatalogueError

ROW = {
    "O*NET-SOC Code": "15-9001.00",
    "Task ID": 101,
    "Task description": "Write a program that turns the lamp.",
    "Task Type": "Core",
    "Relevance": 0.9426,
    "Importance": 0.87,
    "Frequency": 0.4483666666666666,
    "Job title": "Lighthouse Programmers",
    "Job description": "Write programs for lighthouses.",
    "DB": "db_26_1",
    "Incumbents Responding": 40.0,
}


def write_parquet(path, *changes):
    pq.write_table(pa.Table.from_pylist([{**ROW, **change} for change in changes]), path)
    return path


def test_offline_ratings_come_back_on_onets_scales(tmp_path):
    """RT/100, (IM-1)/4 and (expected category - 1)/6 are undone: 94.26 percent, 4.48, 1 + 6 x .44837."""
    release = read_offline_release(write_parquet(tmp_path / "tasks.parquet", {}))
    (task,) = release.tasks
    assert (task.relevance, task.importance, task.frequency) == (94.26, 4.48, 3.6902)
    assert (task.task_id, task.kind) == ("101", TaskKind.CORE)
    assert release.occupations[0].description == "Write programs for lighthouses."
    assert (release.name, release.kind) == ("26.1", ReleaseKind.ONET)


def test_only_the_asked_release_is_read(tmp_path):
    """The file holds many releases; rows of another one do not enter."""
    path = write_parquet(tmp_path / "tasks.parquet", {}, {"DB": "db_25_0", "Task ID": 102}, {"Task ID": 103})
    assert [task.task_id for task in read_offline_release(path).tasks] == ["101", "103"]
    assert [task.task_id for task in read_offline_release(path, "25.0").tasks] == ["102"]


def test_missing_ratings_of_the_artefact_stay_missing(tmp_path):
    """A null is None, not the lowest value of its scale."""
    path = write_parquet(tmp_path / "tasks.parquet", {}, {"Task ID": 102, "Importance": None, "Task Type": None})
    task = read_offline_release(path).tasks[1]
    assert (task.importance, task.kind) == (None, TaskKind.UNCLASSIFIED)


def test_a_broken_row_of_the_artefact_is_refused_alone(tmp_path):
    """Out of range, without text, twice the same id: each named by its task, the good row kept."""
    broken = {"Task ID": 102, "Importance": 1.5}, {"Task ID": 103, "Task description": None}, {"Task ID": 101}
    release = read_offline_release(write_parquet(tmp_path / "tasks.parquet", {}, *broken))
    notes = [note for note in release.notes if note.startswith(REFUSED)]
    assert [task.task_id for task in release.tasks] == ["101"]
    assert len(notes) == 3
    assert notes[0].startswith("refused: tasks.parquet task 102: importance `7.0`")


def test_a_release_that_is_not_in_the_artefact_is_an_error(tmp_path):
    """The message names the releases that are there."""
    path = write_parquet(tmp_path / "tasks.parquet", {}, {"DB": "db_25_0"})
    with pytest.raises(CatalogueError, match=r"holds no release 30.1; it holds 25.0, 26.1"):
        read_offline_release(path, "30.1")


def write_skills(path, *rows):
    """The other file of the package: code, skill, mean of (IM - 1) / 4 and LV / 7, release, table."""
    names = ("O*NET-SOC Code", "Element ID", "Element Name", "Data Value", "DB", "Category")
    pq.write_table(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows]), path)
    return path


def test_skills_of_the_artefact_come_back_as_importance_and_level(tmp_path):
    """Of the pairs that a mean can stand for the plausible one is taken; an occupation with another number has none."""
    release = read_offline_release(
        write_parquet(tmp_path / "tasks.parquet", {}, {"Task ID": 102, "O*NET-SOC Code": "15-9002.00"})
    )
    path = write_skills(
        tmp_path / "attributes.parquet",
        ("15-9001.00", "2.A.1.a", "Reading", ((3.88 - 1) / 4 + 3.75 / 7) / 2, "db_26_1", "skills"),
        ("15-9001.00", "2.A.1.b", "Listening", 0.0, "db_26_1", "skills"),
        ("15-9002.00", "2.A.1.a", "Reading", 0.5, "db_26_1", "skills"),
        ("15-9002.00", "2.A.1.b", "Listening", 0.12345, "db_26_1", "skills"),
        ("15-9001.00", "1.A.1.a", "Hearing", 0.5, "db_26_1", "abilities"),
        ("15-9001.00", "2.A.1.c", "Writing", 0.5, "db_25_0", "skills"),
    )
    skills = read_offline_skills(path, release)
    assert [(s.element_id, s.importance, s.level) for s in skills.rows] == [("2.A.1.a", 3.88, 3.75), ("2.A.1.b", 1, 0)]
    assert skills.notes[-1] == "no skills of 1 occupation(s), whose prints cannot be worked out: 15-9002.00"
    with pytest.raises(CatalogueError, match=r"read for O\*NET 26.1 only, not for 25.0"):
        read_offline_skills(path, release.model_copy(update={"name": "25.0"}))


def test_a_file_that_is_not_the_artefact_is_an_error(tmp_path):
    """Absent, not Parquet, of other columns, nothing usable: one line each."""
    (tmp_path / "text.parquet").write_text("not parquet")
    pq.write_table(pa.table({"DB": ["db_26_1"]}), tmp_path / "other.parquet")
    write_parquet(tmp_path / "empty.parquet", {"Task description": None})
    for name, message in (
        ("absent.parquet", "cannot be read as Parquet"),
        ("text.parquet", "cannot be read as Parquet"),
        ("other.parquet", "missing column `O\\*NET-SOC Code`"),
        ("empty.parquet", "no usable row, the first: empty.parquet task 101: no Task description"),
    ):
        with pytest.raises(CatalogueError, match=message):
            read_offline_release(tmp_path / name)


LABEL_SET = (
    "\tO*NET-SOC Code\tTask ID\tTask\tTask Type\tTitle\thuman_labels\n"
    "0\t15-9001.00\t101.0\tWrite a program that turns the lamp.\tCore\tLighthouse Programmers\tE1\n"
    '1\t15-9001.00\t102.0\t"Answer ships that ask ""who goes there""."\t\tLighthouse Programmers\tE2\n'
)


def test_label_set_tasks_are_read_as_printed(tmp_path):
    """`101.0` is 101, doubled quotes are one, no type is unclassified, and no rating is invented."""
    path = tmp_path / "full_labelset.tsv"
    path.write_text(LABEL_SET)
    release = read_label_set_tasks(path, "gold")
    assert (release.name, release.kind, len(release.occupations)) == ("gold", ReleaseKind.LABELS, 1)
    assert [(task.task_id, task.kind) for task in release.tasks] == [
        ("101", TaskKind.CORE),
        ("102", TaskKind.UNCLASSIFIED),
    ]
    assert release.tasks[1].statement == 'Answer ships that ask "who goes there".'
    assert release.tasks[0].importance is None
    assert "O*NET 27.2 Database" in release.attribution


def test_a_broken_row_of_a_label_set_is_refused_alone(tmp_path):
    """A row without id or with too few fields is named by its line."""
    path = tmp_path / "full_labelset.tsv"
    path.write_text(LABEL_SET + "2\t15-9001.00\t\tNo id.\tCore\tX\tE0\n3\tshort\n")
    release = read_label_set_tasks(path, "gold")
    assert release.notes == (
        "refused: full_labelset.tsv line 4: no Task ID",
        "refused: full_labelset.tsv line 5: 2 field(s) where the header has 7",
    )
    assert len(release.tasks) == 2


def test_a_label_set_that_is_not_there_is_an_error(tmp_path):
    """The message says which file cannot be read."""
    with pytest.raises(CatalogueError, match=r"absent.tsv: cannot be read"):
        read_label_set_tasks(tmp_path / "absent.tsv", "gold")
