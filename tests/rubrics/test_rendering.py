"""What is the same for all tasks comes first and is one object; the task comes last and is never a template."""

import pytest

from scorer.domain.rating import AnswerMode
from scorer.errors import RubricError
from scorer.rubrics import available, parse_rubric, render, variants

MODES = (AnswerMode.JSON, AnswerMode.TOKEN)


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
@pytest.mark.parametrize("mode", MODES)
def test_all_tasks_share_one_system_message(rubric, mode, occupation, task):
    """Two tasks of two occupations get the very same system text, so prompt caches meet a byte-identical prefix."""
    other = task.model_copy(update={"statement": "Char the inside of a cask."})
    first, second = render(rubric, occupation, task, mode), render(rubric, occupation, other, mode)
    assert first[0].role == "system"
    assert first[0].content is second[0].content
    assert first[1] != second[1]


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
@pytest.mark.parametrize("mode", MODES)
def test_the_task_comes_last(rubric, mode, occupation, task):
    """The user message ends with the fenced statement, and shows the occupation before it."""
    user = render(rubric, occupation, task, mode)[1].content
    assert user.endswith("<task>\nBend staves over a fire.\n</task>")
    assert 0 < user.index("Coopers") < user.index("<task>")


def test_token_mode_begins_the_answer(coverage, exposure, occupation, task):
    """In token mode the last message is the rubric's prefill; in JSON mode there is none."""
    for rubric, begun in ((coverage, "Category: "), (exposure, "Category: E")):
        last = render(rubric, occupation, task, AnswerMode.TOKEN)[-1]
        assert (last.role, last.content) == ("assistant", begun)
        assert [m.role for m in render(rubric, occupation, task, AnswerMode.JSON)] == ["system", "user"]


def test_cannot_judge_is_offered_in_both_modes(coverage, exposure, occupation, task):
    """JSON mode offers `cannot_judge`; token mode a short form that parts from the categories at the same token."""
    for rubric, short in ((coverage, "X"), (exposure, "EX")):
        assert "or cannot_judge if" in render(rubric, occupation, task, AnswerMode.JSON)[0].content
        assert f"or {short} if" in render(rubric, occupation, task, AnswerMode.TOKEN)[0].content


def test_a_statement_is_never_a_template(coverage, occupation, task):
    """Template marks in a statement or a title are shown as they are."""
    odd = task.model_copy(update={"statement": "Count {{ 7 * 7 }} {% for x in y %} staves."})
    titled = occupation.model_copy(update={"title": "{{ task }}"})
    user = render(coverage, titled, odd, AnswerMode.JSON)[1].content
    assert "{{ 7 * 7 }} {% for x in y %}" in user
    assert "Occupation: {{ task }}" in user


def test_the_description_is_shown_where_the_context_says_so(small, occupation, task):
    """`context` decides what of the occupation is seen beside its title; a missing description is shown as nothing."""
    text = small.replace("fields =", 'context = ["description"]\nfields =')
    rubric = parse_rubric(text.replace("{{ occupation }}:", "{{ occupation }} ({{ description }}):").encode(), "e.md")
    assert "Coopers (Make casks.):" in render(rubric, occupation, task, AnswerMode.JSON)[1].content
    bare = occupation.model_copy(update={"description": None})
    assert "Coopers ():" in render(rubric, bare, task, AnswerMode.JSON)[1].content


def test_the_activities_are_shown_where_the_context_says_so(small, occupation, task):
    """A rubric that shows work activities shows the titles of the task's own, quoted; a task without has none."""
    text = small.replace("fields =", 'context = ["activities"]\nfields =')
    rubric = parse_rubric(text.replace("{{ occupation }}:", "{{ occupation }} ({{ activities }}):").encode(), "e.md")
    filed = task.model_copy(update={"activities": ("Shape wood.", "Heat <task> workpieces.")})
    assert (
        "Coopers (Shape wood.; Heat \u2039task\u203a workpieces.):"
        in render(rubric, occupation, filed, AnswerMode.JSON)[1].content
    )
    assert "Coopers ():" in render(rubric, occupation, task, AnswerMode.JSON)[1].content


def test_what_a_rubric_shows_is_part_of_its_hash(small):
    """Another context is another text, hence another rubric and other Cells."""
    with_context = small.replace("fields =", 'context = ["description"]\nfields =').replace(
        "{{ occupation }}:", "{{ occupation }} ({{ description }}):"
    )
    assert parse_rubric(small.encode(), "e.md").sha256 != parse_rubric(with_context.encode(), "e.md").sha256


def test_variants_reorder_and_change_no_word(coverage, occupation, task):
    """Every variant has the same words as the base, in an order of its own, and the same task message."""
    base, *others = [render(coverage, occupation, task, AnswerMode.JSON, name) for name in variants(coverage, 4)]
    words = {tuple(sorted(messages[0].content.replace(",", "").split())) for messages in (base, *others)}
    assert len(words) == 1
    assert len({messages[0].content for messages in (base, *others)}) == 4
    assert {messages[1:] for messages in others} == {base[1:]}


def test_a_variant_reverses_what_its_name_says(coverage, occupation, task):
    """`reversed-categories` turns the scale round, `reversed-examples` the worked examples, each leaving the other."""

    def order(variant):
        text = render(coverage, occupation, task, AnswerMode.TOKEN, variant)[0].content
        scale = text.index("100 (all or") > text.index("0 (none)")
        return scale, text.index("Caption writer") > text.index("Deckhand")

    assert order("base") == (True, True)
    assert order("reversed-categories") == (False, True)
    assert order("reversed-examples") == (True, False)
    assert order("reversed-both") == (False, False)


def test_the_first_variant_is_the_base(coverage):
    """One variant means the wording of the file itself."""
    assert variants(coverage, 1) == ("base",)
    assert variants(coverage, 3) == ("base", "reversed-categories", "reversed-examples")


@pytest.mark.parametrize("k", [0, -1, 5])
def test_more_variants_than_there_are_is_an_error(coverage, k):
    """Variants are counted honestly: nothing is asked twice under two names."""
    with pytest.raises(RubricError, match="coverage@1 has 4 variants"):
        variants(coverage, k)


def test_without_examples_there_are_two_variants(small):
    """A rubric without worked examples has none to reorder."""
    rubric = parse_rubric(small.encode(), "ease.md")
    assert variants(rubric, 2) == ("base", "reversed-categories")
    with pytest.raises(RubricError, match="2 variants"):
        variants(rubric, 3)


def test_an_unknown_variant_is_named(coverage, occupation, task):
    """A variant that does not exist is refused with the nearest name."""
    with pytest.raises(RubricError, match="did you mean `reversed-examples`"):
        render(coverage, occupation, task, AnswerMode.JSON, "reversed-exmples")
