"""Tables as rows of text, whether they lie in a CSV, an Excel workbook or a zip of either."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scorer.errors import CatalogueError

MAX_BYTES = 128 * 2**20
"""Far more than any of these tables: what claims more is damaged or a zip bomb."""
DAMAGED = (zipfile.BadZipFile, InvalidFileException, ParseError, csv.Error, KeyError, ValueError, OSError, EOFError)


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
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            yield Sheet(name, [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)])
    finally:
        book.close()


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
