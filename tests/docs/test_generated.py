"""The generated pages are what the program says of itself, and the written ones leave no command out."""

import pytest
from docs_pages import DOCS, generator, hand_written, text_of

COMMANDS = [name for name, command in generator().commands().items() if not hasattr(command, "commands")]


@pytest.mark.parametrize("name", generator().PAGES)
def test_the_generated_page_is_current(name):
    """Whoever changes a help text or a COMMENT runs `make docs`."""
    assert (DOCS / name).read_text(encoding="utf-8") == generator().PAGES[name](), "run `make docs`"


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
