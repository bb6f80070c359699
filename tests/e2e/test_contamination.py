"""What a rater remembers of a label set: a scripted memoriser is found out, an innocent rater is not."""

import hashlib
import json
import shutil
from itertools import pairwise

import duckdb
import pytest
from disputed import TASKS, rate_both
from fake_openai import asked, completion
from inside import Command, answering
from road import write_labels

from scorer.rubrics.contamination import contamination_wording

WORDING_1 = "f706bf062f758eb70940e66b1cf06dd344adfe39ed8daee0e7fa81967845e8b4"
AFTER = {one.statement: other.statement for one, other in pairwise(TASKS)}
LABELS = {task.task_id: task.category for task in TASKS}


@pytest.fixture
def command(tmp_path, imported, monkeypatch, capsys):
    """The command in a workspace with tasks, two imported raters and a label set."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    command = Command(place, monkeypatch, capsys)
    rate_both(place)
    assert command("labels", "import", write_labels(place / "public.csv", TASKS)).status == 0
    return command


class Scripted:
    """An endpoint that answers as told and keeps what it was asked."""

    def __init__(self, says):
        self._says, self.questions = says, []

    def __call__(self, request, _key):
        self.questions.append(asked(request))
        return 200, completion(json.dumps({"answer": self._says(asked(request))}))


def memoriser(question):
    """Has the file by heart."""
    lines = [line.split(": ", 1)[1] for line in question.splitlines() if line.startswith(("Row", "Task ID"))]
    return LABELS[lines[0]] if len(lines) == 1 else AFTER[lines[-1]]


def innocent(question):
    """Guesses a label, and writes a row in the manner of those shown."""
    turn = int(hashlib.sha256(f"guess {question}".encode()).hexdigest(), 16)
    return ("0", "25", "50", "75", "100")[turn % 5] if "Task ID:" in question else "Carry out the next step of it."


def unsure(_question):
    """Does not remember and says so."""
    return "unknown"


def probe(command, says, *more):
    endpoint = Scripted(says)
    with answering(endpoint) as url:
        command.configure(url, "right")
        return endpoint, command("raters", "contamination", "right", "--labels", "public", "--json", *more)


def test_a_memoriser_is_found_out_by_both_probes(command):
    """Every answer is right, the permuted rows hardly ever, exit status 1; report and release say so."""
    _, said = probe(command, memoriser)
    recall, order = said.json()
    assert (said.status, recall["probe"], order["probe"]) == (1, "label_recall", "file_order")
    assert recall["own"] == order["own"] == 1
    assert recall["n"] >= 100
    assert order["n"] >= 100
    assert recall["ci_low"] > 0.5
    assert order["ci_low"] > 0.5
    assert recall["finding"].startswith("remembers the file: 100% of")
    page = command.workspace / "report.html"
    report = command("evaluate", "--html", page, "--json").json()
    assert [one["finding"] for one in report["contamination"]] == [recall["finding"], order["finding"]]
    assert "remembers the file: 100% of" in page.read_text(encoding="utf-8")
    command("aggregate")
    assert command("publish").status == 0
    with duckdb.connect(command.workspace / "results.duckdb", read_only=True) as release:
        kept = release.execute(
            "SELECT rater, probe, prompt_sha256, own FROM contamination ORDER BY probe DESC"
        ).fetchall()
    assert kept == [("right", one, contamination_wording().sha256, 1.0) for one in ("label_recall", "file_order")]


@pytest.mark.parametrize("says", [innocent, unsure])
def test_an_innocent_rater_shows_no_sign_of_memory(command, says):
    """Guesses and honest ignorance are as often right about any other row of the occupation, exit status 0."""
    _, said = probe(command, says)
    assert said.status == 0
    assert all(one["finding"].startswith("no sign of memory") for one in said.json())
    assert all(one["ci_low"] <= 0 <= one["ci_high"] for one in said.json())


def test_nothing_that_could_be_judged_stands_in_a_question_about_a_label(command):
    """No statement is shown where a label is asked for, and no label anywhere."""
    endpoint, _ = probe(command, unsure)
    about_labels = [question for question in endpoint.questions if "Task ID:" in question]
    assert about_labels
    assert not [question for question in about_labels if any(task.statement in question for task in TASKS)]


def test_a_private_set_is_never_asked_about(command):
    """The command refuses before anything is sent."""
    assert command("labels", "import", command.workspace / "public.csv", "--private").status == 0
    endpoint, said = probe(command, memoriser)
    assert (said.status, endpoint.questions) == (3, [])
    assert "is private" in said.err


def test_replies_that_are_no_answers_give_no_number(command):
    """Off the schema is neither memory nor its absence: the reason is said instead."""
    _, said = probe(command, lambda _question: 7)
    assert said.status == 0
    assert {(one["own"], one["n"]) for one in said.json()} == {(None, 0)}
    assert all("not estimable: too few" in one["finding"] for one in said.json())


def test_a_wording_that_was_used_stays_as_it_is():
    """Another wording is another version, beside the first."""
    assert (contamination_wording().id, contamination_wording().sha256) == ("contamination@1", WORDING_1)
