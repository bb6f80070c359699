"""The generated pages are what the program says of itself, and the written ones leave no command out."""

import measured
import pytest
from docs_pages import DOCS, generator, hand_written, pages, text_of

COMMANDS = [name for name, command in generator().commands().items() if not hasattr(command, "commands")]


@pytest.mark.parametrize("name", generator().PAGES)
def test_the_generated_page_is_current(name):
    """Whoever changes a help text or a COMMENT runs `make docs`."""
    assert (DOCS / name).read_text(encoding="utf-8") == generator().PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("page", measured.PAGES)
def test_the_figures_of_a_page_are_those_that_were_measured(page):
    """Its tables of figures are what `make docs` makes of those that the measuring commands have kept."""
    assert text_of(page) == measured.filled(text_of(page), measured.kept()), "run `make docs`"


def test_no_table_of_figures_is_left_behind():
    """Every page with such a table is among those that are made anew."""
    assert {page for page in pages() if "<!-- measured:" in text_of(page)} <= set(measured.PAGES)


@pytest.mark.parametrize(("goal", "figure", "met"), [("<= 0.50 x", 0.5, True), (">= 30,000", 13_200, False)])
def test_a_missed_goal_is_seen(goal, figure, met):
    """A figure is held against its goal as the goal is written."""
    assert measured._met(goal, figure) == met


def test_the_generated_page_does_not_depend_on_the_terminal(monkeypatch):
    """A narrow terminal makes the same page of commands."""
    page = generator().cli_page()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERMINAL_WIDTH", "40")
    assert generator().cli_page() == page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_written_about(command):
    """Each command is named on a page that a person wrote."""
    assert any(command in text_of(page) for page in hand_written())
