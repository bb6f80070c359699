"""The plan: what is missing, and nothing else."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scorer.domain.rating import Cell, Message, Status
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


def test_an_answer_is_not_asked_again_and_a_failure_is():
    """Refused, truncated and off-scale answers are answers; `failed` is none."""
    statuses = dict(zip([cell(str(number)).cell_hash for number in range(len(Status))], Status, strict=True))
    plan = make_plan((cell(str(number)) for number in range(len(Status))), statuses)
    assert [statuses[one.cell_hash] for one in plan.missing] == [Status.FAILED]
    assert plan.lines[0].reason is Reason.FAILED_BEFORE
    assert plan.present == len(Status) - 1


@given(st.lists(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_each_missing_cell_is_planned_once_in_the_order_of_asking(asked, known):
    """However often a Cell is named, it is asked once, and the order of the selection is kept."""
    statuses = {cell(str(number)).cell_hash: Status.RATED for number in known}
    plan = make_plan((cell(str(number)) for number in asked), statuses)
    planned = [int(one.task_id) for one in plan.missing]
    assert set(planned) == set(asked) - known
    assert all(asked.index(a) < asked.index(b) for a, b in pairwise(planned))
    assert sum(line.cells for line in plan.lines) == len(planned)
