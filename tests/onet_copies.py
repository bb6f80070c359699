"""The same invented O*NET tables as text, Excel and SQL copies, each as O*NET writes them."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from scorer.catalogue.layout import sql_name

Table = list[list[str]]
IDS_ONLY = {"Element Name", "Commodity Title", "DWA Title", "DWA Element Name"}
"""Columns that SQL copies leave to their reference tables."""

REFERENCES = {"Content Model Reference", "UNSPSC Reference", "DWA Reference", "GWAs to IWAs to DWAs"}


def write_text(directory: Path, tables: Mapping[str, Table]) -> Path:
    """Tab-separated, CRLF, no quoting, missing values as they are given (`n/a`)."""
    directory.mkdir(parents=True)
    for name, rows in tables.items():
        lines = "".join("\t".join(row) + "\r\n" for row in rows)
        (directory / f"{name}.txt").write_bytes(lines.encode())
    return directory


def write_excel(directory: Path, tables: Mapping[str, Table]) -> Path:
    """Workbooks with the title of the occupation beside its code, numbers as numbers, blanks where one is missing."""
    directory.mkdir(parents=True)
    for name, (header, *rows) in tables.items():
        book = openpyxl.Workbook()
        has_code = header[0] == "O*NET-SOC Code" and name != "Occupation Data"
        for row in [header, *([_excel(cell, column) for cell, column in zip(r, header, strict=True)] for r in rows)]:
            extra = ["Title" if row is header else "Some title"] if has_code else []
            book.active.append([row[0], *extra, *row[1:]])
        book.save(directory / f"{name}.xlsx")
    return directory


def _excel(cell: str, column: str) -> object:
    if cell == "n/a":
        return None
    try:
        return float(cell) if column not in {"Element ID", "DWA ID", "Date"} else cell
    except ValueError:
        return cell


def write_sql(directory: Path, tables: Mapping[str, Table]) -> Path:
    """One script a table: CREATE TABLE, then an INSERT a row; NULL, ISO dates, doubled quotes, ids without words."""
    directory.mkdir(parents=True)
    for number, (name, (header, *rows)) in enumerate(tables.items(), start=1):
        kept = [place for place, column in enumerate(header) if column not in IDS_ONLY or name in REFERENCES]
        columns = [_column(header[place]) for place in kept]
        table = sql_name(name)
        script = [
            f"/*! START TRANSACTION */;\nCREATE TABLE {table} (\n  " + ",\n  ".join(columns) + ");\n/*! COMMIT */;"
        ]
        for row in rows:
            values = ", ".join(_literal(row[place], header[place]) for place in kept)
            script.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values});")  # noqa: S608 - written to a file, run nowhere
        (directory / f"{number:02d}_{table}.sql").write_text(
            "\n".join([*script, "/*! COMMIT */;", ""]), encoding="utf-8"
        )
    return directory


def _column(printed: str) -> str:
    return {"Date": "date_updated", "Index": "related_index", "Source(s)": "sources"}.get(printed) or sql_name(printed)


def _literal(cell: str, column: str) -> str:
    if cell == "n/a":
        return "NULL"
    if column == "Date":
        month, year = cell.split("/")
        return f"'{year}-{month}-01'"
    is_number = column in {"Task ID", "Data Value", "Category", "Index", "Job Zone", "Commodity Code"}
    return cell if is_number else "'" + cell.replace("'", "''") + "'"
