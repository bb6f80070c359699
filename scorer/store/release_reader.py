"""Reading a release: opened read-only, checked to be one, closed again. Nothing is ever written through this door."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from scorer.domain.rating import Rating
from scorer.errors import StoreCorruptError, StoreError, StoreTooNewError
from scorer.store.connection import CONFIG, plain_error, speaking_plainly, writing
from scorer.store.release_schema import Column, Table, release_schema
from scorer.store.release_writer import Fingerprint, ReleaseHead, fingerprints
from scorer.store.sql import Row, each, models, quoted, rows

ExportKind = Literal["parquet", "csv", "jsonl"]

ColumnKey = tuple[str, str | None]
ColumnFacts = tuple[str, str | None]


class ReleaseReader:
    """An open release."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[ColumnKey, ColumnFacts] | None = None
    ) -> None:
        self._con, self.path, self._columns = con, path, columns

    def beside(self) -> "ReleaseReader":
        """Another reader of the same open release, for a thread that reads at the same time."""
        return ReleaseReader(self._con.cursor(), self.path, self._columns)

    def head(self) -> ReleaseHead:
        """The one row that says what it is.

        Raises:
            StoreCorruptError: there is none, or more than one.
        """
        found = self.rows("SELECT * FROM release")
        if len(found) != 1:
            raise StoreCorruptError(f"{self.path} has {len(found)} rows in `release` instead of one: publish it anew")
        return ReleaseHead.model_validate(found[0])

    def rows(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """What a query gives, by column name; JSON is parsed, times are aware (UTC)."""
        return rows(self._con, query, parameters)

    def arrow(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pa.Table:
        """What a query gives, as an Arrow table."""
        return self._con.sql(query, params=parameters or None).to_arrow_table()

    def each(self, query: str) -> Iterator[Row]:
        """As `rows`, but some at a time: for queries that give more than should be held at once."""
        return each(self._con.cursor(), query)

    def columns(self) -> Mapping[ColumnKey, ColumnFacts]:
        """Type and COMMENT of every column by table and column name; of tables and views under the column None.

        Looked up once: a release never changes while it is open.
        """
        if self._columns is None:
            self._columns = self._look_up_columns()
        return self._columns

    def _look_up_columns(self) -> dict[ColumnKey, ColumnFacts]:
        found = self._con.execute("""
            SELECT table_name, NULL, 'TABLE', comment FROM duckdb_tables() WHERE NOT internal
            UNION ALL SELECT view_name, NULL, 'VIEW', comment FROM duckdb_views() WHERE NOT internal
            UNION ALL SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
        """).fetchall()
        return {(table, column): (kind, comment) for table, column, kind, comment in found}

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Rows and checksum of every table, as the manifest states them."""
        return fingerprints(self._con)

    def ratings(self) -> list[Rating]:
        """Every rating, whole as far as the release has it; what was left out of it comes back empty."""
        found = self.rows("SELECT * FROM rating")
        return models(Rating, ({**row, "raw": row["raw"] or ()} for row in found))

    def export(self, directory: Path, kind: ExportKind, facts: Mapping[str, str] | None = None) -> list[Path]:
        """Write every table as a file of its own, `rating.parquet`; each takes its place in one step.

        Args:
            directory: made where it is missing.
            kind: `csv` is UTF-8 by RFC 4180, lists and objects as JSON, NULL as an empty field, and a text that a
                spreadsheet would run as a formula begins with an apostrophe; `jsonl` has one object a line; `parquet`
                is compressed with zstd.
            facts: written into the metadata of each Parquet file.
        """
        with writing(directory):
            directory.mkdir(parents=True, exist_ok=True)
        return [self.export_table(table, directory, kind, facts or {}) for table in release_schema().tables]

    def export_table(self, table: Table, directory: Path, kind: ExportKind, facts: Mapping[str, str]) -> Path:
        """Write one table as a file; see `export`."""
        out, beside = directory / f"{table.name}.{kind}", directory / f".{table.name}.{kind}.tmp"
        columns = ", ".join(_for_spreadsheets(column) for column in table.columns) if kind == "csv" else "*"
        self._con.execute(f"COPY (SELECT {columns} FROM {table.name}) TO {quoted(beside)} ({_form(kind, facts)})")  # noqa: S608 - our own names
        return beside.replace(out)


def _for_spreadsheets(column: Column) -> str:
    """A column as CSV takes it: what is no plain value as JSON, no text that is taken for a formula (CWE-1236)."""
    name = f'"{column.name}"'
    if column.type == "JSON" or column.type.endswith("[]"):
        return f"to_json({name})::VARCHAR AS {name}"
    if column.type != "VARCHAR":
        return name
    return f"CASE WHEN regexp_matches({name}, '^[-=+@\t\r]') THEN chr(39) || {name} ELSE {name} END AS {name}"


def _form(kind: ExportKind, facts: Mapping[str, str]) -> str:
    """The options of COPY."""
    if kind == "csv":
        return "FORMAT csv, HEADER"
    if kind == "jsonl":
        return "FORMAT json"
    stated = ", ".join(f"{name}: {quoted(value)}" for name, value in facts.items())
    return "FORMAT parquet, COMPRESSION zstd" + (f", KV_METADATA {{{stated}}}" if stated else "")


@contextmanager
def open_release(path: Path) -> Iterator[ReleaseReader]:
    """A release, open for the length of the block.

    Raises:
        StoreError: there is no such file.
        StoreCorruptError: it is not a release, or is damaged.
        StoreTooNewError: its tables are of a newer major version.
    """
    if not path.is_file():
        raise StoreError(f"there is no release {path}: run `scorer publish`, or name another file")
    try:
        con = duckdb.connect(path, read_only=True, config=CONFIG)
    except duckdb.Error as error:
        raise plain_error(error, path, what="release") from error
    try:
        with speaking_plainly(path, "release"):
            reader = ReleaseReader(con, path)
            _check_version(reader)
            yield reader
    finally:
        con.close()


def _check_version(reader: ReleaseReader) -> None:
    if ("release", "schema_version") not in reader.columns():
        raise StoreCorruptError(
            f"{reader.path} is a DuckDB file, but no release: name a file that `scorer publish` wrote"
        )
    stated, ours = reader.head().schema_version, release_schema().version
    if int(re.split(r"\D", stated)[0] or 0) > int(ours.split(".")[0]):
        raise StoreTooNewError(
            f"{reader.path} has tables of version {stated}, this scorer reads {ours}: install a newer scorer"
        )
