"""The plan: what is missing, and nothing else."""

import pytest
from engine_room import RUBRIC, invented, question, rater
from hypothesis import given
from hypothesis import strategies as st

from scorer.domain.past import Past, Standing, Text
from scorer.domain.rating import Cell, Message, Status
from scorer.rating import asking
from scorer.rating.plan import Reason, make_plan


def cell(task_id="1", **changes):
    fields = {
        "task_id": task_id,
        "rubric": "coverage@1",
        "rater": "a",
        "messages": (Message(role="user", content=f"task {task_id}"),),
        "answer_schema": None,
        "provider": "openai",
        "model": "m",
        "params": {},
        "statement_sha256": "s",
        "rubric_sha256": "r",
    }
    return Cell(**(fields | changes))


def test_what_decides_the_answer_decides_the_identity():
    """Another task, text, model, parameter, schema, variant, repeat or occasion is another Cell."""
    cells = [
        cell(),
        cell("2"),
        cell(messages=(Message(role="user", content="other"),)),
        cell(model="n"),
        cell(params={"temperature": 0}),
        cell(answer_schema={"type": "object"}),
        cell(variant="reversed"),
        cell(repeat=1),
        cell(occasion="anchor"),
        cell(provider="embedded"),
    ]
    assert len({one.cell_hash for one in cells}) == len(cells)


def test_the_name_of_the_rater_is_not_part_of_the_identity():
    """The same model under another name is not paid for again."""
    assert cell(rater="a").cell_hash == cell(rater="b").cell_hash


def standing(status, *raters):
    return Standing(status, frozenset(raters or ("scripted",)))


def past(standings):
    return Past(standings, {}, frozenset())


def test_an_answer_is_not_asked_again_and_a_failure_is():
    """Refused, truncated and off-scale answers are answers; `failed` is none."""
    asked_of = question(len(Status))
    statuses = {cell.cell_hash: standing(status) for cell, status in zip(asked_of, Status, strict=True)}
    plan = make_plan(asked_of, past(statuses))
    assert [statuses[one.cell_hash].status for one in plan.queues["scripted"]] == [Status.FAILED]
    assert plan.lines[0].reason is Reason.FAILED_BEFORE
    assert plan.present == len(Status) - 1


@given(st.lists(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_each_missing_cell_is_planned_once_in_the_order_of_asking(asked, known):
    """However often a task is named, it is asked once, and the order of the selection is kept."""
    tasks, occupations = invented(10)
    asked_of = asking([rater()], [RUBRIC], [tasks[one] for one in asked], occupations, variants={RUBRIC.id: ("base",)})
    hashes = {cell.cell_hash: standing(Status.RATED) for cell in asked_of if int(cell.task_id) in known}
    plan = make_plan(asked_of, past(hashes))
    planned = [int(one.task_id) for one in plan.queues.get("scripted", ())]
    assert planned == [one for one in dict.fromkeys(asked) if one not in known]
    assert sum(line.cells for line in plan.lines) == len(planned) == plan.missing
    assert plan.present == len(set(asked) & known)


def test_two_names_of_one_model_are_asked_once():
    """The first name asks; the second borrows its answers, and borrows those it finds under a third name too."""
    first, second = rater("first"), rater("second").model_copy(update={"model": "first-model"})
    asked_of = question(3, first, second)
    hashes = list(dict.fromkeys(cell.cell_hash for cell in asked_of))
    plan = make_plan(asked_of, past({hashes[0]: standing(Status.RATED, "first")}))
    assert {name: len(queue) for name, queue in plan.queues.items()} == {"first": 2}
    assert plan.present == 1
    assert [(who.name, cell_hash) for who, cell_hash in plan.borrowed] == [("second", one) for one in hashes]
    renamed = make_plan(question(3, first), past({one: standing(Status.RATED, "old") for one in hashes}))
    assert (renamed.missing, renamed.present, len(list(renamed.borrowed))) == (0, 3, 3)


EARLIER = RUBRIC.model_copy(update={"version": 0}).id
TEXT = invented(1)[0][0].statement_sha256
KEY = ("scripted", "coverage")


@pytest.mark.parametrize(
    ("texts", "raters", "reason"),
    [
        ({}, (), Reason.NEW_RATER),
        ({}, ("scripted",), Reason.NEW_RUBRIC),
        ({KEY: {"9": Text(RUBRIC.id, TEXT)}}, ("scripted",), Reason.NEW_TASK),
        ({KEY: {"0": Text(EARLIER, TEXT)}}, ("scripted",), Reason.NEW_VERSION),
        ({KEY: {"0": Text(RUBRIC.id, "other")}}, ("scripted",), Reason.CHANGED_TEXT),
        ({KEY: {"0": Text(RUBRIC.id, TEXT)}}, ("scripted",), Reason.CHANGED_TEXT),
    ],
    ids=["rater", "rubric", "task", "version", "statement", "occupation"],
)
def test_a_missing_cell_has_its_reason(texts, raters, reason):
    """Why a Cell is asked follows from what the rater was asked about this task before."""
    texts = {key: {task: frozenset({text}) for task, text in found.items()} for key, found in texts.items()}
    (line,) = make_plan(question(1), Past({}, texts, frozenset(raters))).lines
    assert (line.reason, line.cells) == (reason, 1)


def test_a_further_repeat_is_another_asking():
    """A task that was asked in the same words is asked again as a repeat, a variant or on an occasion."""
    known = Past({}, {KEY: {"0": frozenset({Text(RUBRIC.id, TEXT)})}}, frozenset({"scripted"}))
    lines = make_plan(question(1, repeats=3), known).lines
    assert {line.reason: line.cells for line in lines} == {Reason.CHANGED_TEXT: 1, Reason.NEW_ASKING: 2}


def test_an_unusable_answer_is_asked_again_on_request_only():
    """`--retry refused` asks what was refused, and nothing else that has its answer."""
    asked_of = question(len(Status))
    statuses = {cell.cell_hash: standing(status) for cell, status in zip(asked_of, Status, strict=True)}
    plan = make_plan(asked_of, past(statuses), [Status.REFUSED])
    assert {line.reason: line.cells for line in plan.lines} == {Reason.FAILED_BEFORE: 1, Reason.AGAIN: 1}
    assert {statuses[cell.cell_hash].status for cell in plan.queues["scripted"]} == {Status.REFUSED, Status.FAILED}
