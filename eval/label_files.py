"""Label files as CSV: opened whole, with the line of each row; columns of the contract, or any columns by a map.

What a spreadsheet would run as a formula has an apostrophe before it in files that we write; reading takes it off.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from scorer.domain.label_columns import ColumnMap
from scorer.errors import LabelError

REQUIRED = ("task_id", "rubric", "labeller", "category")
OPTIONAL = ("note", "created_at", "labeller_kind", "statement_sha256", "sample_id", "origin")
SHOWN = ("occupation", "statement")
"""Columns of a sheet that are for its reader: they are passed over."""
FORMULA = tuple("=+-@")


def open_rows(path: Path, columns: ColumnMap | None = None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the fields of each row with the line it begins in (a quoted note may run over several).

    Args:
        path: UTF-8 CSV, by tabs where the name ends in `.tsv`.
        columns: how to read a file that is not of the contract.

    Raises:
        LabelError: the file cannot be read, or a column is missing, unknown or there twice.
    """
    begins, rows = 1, []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True, delimiter="\t" if path.suffix == ".tsv" else ",")
            for fields in reader:
                if any(field.strip() for field in fields):
                    rows.append((begins, [_unguarded(field.strip()) for field in fields]))
                begins = reader.line_num + 1
    except OSError as error:
        raise LabelError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LabelError(f"{path}: is not UTF-8 text (byte {error.start}); save it as CSV UTF-8") from error
    except csv.Error as error:
        raise LabelError(f"{path} line {begins}: is not CSV ({error}); is a quote missing?") from error
    needed = columns.needed if columns else REQUIRED
    if not rows:
        raise LabelError(f"{path}: is empty; its first line must name the columns {','.join(needed)}")
    header = rows[0][1]
    if columns:
        _check_mapped(path, header, columns)
    else:
        _check_header(path, header)
    return header, rows[1:]


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write a label file with all columns of the contract; nothing that is there is replaced.

    Raises:
        LabelError: there is a file of that name, or it cannot be written.
    """
    try:
        with path.open("x", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, (*REQUIRED, *OPTIONAL), restval="")
            writer.writeheader()
            writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
    except FileExistsError as error:
        raise LabelError(f"{path} is there already: name another file (--out)") from error
    except OSError as error:
        raise LabelError(f"{path}: cannot be written ({error.strerror})") from error


def guarded(value: object) -> str:
    """A value that a spreadsheet takes for text: what would begin a formula gets an apostrophe before it (CWE-1236)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip("'\t\r").startswith(FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def _check_mapped(path: Path, names: list[str], columns: ColumnMap) -> None:
    missing = [name for name in columns.needed if name not in names]
    twice = [name for name in columns.needed if names.count(name) > 1]
    for what, faulty in (("no column", missing), ("twice the column", twice)):
        if faulty:
            told = ", ".join(f"`{name}`" for name in faulty)
            raise LabelError(f"{path} line 1: {what} {told}; it has {', '.join(f'`{name}`' for name in names)}")


def _check_header(path: Path, names: list[str]) -> None:
    legal = REQUIRED + OPTIONAL + SHOWN
    unknown = [name for name in names if name not in legal]
    missing = [name for name in REQUIRED if name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults = (("unknown", unknown), ("missing", missing), ("there twice", twice))
    told = [f"{what}: {', '.join(f'`{name}`' for name in columns)}" for what, columns in faults if columns]
    if told:
        raise LabelError(
            f"{path} line 1: columns {'; '.join(told)}. A label file has {','.join(legal[:6])}, by commas; of any "
            "other say which columns to read (--task-column, --labeller-column, --category-column, --rubric)"
        )
