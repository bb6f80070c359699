"""Reads tables row by row: good rows are kept, broken ones refused with file, line and reason.

A row is refused by raising ValueError while it is taken; the reader writes down why and goes on. A table that lacks a
column, or has no usable row, is a CatalogueError: there the whole file is the wrong one, not a row.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from scorer.catalogue.layout import OPTIONAL
from scorer.errors import CatalogueError

REFUSED = "refused: "
"""How a note begins that tells of one refused row."""

MISSING = frozenset({"", "n/a"})
NOT_UTF8 = "\ufffd"
"""What bytes that are not UTF-8 become when they are read; no O*NET text holds it."""

SHOWN = 5

Rows = Iterable[tuple[int, Sequence[str]]]
"""Line number (the header's is 1) and cells."""


def read_table(name: str, rows: Rows, columns: Sequence[str], keep: Callable[..., None], notes: list[str]) -> None:
    """Hands each row of a table to `keep`, by the names in its header.

    Args:
        name: of the file, for messages.
        rows: the header first; text that was not UTF-8 carries U+FFFD.
        columns: the columns wanted, in the order in which `keep` takes them; one whose name ends with `?` may be
            absent and is None then. Others are ignored.
        keep: takes the cells, None where missing (empty or `n/a`); raises ValueError to refuse the row.
        notes: one line is added for each refused row.

    Raises:
        CatalogueError: a column is missing, or not one row was usable.
    """
    numbered = iter(rows)
    _, header = next(numbered, (1, ()))
    places = find_columns(name, [cell.strip() for cell in header], columns)
    kept, refused = 0, []
    for line, cells in numbered:
        if not any(cells):
            continue  # an empty line, such as the last one
        try:
            _check(cells, len(header))
            keep(*[None if place is None else _value(cells[place]) for place in places])
            kept += 1
        except ValueError as error:
            refused.append(f"{name} line {line}: {reason(error)}")
    if not kept:
        first = f", the first: {refused[0]}" if refused else ""
        raise CatalogueError(f"{name}: no usable row ({len(refused)} refused{first}); get the file anew")
    notes.extend(REFUSED + why for why in refused)


def find_columns(name: str, header: Sequence[str], columns: Sequence[str]) -> list[int | None]:
    """Where each wanted column stands, None for an optional one that is absent.

    Raises:
        CatalogueError: others are missing; names them, and what was found.
    """
    absent = [column for column in columns if column not in header and not column.endswith(OPTIONAL)]
    if absent:
        found = ", ".join(f"`{column}`" for column in header) or "nothing"
        lacking = ", ".join(f"`{column}`" for column in absent)
        raise CatalogueError(f"{name}: missing column {lacking}; found {found}; is this the file it is named after?")
    places = {column: place for place, column in enumerate(header)}
    return [places.get(column.removesuffix(OPTIONAL)) for column in columns]


def csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of a table with CSV quoting; CatalogueError where it cannot be opened or split."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            reader = csv.reader(lines, delimiter=delimiter)
            for cells in reader:
                yield reader.line_num, cells
    except (OSError, csv.Error) as error:
        raise CatalogueError(f"{path}: cannot be read ({error})") from error


def _check(cells: Sequence[str], width: int) -> None:
    if len(cells) != width:
        raise ValueError(f"{len(cells)} field(s) where the header has {width}")
    if NOT_UTF8 in "".join(cells):
        raise ValueError("not UTF-8 text")


def _value(cell: str) -> str | None:
    text = cell.strip()
    return None if text in MISSING else text


def needed(value: str | None, column: str) -> str:
    """A value that must be there; ValueError where it is missing."""
    if value is None:
        raise ValueError(f"no {column}")
    return value


def number(text: str) -> float:
    """A finite number as O*NET prints one; ValueError for anything else, such as `nan`, `1,5` or `1_000`."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise ValueError(f"`{text}` is not a number")
    return value


def reason(error: ValueError) -> str:
    """Why a row was refused, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])} `{first['input']}`: {first['msg']}"
    return str(error)


def some(names: Sequence[str]) -> str:
    """The first few of many names."""
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
