"""docs/rubrics.md says what is so."""

import re
from pathlib import Path

from scorer.domain.rating import AnswerMode
from scorer.rubrics import parse_rubric, render, variants

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rubrics.md"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_example_on_the_page_is_a_rubric(occupation, task):
    """The file shown in the docs loads, renders in both modes, and has the variants the page promises."""
    (example,) = blocks("markdown")
    rubric = parse_rubric(example.encode(), "docs/rubrics.md")
    assert rubric.id == "drafting@1"
    assert len(render(rubric, occupation, task, AnswerMode.TOKEN)) == 3
    assert variants(rubric, 2) == ("base", "reversed-categories")


def test_the_python_on_the_page_runs():
    """Every Python block of the page runs as it stands."""
    found = blocks("python")
    assert found
    for block in found:
        exec(compile(block, "docs/rubrics.md", "exec"), {})  # noqa: S102 - our own page
