"""scorer rubrics compare: a new wording is rated like the old one, and has to earn its version on the same labels."""

import json
from importlib.resources import files

import pytest
from fake_openai import asked, completion
from inside import answer, answering
from road import invented_tasks, write_labels

TASKS = invented_tasks(occupations_per_group=1)
RIGHT = {task.statement: task.category for task in TASKS}
ADDED = "Think of one ordinary working day."
COMPARE = ("rubrics", "compare", "coverage@1", "coverage@2")


def better_when_told(request, _key=""):
    """Right about every task under the new wording; under the old one about every second, and `50` about the rest."""
    (statement,) = (one for one in RIGHT if one in asked(request))
    is_right = ADDED in json.dumps(request["messages"]) or int(statement[-2]) % 2
    return 200, completion(answer(request, category=RIGHT[statement] if is_right else "50"))


def new_wording(place):
    """The shipped rubric with one more sentence, as a file of one's own."""
    text = (files("prompts") / "coverage" / "v1.md").read_text(encoding="utf-8")
    file = place / "coverage.md"
    file.write_text(text.replace("version = 1", "version = 2", 1).replace("## Rules", f"{ADDED}\n\n## Rules", 1))
    return file


@pytest.fixture
def rated(command):
    """One rater's answers to every task under both wordings, and labels by a person."""
    rubrics = ("--rubric", "coverage@1", "--rubric", new_wording(command.workspace))
    with answering(better_when_told) as url:
        command.configure(url)
        said = command("rate", "--rater", "scripted", *rubrics, "--all", "--allow-unpriced")
    assert said.status == 0, said.err
    command("labels", "import", write_labels(command.workspace / "people.csv", TASKS))
    return command


def test_a_wording_that_agrees_better_is_told_by_how_much_and_how_surely(rated):
    """B minus A over all tasks: positive, with an interval that leaves out 0; in print and as JSON."""
    said = rated(*COMPARE, "--json")
    assert said.status == 0, said.err
    found = {row["metric"]: row for row in said.json()}
    agreement = found["raw_agreement"]
    assert (agreement["rater"], agreement["labels"], agreement["tasks"]) == ("scripted", "people", 144)
    assert (agreement["b"], agreement["b_minus_a"]) == (1.0, pytest.approx(1 - agreement["a"]))
    assert 0 < agreement["low"] < agreement["b_minus_a"] < agreement["high"]
    assert found["mae"]["b_minus_a"] < 0
    assert "coverage@2 minus coverage@1" in rated(*COMPARE, "--labels", "people").out
    back = {row["metric"]: row for row in rated("rubrics", "compare", "coverage@2", "coverage@1", "--json").json()}
    assert back["raw_agreement"]["b_minus_a"] == pytest.approx(-agreement["b_minus_a"])
    assert "cannot be compared with itself" in rated.fails("rubrics", "compare", "coverage@1", "coverage@1")
    assert "no ratings on `coverage@3`" in rated.fails("rubrics", "compare", "coverage@1", "coverage@3")
    assert "no label set `poeple`; did you mean `people`?" in rated.fails(*COMPARE, "--labels", "poeple")
