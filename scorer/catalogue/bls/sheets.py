"""Tables as rows of text, whether they lie in a CSV, an Excel workbook or a zip of either."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, load_workbook

from scorer.errors import CatalogueError

MAX_BYTES = 128 * 2**20
"""Far more than any of these tables: what claims more is damaged or a zip bomb."""
DAMAGED = (zipfile.BadZipFile, CalamineError, csv.Error, KeyError, ValueError, OSError, EOFError)


class Sheet(NamedTuple):
    """One table: the file it stands in, and its rows of text, the header somewhere among the first."""

    source: str
    rows: Sequence[Sequence[str]]


def sheets(path: Path) -> Iterator[Sheet]:
    """The tables of a file.

    Raises:
        CatalogueError: the file is damaged, too large, or of another format.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CatalogueError(f"{path}: {path.stat().st_size:,} bytes; no table of BLS is that large")
        yield from _sheets(path.name, path.read_bytes())
    except DAMAGED as error:
        raise CatalogueError(f"{path}: cannot be read ({error}); get the file anew") from error


def _sheets(name: str, content: bytes) -> Iterator[Sheet]:
    if name.lower().endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.filename.lower().endswith((".csv", ".xlsx")) and member.file_size <= MAX_BYTES:
                    yield from _sheets(Path(member.filename).name, archive.read(member))
    elif name.lower().endswith(".xlsx"):
        yield from _workbook(name, content)
    else:
        text = content.decode("utf-8-sig", errors="replace")
        yield Sheet(name, list(csv.reader(io.StringIO(text, newline=""))))


def _workbook(name: str, content: bytes) -> Iterator[Sheet]:
    book = load_workbook(io.BytesIO(content))
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).iter_rows()
        yield Sheet(name, [[_text(cell) for cell in row] for row in rows])


def _text(cell: object) -> str:
    """What a cell shows: Excel keeps every number as a float, whole ones too."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
