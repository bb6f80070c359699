"""The contamination probe: what counts as remembered, and how often an innocent rater is suspected."""

import random

import pytest

from eval.contamination import Question, TaskRow, finding, order_questions, recall_questions, remembered, what_shows

SEEDS = 200
ROWS = [
    TaskRow(
        str(10 * home + place), f"{home:02d}-1011.00", f"Row {place} of home {home}, told at length.", "ABC"[place % 3]
    )
    for home in range(20)
    for place in range(9)
]


def test_an_innocent_rater_is_suspected_about_as_rarely_as_the_interval_says():
    """A rater that guesses labels passes for a memoriser in about one of forty probes."""
    suspected = 0
    for seed in range(SEEDS):
        guess = random.Random(seed)  # noqa: S311 - a simulation, no secret
        answers = [remembered(one, guess.choice("ABC")) for one in recall_questions(ROWS, 120, seed)]
        suspected += what_shows(answers, 0).interval.low > 0
    assert suspected / SEEDS < 0.06


def test_who_knows_only_what_is_common_in_the_occupation_remembers_nothing():
    """Labels that follow from the occupation are as right about the other rows: the difference is about 0."""
    rows = [row._replace(label="B" if int(row.task_id) % 9 == 0 else "A") for row in ROWS]
    shown = what_shows([remembered(one, "A") for one in recall_questions(rows, 1000, 0)], 0)
    assert shown.own > 0.8
    assert shown.difference == pytest.approx(0, abs=1e-12)


def test_a_row_written_nearly_word_by_word_is_that_row_and_no_other():
    """Small slips do not matter, and rows that resemble each other are told apart by which is nearest."""
    question = order_questions(ROWS, 1000, 0)[0]
    slip = question.own.upper().replace("LENGTH.", "LENGTH")
    assert remembered(question, slip)[1:] == (1.0, 0.0)
    assert remembered(question, "Something else altogether.")[1:] == (0.0, 0.0)
    assert remembered(question, question.others[0])[1:] == (0.0, pytest.approx(1 / len(question.others)))


def test_occupations_in_which_all_labels_are_the_same_ask_nothing():
    """There the permuted rows are the rows."""
    assert recall_questions([row._replace(label="A") for row in ROWS], 100, 0) == []
    assert recall_questions([row._replace(label=None) for row in ROWS], 100, 0) == []


@pytest.mark.parametrize(("n", "homes", "reason"), [(99, 20, "100 are needed"), (120, 5, "too few occupations")])
def test_too_little_evidence_is_no_finding(n, homes, reason):
    """Fewer than a hundred answers or ten occupations: not estimable, with the reason."""
    answers = [remembered(Question(ROWS[i % homes * 9], (), "A", ("B",)), "A") for i in range(n)]
    shown = what_shows(answers, 0)
    assert shown.interval is None
    assert finding(shown, "labels").startswith("not estimable")
    assert reason in finding(shown, "labels")
