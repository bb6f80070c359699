"""The reference set that ships with the project: whole, legal, drawn as it says, and told truthfully."""

import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from scorer.artefacts import ArtefactCache
from scorer.catalogue import Selection, read_offline_release, select

FIRST = {"coverage@1": {"0", "25", "50", "75", "100"}, "exposure@1": {"E0", "E2", "E1"}}
SECOND = {
    "automation@1": {"T0", "T1", "T2", "T3", "T4"},
    "agency@1": {"H1", "H2", "H3", "H4", "H5"},
    "augmentation@1": {"0", "1", "2", "3", "4"},
    "outlook@1": {"0", "25", "50", "75", "100"},
}
RUBRICS = {**FIRST, **SECOND}
LABELLERS = {**dict.fromkeys(FIRST, "reference-model-1"), **dict.fromkeys(SECOND, "reference-model-2")}
HEADER = ["task_id", "rubric", "labeller", "category", "note", "created_at", "labeller_kind", "statement_sha256"]
GOLD = files("eval") / "gold" / "reference_v1"


@pytest.fixture(scope="module")
def rows():
    return list(csv.DictReader(GOLD.joinpath("labels.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def release():
    parquet = ArtefactCache().path("onet-26.1")
    if parquet is None:
        pytest.skip("the artefact onet-26.1 is not in the cache: scorer artefacts pull onet-26.1")
    return read_offline_release(parquet)


def runs_of_five(text):
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def test_the_set_has_six_rubrics_for_220_tasks(rows):
    """220 tasks, each labelled once for every rubric, with legal categories only."""
    assert list(rows[0]) == HEADER
    assert all(row["category"] in RUBRICS[row["rubric"]] for row in rows)
    pairs = Counter((row["task_id"], row["rubric"]) for row in rows)
    assert max(pairs.values()) == 1
    tasks = {task for task, _ in pairs}
    assert len(tasks) == 220
    assert set(pairs) == {(task, rubric) for task in tasks for rubric in RUBRICS}


def test_the_rows_are_sorted_and_by_the_labeller_of_their_rubric(rows):
    """Rows stand in the order of task id and rubric, each by the labeller that the README names for it."""
    keys = [(int(row["task_id"]), row["rubric"]) for row in rows]
    assert keys == sorted(keys)
    assert all(row["labeller"] == LABELLERS[row["rubric"]] for row in rows)


def test_every_row_says_that_a_model_labelled(rows):
    """No copy of the file can pass for labels of persons: the kind stands in each row."""
    assert {row["labeller_kind"] for row in rows} == {"model"}


def test_the_labels_belong_to_the_statements_of_the_release(rows, release):
    """The sha256 in each row is that of the 26.1 statement of its task."""
    statements = {task.task_id: task.statement_sha256 for task in release.tasks}
    assert all(row["statement_sha256"] == statements[row["task_id"]] for row in rows)


def test_every_label_has_a_short_reason(rows):
    """A note of one to twelve words stands with every label."""
    assert all(1 <= len(row["note"].split()) <= 12 for row in rows)


def test_the_readme_says_that_a_model_labelled():
    """The README names the kind of labeller, the policy it opens, and that it is no human ground truth."""
    readme = GOLD.joinpath("README.md").read_text(encoding="utf-8")
    assert "labeller_kind = model" in readme
    assert "`exploratory`" in readme
    assert "not human ground truth" in readme


def test_the_counts_of_the_readme_are_those_of_the_file(rows):
    """Each count by category in the README is the count of the labels."""
    readme = GOLD.joinpath("README.md").read_text(encoding="utf-8")
    printed = {(rubric, value): int(n) for rubric, value, n in re.findall(r"\| `(\w+@1)` \| (\w+) \| (\d+) \|", readme)}
    counted = Counter((row["rubric"], row["category"]) for row in rows)
    assert printed == {(rubric, value): counted[rubric, value] for rubric in RUBRICS for value in RUBRICS[rubric]}


def test_the_tasks_are_the_sample_the_readme_states(rows, release):
    """Ten tasks of each of the 22 SOC major groups of release 26.1: those of `--sample 220 --seed 26`."""
    tasks = {row["task_id"] for row in rows}
    groups = Counter(task.major_group for task in release.tasks if task.task_id in tasks)
    assert len(groups) == 22
    assert set(groups.values()) == {10}
    assert tasks == {task.task_id for task in select(release, Selection(sample=220, seed=26))}


def test_no_note_copies_its_statement(rows, release):
    """No note holds a run of five words of the statement that it is about."""
    statements = {task.task_id: task.statement for task in release.tasks}
    copied = [row["task_id"] for row in rows if runs_of_five(row["note"]) & runs_of_five(statements[row["task_id"]])]
    assert copied == []
