"""Worked examples give nothing away, and what a rater sees stays what it was."""

import csv
import re
from importlib.resources import files

import pytest
from rubric_snapshots import place, snapshot
from shared_data import SHARED, needs_shared

from scorer.artefacts import ArtefactCache
from scorer.catalogue import read_offline_release
from scorer.rubrics import available

RUN = 5
LIKENESS = 0.5
STOP_WORDS = """a all an and any are as at be by each every for from has have her his in into is it its may more no not
of on or other such than that the their them this to what which who with"""
STOP = frozenset(STOP_WORDS.split())


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text):
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def content(text):
    return set(words(text)) - STOP


def likeness(example, told):
    """Share of a statement's content words that an example holds; short statements are taken as five words long."""
    return len(told & example) / max(RUN, len(told))


def gold_statements():
    parquet = ArtefactCache().path("onet-26.1")
    if parquet is None:
        pytest.skip("the artefact onet-26.1 is not in the cache: scorer artefacts pull onet-26.1")
    labels = files("eval").joinpath("gold", "reference_v1", "labels.csv").read_text(encoding="utf-8")
    wanted = {row["task_id"] for row in csv.DictReader(labels.splitlines())}
    return [task.statement for task in read_offline_release(parquet).tasks if task.task_id in wanted]


def onet_statements():
    with (SHARED / "data/onet_30_1/Task Statements.txt").open(encoding="utf-8", newline="") as file:
        return [row["Task"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def leaks(statements):
    """(rubric, category, statement) wherever an example shares a run of words, or too many words, with a statement."""
    examples = [
        (rubric.id, category.value, runs(category.example), content(category.example))
        for rubric in available()
        for category in rubric.categories
    ] + [
        (rubric.id, one.occupation, runs(one.task), content(one.task))
        for rubric in available()
        for one in rubric.obvious
    ]
    told = [(statement, runs(statement), content(statement)) for statement in statements]
    return [
        (rubric, value, statement)
        for statement, shown_runs, shown_words in told
        for rubric, value, its_runs, its_words in examples
        if not its_runs.isdisjoint(shown_runs) or likeness(its_words, shown_words) > LIKENESS
    ]


def test_no_worked_example_gives_away_a_gold_task():
    """A rater is not shown the answer to a task that it is judged by: neither its words nor a paraphrase of them."""
    statements = gold_statements()
    assert len(statements) == 220
    assert leaks(statements) == []


@needs_shared
@pytest.mark.shared
def test_no_worked_example_is_a_task_of_onet():
    """No example shares five words in a row, or most of its words, with any statement that may be rated."""
    assert leaks(dict.fromkeys(onet_statements())) == []


def test_a_paraphrase_counts_as_a_leak():
    """The check finds a statement whose words are shuffled into an example."""
    example = content("Cooper: over a fire of shavings, the staves are bent and then cooled slowly.")
    assert likeness(example, content("Bend cooled staves over fire.")) > LIKENESS


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
def test_a_rater_sees_what_the_snapshot_holds(rubric):
    """The messages of a version are the same, byte for byte, as when it was locked."""
    assert place(rubric).is_file(), "a new version: `python tests/rubric_snapshots.py` writes its snapshot"
    assert snapshot(rubric) == place(rubric).read_text(encoding="utf-8")
