"""Disagreements audited through the command: blind answer, what others said, resolution."""

import shutil

import duckdb
import pytest
from disputed import DISPUTED, judge_both, rate_both
from inside import Command

from scorer.domain.evaluation import LabellerKind
from scorer.domain.review import Answer
from scorer.workflows.evaluation.evaluate import evaluate_ratings
from scorer.workflows.review.cases import answer_case, resolve_case
from scorer.workflows.review.queue import review_queue
from scorer.workflows.review.ranking import nearness
from scorer.workflows.review.samples import label_draw, next_draw
from scorer.workflows.workspace.bench import Bench

HOSTILE = "it's \x1b[2J<script>alert(1)</script>'); DROP TABLE label; -- \u202egnorw"


@pytest.fixture
def command(tmp_path, judged, monkeypatch, capsys):
    """The command in a copy of that workspace."""
    place = tmp_path / "workspace"
    shutil.copytree(judged, place)
    return Command(place, monkeypatch, capsys)


def answer(command, task, reviewer="ann", category="50", *more):
    return command("review", "answer", task, "--reviewer", reviewer, "--category", category, *more)


def resolve(command, task, reviewer="ann", category="50", reason="Read it twice."):
    return command(
        "review", "resolve", task, "--reviewer", reviewer, "--category", category, "--reason", reason, "--json"
    )


def settle(bench, tasks):
    """One reviewer says 0 about each."""
    for task in tasks:
        answer_case(bench, "coverage", task.task_id, Answer("ann", "0"))
        resolve_case(bench, "coverage", task.task_id, Answer("ann", "0", "So it is."))


def test_the_queue_holds_what_the_panel_disagrees_on_most_urgent_first(command):
    """Every disputed task once, ordered by urgency, with the figures of the aggregation and nobody's answer."""
    said = command("review", "list", "--json").json()
    assert {case["task_id"] for case in said["cases"]} == {task.task_id for task in DISPUTED}
    urgencies = [case["urgency"] for case in said["cases"]]
    assert urgencies == sorted(urgencies, reverse=True)
    assert said["progress"] == {"cases": len(DISPUTED), "answered": 0, "answered_twice": 0, "resolved": 0}
    stored = dict(command.query("SELECT task_id, 100 * priority FROM disagreement"))
    assert {case["task_id"]: case["moves"] for case in said["cases"]} == pytest.approx(stored)
    assert "25" in command("review", "next", "--reviewer", "ann").out


def test_nothing_is_shown_before_the_answer(command):
    """The card has the task and the question; asking for more, or settling, is refused in words."""
    card = command("review", "next", "--reviewer", "ann", "--json").json()
    assert set(card) == {"task_id", "rubric", "occupation_code", "occupation", "statement", "question", "categories"}
    task = card["task_id"]
    assert "has not answered about task" in command.fails("review", "show", task, "--reviewer", "ann")
    refused = ("review", "resolve", task, "--reviewer", "ann", "--category", "50", "--reason", "so")
    assert "has not answered about task" in command.fails(*refused)
    told = answer(command, task, "ann", "50", "--json").json()
    assert {row["rater"] for row in told["ratings"]} == {"right", "off"}


def test_a_settled_case_leaves_the_queue_and_is_named_in_the_release(command):
    """With who settled it; its label is a review and no gold label."""
    task = DISPUTED[0].task_id
    answer(command, task)
    assert resolve(command, task).json()["is_new"]
    open_cases = command("review", "list", "--json").json()
    assert task not in {case["task_id"] for case in open_cases["cases"]}
    assert [row["n"] for row in open_cases["resolutions"]] == [1, 1]
    assert command("publish").status == 0
    with duckdb.connect(command.workspace / "results.duckdb", read_only=True) as release:
        settled = "SELECT task_id, resolved_by FROM disagreement WHERE resolved_by IS NOT NULL"
        assert release.execute(settled).fetchall() == [(task, "ann")]
        log = release.execute("SELECT act, reviewer, category, reason FROM review_event").fetchall()
        label = "SELECT labeller, category, origin FROM label WHERE label_set = 'reviews'"
        assert release.execute(label).fetchall() == [("ann", "50", "review")]
        assert release.execute("SELECT count(*) FROM gold_label WHERE label_set = 'reviews'").fetchall() == [(0,)]
    assert log == [("answer", "ann", "50", None), ("resolve", "ann", "50", "Read it twice.")]


def test_reasons_stay_out_of_a_release_without_statements(command):
    """They may quote the task."""
    answer(command, DISPUTED[0].task_id, "ann", "50", "--note", "quoted")
    assert command("publish", "--without-statements").status == 0
    with duckdb.connect(command.workspace / "results.duckdb", read_only=True) as release:
        assert release.execute("SELECT count(*), count(reason) FROM review_event").fetchall() == [(1, 0)]
    assert command("verify").status == 0


def test_the_same_said_twice_is_kept_once(command):
    """A form sent twice changes nothing; another category settles anew, and the first blind answer stays."""
    task = DISPUTED[0].task_id
    for _ in range(2):
        answer(command, task)
        resolve(command, task)
    assert command.query("SELECT act FROM review_event") == [("answer",), ("resolve",)]
    other = ("review", "answer", task, "--reviewer", "ann", "--category", "75")
    assert "answered 50 about task" in command.fails(*other)
    resolve(command, task, category="75")
    resolve(command, task, category="50")
    assert command.query("SELECT category FROM review_resolution") == [("50",)]
    assert command.query("SELECT count(*) FROM review_event WHERE act = 'resolve'") == [(3,)]


def test_a_second_reviewer_answers_as_blind_as_the_first(command):
    """The case stays next for the other until settled, who sees the first answer only after the own one."""
    task = command("review", "next", "--reviewer", "ann", "--json").json()["task_id"]
    answer(command, task, "ann", "50")
    assert command("review", "next", "--reviewer", "ann", "--json").json()["task_id"] != task
    assert command("review", "next", "--reviewer", "ben", "--json").json()["task_id"] == task
    assert command("review", "show", task, "--reviewer", "ben").status == 3
    log = answer(command, task, "ben", "75", "--json").json()["log"]
    assert [(one["reviewer"], one["category"]) for one in log] == [("ann", "50"), ("ben", "75")]
    assert review_queue(Bench(command.workspace)).progress.answered_twice == 1


def test_hostile_words_are_kept_and_shown_harmlessly(command):
    """A reason is text: no SQL, no terminal, no column runs it."""
    task = DISPUTED[0].task_id
    answer(command, task)
    assert resolve(command, task, reason=HOSTILE).status == 0
    assert command.query("SELECT reason FROM review_event WHERE act = 'resolve'") == [(HOSTILE,)]
    shown = command("review", "show", task, "--reviewer", "anybody").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b" in shown


@pytest.mark.parametrize(
    ("reviewer", "category", "told"),
    [
        ("ann", "60", "is not on the scale of coverage@1"),
        ("  ", "50", "a reviewer's name has 1 to 80 printable characters"),
        ("a\nb", "50", "a reviewer's name has 1 to 80 printable characters"),
    ],
)
def test_what_is_no_answer_is_refused(command, reviewer, category, told):
    """In one line, and nothing is kept."""
    words = ("review", "answer", DISPUTED[0].task_id, "--reviewer", reviewer, "--category", category)
    assert told in command.fails(*words)
    assert command.query("SELECT count(*) FROM review_event") == [(0,)]


def test_a_task_on_which_raters_agree_is_no_case(command):
    """The message says so."""
    words = ("review", "answer", "10001", "--reviewer", "ann", "--category", "50")
    assert "raters agree on it" in command.fails(*words)


def test_resolutions_change_no_agreement_and_no_verdict(command):
    """Whatever reviewers settle, the same labels judge the raters and say the same of them."""
    before = evaluate_ratings(Bench(command.workspace))
    settle(Bench(command.workspace), DISPUTED[:4])
    after = evaluate_ratings(Bench(command.workspace))
    assert after.agreements == before.agreements
    assert after.verdicts == before.verdicts


def test_resolutions_by_people_do_not_push_labels_by_models_aside(tmp_path, imported):
    """A set of nothing but reviews is none that persons labelled: it decides nothing."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    rate_both(place)
    judge_both(place, LabellerKind.MODEL)
    bench = Bench(place)
    before = evaluate_ratings(bench, policy="exploratory").verdicts
    settle(bench, DISPUTED[:1])
    assert evaluate_ratings(bench, policy="exploratory").verdicts == before


def test_labels_of_a_drawn_sample_count_with_their_chance(command):
    """They are labelled task by task, shown nothing, and the evaluation changes."""
    drawn = command("labels", "sample", "--n", "12", "--out", command.workspace / "sheet.csv", "--json").json()
    sample = drawn["sample_id"]
    before = evaluate_ratings(Bench(command.workspace))
    card = command("review", "next", "--sample", sample, "--reviewer", "ann", "--json").json()
    said = answer(command, card["task_id"], "ann", "0", "--sample", sample, "--json").json()
    assert set(said) == {"task_id", "sample_id", "category", "is_new"}
    bench = Bench(command.workspace)
    while left := next_draw(bench, sample, "ann"):
        label_draw(bench, sample, left.card.task.task_id, Answer("ann", "0"))
    assert command("review", "next", "--sample", sample, "--reviewer", "ann").status == 1
    assert not answer(command, card["task_id"], "ann", "0", "--sample", sample, "--json").json()["is_new"]
    kept = "SELECT DISTINCT origin, sample_id, inclusion_probability < 1 FROM label WHERE labeller = 'ann'"
    assert command.query(kept) == [("sample", sample, True)]
    after = evaluate_ratings(Bench(command.workspace))
    assert sample in after.facts.sets
    assert after.agreements != before.agreements


def test_a_label_about_a_task_that_was_not_drawn_is_refused(command):
    """So is a sample that is not here; the near one is named."""
    drawn = command("labels", "sample", "--n", "12", "--out", command.workspace / "sheet.csv", "--json").json()
    sample = drawn["sample_id"]
    words = ("--reviewer", "ann", "--category", "50", "--sample")
    assert "did not draw task `1`" in command.fails("review", "answer", "1", *words, sample)
    assert f"did you mean `{sample}`" in command.fails("review", "answer", "1", *words, sample[:-1])


def test_without_a_panel_all_raters_are_compared(tmp_path, imported, monkeypatch, capsys):
    """Before any label reviewers see the disagreements, are told so, and a panel of the same raters has the same."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    rate_both(place)
    ask = Command(place, monkeypatch, capsys)
    assert "all raters are compared" in ask("review", "list").err
    moves = {case["task_id"]: case["moves"] for case in ask("review", "list", "--json").json()["cases"]}
    judge_both(place)
    of_panel = dict(ask.query("SELECT task_id, 100 * priority FROM disagreement"))
    assert moves == pytest.approx(of_panel)


@pytest.mark.parametrize(
    ("number", "moves", "expected"), [(50.0, 4.0, 1.0), (48.0, 4.0, 0.5), (40.0, 4.0, 0.0), (50.0, 0.0, 0.0)]
)
def test_nearness_is_how_far_a_move_reaches_beyond_a_cut_off(number, moves, expected):
    """1 on the cut-off, 0 where it lies further than the move."""
    assert nearness(number, moves, (25.0, 50.0)) == expected
