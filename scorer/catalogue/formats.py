"""The three forms in which O*NET publishes a table, each read into the same rows: text, Excel, SQL.

Text is tab-separated without quoting and prints `n/a` where a value is missing, Excel leaves the cell blank, SQL writes
NULL. A file that breaks off is refused whole: what is missing at its end would otherwise pass for retired.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from python_calamine import CalamineError, load_workbook

from scorer.errors import CatalogueError

Row = tuple[int, list[str]]
"""Line number (the header's is 1; in SQL that of the statement) and cells; a missing value is empty or `n/a`."""

MAX_BYTES = 256 * 2**20
"""Far more than any file of a release: what claims more is damaged or a zip bomb."""

_INSERT = re.compile(r"\bINSERT\s+INTO\s+[\"`\[]?(?:\w+\.)?(\w+)[\"`\]]?\s*\(([^)]*)\)\s*VALUES\s*\(", re.IGNORECASE)
_VALUE = re.compile(
    r"\s*(?:N?'(?P<text>(?:[^']|'')*)'|(?P<null>NULL)|(?P<number>[-+]?[0-9.]+(?:E[-+]?[0-9]+)?)"
    r"|DATE\s*'(?P<date>[^']*)'|TO_DATE\s*\(\s*'(?P<to_date>[^']*)'\s*,\s*'[^']*'\s*\))\s*(?P<end>[,)])",
    re.IGNORECASE,
)
_NEXT_ROW = re.compile(r"\s*,\s*\(")
_WHOLE = re.compile(r"(?:[;/]|\bGO)\s*\Z", re.IGNORECASE)


def text_rows(file: IO[bytes]) -> Iterator[Row]:
    """The lines of a text file; what is not UTF-8 carries U+FFFD. A `"` is a character like any other.

    Raises:
        CatalogueError: the last line has no end: the file broke off there.
    """
    line, number = "\n", 0
    with io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if line.endswith("\n"):
                yield number, line.rstrip("\r\n").split("\t")
    if not line.endswith("\n"):
        raise CatalogueError(f"breaks off in line {number} (no line end)")


def excel_rows(file: IO[bytes]) -> Iterator[Row]:
    """The rows of the first sheet of a workbook; numbers as text files print them, `8823` and not `8823.0`.

    Raises:
        CatalogueError: it is no workbook, or its parts claim to be larger than any of O*NET.
    """
    content = io.BytesIO(file.read())
    try:
        with zipfile.ZipFile(content) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MAX_BYTES:
            raise CatalogueError(f"says it has {size:,} bytes; no O*NET file is that large")
        content.seek(0)
        sheet = load_workbook(content).get_sheet_by_index(0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [cell if type(cell) is str else _cell(cell) for cell in cells]
    except (zipfile.BadZipFile, CalamineError) as error:
        raise CatalogueError(f"is no whole Excel workbook ({error})") from error


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def sql_rows(file: IO[bytes]) -> Iterator[Row]:
    """The rows that the INSERT statements of a script write, the names of their columns first.

    Nothing is executed: statements other than INSERT are passed over, values are literals or refused.

    Raises:
        CatalogueError: a statement is none as O*NET writes them, has other columns than the first, or breaks off.
    """
    script = file.read().decode("utf-8-sig", errors="replace")
    if not _WHOLE.search(script):
        raise CatalogueError(f"breaks off in line {script.count(chr(10)) + 1} (no end of the statement)")
    columns: list[str] = []
    place, line, counted = 0, 1, 0
    while found := _INSERT.search(script, place):
        named = [name.strip(' \t\r\n"`[]').lower() for name in found[2].split(",")]
        line, counted = line + script.count("\n", counted, found.start()), found.start()
        if not columns:
            columns = named
            yield 1, columns
        if named != columns:
            raise CatalogueError(f"line {line}: an INSERT with other columns than the first one")
        place = found.end()
        while True:
            cells, place = _values(script, place, line)
            yield line, cells
            if not (another := _NEXT_ROW.match(script, place)):
                break
            place = another.end()


def _values(script: str, place: int, line: int) -> tuple[list[str], int]:
    """The values of one row, from behind its opening bracket, and the place behind its closing one."""
    cells: list[str] = []
    while found := _VALUE.match(script, place):
        place = found.end()
        text, number = found["text"], found["number"]
        if text is not None:
            cells.append(text.replace("''", "'"))
        else:
            cells.append(number or found["date"] or found["to_date"] or "")
        if found["end"] == ")":
            return cells, place
    raise CatalogueError(f"line {line}: a value that is no literal, or a statement that breaks off")
