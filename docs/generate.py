#!/usr/bin/env python3
"""Writes the generated pages, and the tables of measured figures within the pages that have any.

docs/cli.md is made of help texts, docs/tables.md of the schema, docs/api.md of docstrings.

`make docs` runs it; a test holds the pages against what it would write. It refuses to be edited around: whoever wants
another sentence changes the help text, COMMENT or docstring it is made from, and whoever wants another figure measures.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measured
import typer
from python_pages import api_page

from scorer.cli import app
from scorer.store import tables_page

DOCS = Path(__file__).resolve().parent
WIDTH = 100
"""Columns of a help text on the page, whatever terminal it is made in."""

_HEAD = """# The command line

Every command with its help, as `--help` prints it; made by `make docs`. One command, `scorer`; exit status 0 fine,
1 something held, refused or incomplete, 2 usage, 3 an error that says what to do. What the commands are for, in the
order in which one needs them: [researchers.md](researchers.md), [reviewers.md](reviewers.md),
[consumers.md](consumers.md).
"""


def commands() -> dict[str, Any]:
    """Every command and group of the tree by the words that call it, `scorer onet import`, in the order of the help."""
    return dict(_walk(typer.main.get_command(app), "scorer"))


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer carries its click inside itself
    yield name, command
    for word, below in getattr(command, "commands", {}).items():
        yield from _walk(below, f"{name} {word}")


def cli_page() -> str:
    """docs/cli.md, as it must stand."""
    return _HEAD + "".join(_section(name, command) for name, command in commands().items())


def _section(name: str, command: Any) -> str:  # noqa: ANN401 - see _walk
    context = command.context_class(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"\n## {name}\n\n```text\n{text}\n```\n"


PAGES = {"api.md": api_page, "cli.md": cli_page, "tables.md": tables_page}


def main() -> None:
    """Write every generated page beside this file, and the tables within the others."""
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")
    sections = measured.kept()
    for name in measured.PAGES:
        page = measured.ROOT / name
        page.write_text(measured.filled(page.read_text(encoding="utf-8"), sections), encoding="utf-8")


if __name__ == "__main__":
    main()
