"""How the command line speaks: tables for people, JSON for programs, errors as advice.

Everything that comes from outside (task text, rationales, model names) is hostile to a terminal: control characters are
made visible, and no text is read as markup.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from scorer.domain.text import visible

PIPED_WIDTH = 200
"""Columns of a table that no terminal shows: wide enough that a name is not broken, for grep."""

_BOUNDLESS = 100_000
"""Columns of a terminal that would hold any table: asked for its least width there, a table gives it uncut."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    as_json: bool,
    only_json: Sequence[str] = (),
) -> None:
    """Print rows as a table, or as a JSON list of objects with the columns as keys.

    Args:
        title: of the table.
        columns: their names; the first one names the row and is never broken.
        rows: values in the order of the columns.
        as_json: JSON instead.
        only_json: columns that are too long for a table, such as hashes.
    """
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    shown = [place for place, column in enumerate(columns) if column not in only_json]
    heads = [columns[place].replace("_", " ") for place in shown]
    cells = [[(_cell(row[place]), _is_number(row[place])) for place in shown] for row in rows]
    table = _table(heads, cells)
    say(title, style="italic")
    if Measurement.get(out, out.options.update_width(_BOUNDLESS), table).minimum <= out.width:
        out.print(table)
    else:
        _print_blocks(heads, cells)


def _table(heads: Sequence[str], cells: Iterable[Sequence[tuple[str, bool]]]) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(Text(head), overflow="fold", no_wrap=place == 0)
    for row in cells:
        table.add_row(*(Text(text, justify="right" if is_number else "left") for text, is_number in row))
    return table


def _print_blocks(heads: Sequence[str], cells: Iterable[Sequence[tuple[str, bool]]]) -> None:
    """One block a row, one line a column: for a terminal too narrow to set the columns beside each other."""
    for row in cells:
        block = Table.grid(padding=(0, 2))
        for head, (text, _) in zip(heads, row, strict=True):
            block.add_row(Text(head, style="bold"), Text(text, overflow="fold"))
        out.print(block)
        out.print()


def show_json(value: object) -> None:
    """Print one JSON value on standard output; what is not printable is escaped, as JSON allows."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n")) + "\n")


def _escaped(line: str) -> str:
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


def say(line: str, style: str = "") -> None:
    """Print one line of plain text; where no terminal shows it, it stays one line however long it is."""
    out.print(Text(visible(line), style=style), soft_wrap=not out.is_terminal)


def say_error(message: str) -> None:
    """Print an error where errors go: each line of the message is one advice."""
    for line in message.splitlines() or [""]:
        err.print(Text.assemble(("error: ", "bold red"), visible(line)), soft_wrap=not err.is_terminal)


def note(line: str) -> None:
    """Print a remark beside the answer, on standard error, so that piped output stays clean."""
    err.print(Text(visible(line), style="dim"), soft_wrap=not err.is_terminal)


def _cell(value: object) -> str:
    match value:
        case None:
            text = "-"
        case bool():
            text = "yes" if value else "no"
        case float():
            text = f"{value:,.3f}".rstrip("0").rstrip(".")
        case int():
            text = f"{value:,}"
        case datetime():
            text = value.strftime("%Y-%m-%d %H:%M")
        case tuple() | list():
            text = "; ".join(map(str, value))
        case _:
            text = str(value)
    return visible(text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
