"""Cells: every rater asked the same thing, shared text first, the task last."""

import pytest
from engine_room import RUBRIC, asked, by_rater, invented, question, rater, statement

from scorer.domain.rating import AnswerMode
from scorer.rating import asking, make_plan
from scorer.rubrics import render_task


def messages_by_task(made):
    return {cell.task_id: [(m.role, m.content) for m in cell.messages] for cell in made}


@pytest.mark.parametrize("answer", list(AnswerMode))
def test_the_system_message_is_one_and_the_same_for_all_tasks(answer):
    """Byte-identical over tasks and held once in memory, so that prompt caches meet it and a plan stays small."""
    made = asked(20, rater(answer=answer))
    first = [(cell.probes[0].opening if cell.probes else cell.messages)[0] for cell in made]
    assert {m.role for m in first} == {"system"}
    assert len({id(m.content) for m in first}) == 1


def test_the_task_stands_last():
    """Before a statement nothing differs from task to task but the occupation; after it stands nothing."""
    made = asked(20)
    for cell in made:
        assert cell.messages[-1].content.endswith(f"<task>\n{statement(int(cell.task_id))}\n</task>")
        assert statement(int(cell.task_id)) not in cell.messages[0].content
    before = {cell.messages[-1].content.partition("<task>")[0] for cell in made}
    assert len(before) == 2


@pytest.mark.parametrize("answer", list(AnswerMode))
def test_the_second_rater_gets_the_messages_of_the_first(answer):
    """In whatever place a rater stands, its messages are the same, byte for byte; only model and hash differ."""
    first, second = by_rater(asked(10, rater("first", answer=answer), rater("second", answer=answer))).values()
    assert messages_by_task(first) == messages_by_task(second)
    assert not {cell.cell_hash for cell in first} & {cell.cell_hash for cell in second}


def test_repeats_and_variants_are_cells_of_their_own():
    """Two variants asked three times make six Cells a task, none of which stands for another."""
    made = asked(5, variants=("base", "reversed-categories"), repeats=3)
    assert len(made) == len({cell.cell_hash for cell in made}) == 30
    assert make_plan(question(5, variants=("base", "reversed-categories"), repeats=3)).missing == 30


def test_a_variant_changes_no_word_about_the_task():
    """The user message is the same in every variant; the system message differs."""
    base, other = asked(1, variants=("base", "reversed-categories"))
    assert base.messages[-1] == other.messages[-1]
    assert base.messages[0] != other.messages[0]


def test_consecutive_cells_share_the_longest_prefix():
    """Cells come rater by rater and variant by variant, tasks innermost: the prefix changes as rarely as can be."""
    made = asked(4, rater("a"), rater("b"), variants=("base", "reversed-categories"), repeats=2)
    kinds = [(cell.rater, cell.variant, cell.repeat) for cell in made]
    assert kinds == sorted(kinds)
    assert [cell.task_id for cell in made[:4]] == ["0", "1", "2", "3"]


def test_the_identity_follows_the_text_and_not_the_place():
    """The same task at another place of another selection is the same Cell; a reworded task is another one."""
    tasks, occupations = invented(6)
    variants = {RUBRIC.id: ("base",)}
    hashes = {c.task_id: c.cell_hash for c in asking([rater()], [RUBRIC], tasks, occupations, variants=variants)}
    again = asking([rater()], [RUBRIC], tasks[::-2], occupations, variants=variants)
    assert all(hashes[cell.task_id] == cell.cell_hash for cell in again)
    reworded = tasks[0].model_copy(update={"statement": "Whitewash something else."})
    (changed,) = asking([rater()], [RUBRIC], [reworded], occupations, variants=variants)
    assert changed.cell_hash != hashes["0"]
    assert changed.statement_sha256 != tasks[0].statement_sha256


def test_cells_come_lazily():
    """No list of all prompts is made: a Cell is rendered when it is drawn, from the plan as well."""
    drawn = iter(question(3))
    first = next(drawn)
    assert first.task_id == "0"
    queue = make_plan(question(3)).queues["scripted"]
    assert len(queue) == 3
    assert [cell.task_id for cell in queue] == ["0", "1", "2"]
    assert next(iter(queue)) == first
    assert next(iter(queue)) is not next(iter(queue))


@pytest.mark.parametrize("answer", list(AnswerMode))
def test_a_plan_hashes_a_cell_as_the_cell_itself(answer):
    """The hash that a plan makes without the Cell is the Cell's own, whatever stands in the task."""
    tasks, occupations = invented(2)
    odd = tasks[0].model_copy(
        update={"statement": 'Say "no" to \u2028 {{ task }} \\ and \U0001f9ea, twice.', "task_id": '"9'}
    )
    for series in question(1, rater(answer=answer), variants=("base", "reversed-both"), repeats=2).series:
        for task in (*tasks, odd):
            occupation = occupations[task.occupation_code]
            made = series.cell(occupation, task)
            assert series.cell_hash(task.task_id, render_task(RUBRIC, occupation, task, answer)) == made.cell_hash


def test_the_hash_covers_what_is_sent():
    """Schema and parameters of the Cell are the ones that go out; the answer's schema has a hash of its own."""
    (json_cell,) = asked(1, rater(params={"temperature": 0.2}))
    (token_cell,) = asked(1, rater(answer=AnswerMode.TOKEN))
    assert json_cell.params["temperature"] == 0.2
    assert json_cell.params["response_format"]["json_schema"]["schema"] == json_cell.answer_schema
    assert json_cell.schema_sha256
    assert token_cell.answer_schema is token_cell.schema_sha256 is None
    assert token_cell.params["logprobs"] is True
