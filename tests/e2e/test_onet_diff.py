"""What changed between two releases, and what must be rated again: exactly what is asked in other words."""

import csv
from dataclasses import replace

import pytest
from inside import answering, good
from road import invented_tasks, table, write_onet

TASKS = invented_tasks(occupations_per_group=1)
MOVED, REWORDED, RETIRED, RERATED = TASKS[0], TASKS[1], TASKS[2], TASKS[3]


@pytest.fixture
def two(command, tmp_path):
    """30.9, and 31.0 in which one task is new, retired, reworded, re-rated and moved each, and one title is another."""
    tasks = [one for one in TASKS if one is not RETIRED]
    tasks[0] = replace(MOVED, code="13-9001.00")
    tasks[1] = replace(REWORDED, statement=REWORDED.statement.replace("invented routine", "new, invented routine"))
    tasks.append(replace(RETIRED, task_id="99999", statement="Do what nobody did before."))
    directory = write_onet(tmp_path / "db_31_0_text", tasks)
    kinds = {task.task_id: ("Core", "Supplemental")[place % 2] for place, task in enumerate(TASKS)}
    header = ("O*NET-SOC Code", "Task ID", "Task", "Task Type")
    rows = [(one.code, one.task_id, one.statement, kinds.get(one.task_id, "Core")) for one in tasks]
    table(directory / "Task Statements.txt", [header, *rows])
    ratings = directory / "Task Ratings.txt"
    row = f"{RERATED.code}\t{RERATED.task_id}\tIM\tn/a\t4.00"
    replace_in(ratings, row, row.replace("4.00", "2.50"))
    replace_in(directory / "Occupation Data.txt", "Invented occupation 33-9001.00", "Renamed occupation")
    assert command("onet", "import", str(directory)).status == 0
    return command


def replace_in(path, old, new):
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def of_renamed(tasks):
    return {task.task_id for task in tasks if task.code == "33-9001.00"}


def test_each_kind_of_change_is_counted_and_shown(two):
    """One task each; a reworded one shows which words came and went."""
    said = two("onet", "diff", "30.9", "31.0")
    assert said.status == 0, said
    assert "new, invented routine" not in said.out
    assert "the{+ new,+} invented routine" in said.out
    assert "importance 4.0 -> 2.5" in said.out
    assert f"{MOVED.code} -> 13-9001.00" in said.out
    told = two("onet", "diff", "30.9", "31.0", "--json").json()
    assert told["counts"] == {"new": 1, "retired": 1, "reworded": 1, "re-rated": 1, "moved": 1}
    assert told["unchanged"] == len(TASKS) - 4
    assert [(one["change"], one["new_title"]) for one in told["occupations"]] == [("reworded", "Renamed occupation")]


def test_what_must_be_rated_again_is_what_is_asked_in_other_words(two):
    """New, reworded, moved, and every task of a renamed occupation; neither the re-rated nor the retired one."""
    rerate = set(two("onet", "diff", "30.9", "31.0", "--json").json()["rerate"]["coverage@1"])
    assert rerate == {"99999", MOVED.task_id, REWORDED.task_id} | of_renamed(TASKS)
    assert two("onet", "diff", "31.0", "31.0", "--json").json()["rerate"] == {"coverage@1": []}


def test_the_plan_agrees_with_the_diff(two, tmp_path):
    """After 30.9 was rated, what a run of 31.0 still asks is what the diff named, and nothing else."""
    out = tmp_path / "again.csv"
    two("onet", "diff", "30.9", "31.0", "--write-tasks", str(out))
    with out.open(newline="") as file:
        named = {row["task_id"] for row in csv.DictReader(file)}
    with answering(good) as url:
        two.configure(url)
        assert two("rate", "--all", "--onet-release", "30.9", "--rater", "scripted").status == 0
        before = {task_id for (task_id,) in two.query("SELECT task_id FROM rating")}
        assert two("rate", "--all", "--onet-release", "31.0", "--rater", "scripted").status == 0
        runs = "SELECT task_id FROM rating WHERE run_id = (SELECT max(run_id) FROM run_start)"
        asked = {task_id for (task_id,) in two.query(runs)}
    assert before == {task.task_id for task in TASKS}
    assert asked == named


def test_only_and_limit_narrow_what_is_shown(two):
    """Other kinds are left out of the lists, not out of the counts."""
    said = two("onet", "diff", "30.9", "31.0", "--only", "moved")
    assert "13-9001.00" in said.out
    assert "invented routine" not in said.out
    assert two("onet", "diff", "30.9", "31.0", "--limit", "0").out.count("13-9001.00") == 0


def test_a_release_that_is_not_here_is_named_with_those_that_are(two):
    """Who mistypes sees what there is."""
    assert "no release 32.0 here, but 31.0, 30.9" in two.fails("onet", "diff", "30.9", "32.0")
