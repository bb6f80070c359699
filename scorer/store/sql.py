"""Rows in and rows out: batches through Arrow into a table, rows back as plain tuples or domain values.

The columns of a table carry the names of the model's fields, so nothing is mapped by position. Times are stored as UTC
without a zone (any client reads them without further packages) and come back aware.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from pydantic import BaseModel

from scorer.domain.base import canonical_json, json_bytes

Row = dict[str, Any]
Columns = dict[str, list[Any]]
Identity = tuple[object, ...]
JSON_COLUMNS = frozenset(
    {"params", "facts", "scale", "plan", "counts", "blockers", "params_sent", "raw", "manifest", "readings", "reading"}
)
"""Columns of type JSON, under the same name in every table; tuples elsewhere are lists of text."""
_EXCHANGED = frozenset({"raw", "params_sent"})
"""Kept as they went and came: large, and their keys in the order of sending."""
_IS_JSON = {"ARROW:extension:name": "arrow.json", "ARROW:extension:metadata": ""}
_PART_ROWS = 5_000
Model = TypeVar("Model", bound=BaseModel)
Part = TypeVar("Part")
Written = TypeVar("Written")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing of it."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def quoted(path: Path | str) -> str:
    """A path or text as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def incoming(con: duckdb.DuckDBPyConnection, columns: Columns | pa.Table) -> Iterator[None]:
    """Columns (all of one length, at least one) as the view `incoming` for the length of the block."""
    con.register("incoming", columns if isinstance(columns, pa.Table) else arrow(columns))
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # in a transaction that failed even this fails, and would hide why
            con.unregister("incoming")


def append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], where: str = "true") -> int:
    """Append a batch to a table, columns by name.

    Args:
        con: an open store, in a transaction where the rows belong to others.
        table: one of our own tables.
        rows: all with the same keys, each a column of the table.
        where: which rows of `incoming` to take.

    Returns:
        How many rows were appended.
    """
    return append_columns(con, table, columns_of(rows), where) if rows else 0


def columns_of(rows: Sequence[Row]) -> Columns:
    """Rows, all with the same keys and at least one, column by column."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def append_columns(con: duckdb.DuckDBPyConnection, table: str, columns: Columns | pa.Table, where: str = "true") -> int:
    """As `append`, of values by column."""
    with incoming(con, columns):
        statement = f"INSERT INTO {table} BY NAME SELECT * FROM incoming WHERE {where}"  # noqa: S608 - our own names
        ((count,),) = con.execute(statement).fetchall()
    return int(count)


def one_ahead(parts: Iterable[Part], write: Callable[[Part], Written]) -> Iterator[Written]:
    """Write one part after the other, each while the next one is made: DuckDB leaves Python free meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[Written] | None = None
        for part in parts:
            if written:
                yield written.result()
            written = writer.submit(write, part)
        if written:
            yield written.result()


def each(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> Iterator[Row]:
    """The rows of a query by column name, some at a time; JSON is parsed, times are aware.

    The connection takes no other query before the last row is taken.
    """
    cursor = con.execute(query, parameters or None)
    columns = [(name, str(kind) == "JSON") for name, kind, *_ in cursor.description or ()]
    while part := cursor.fetchmany(_PART_ROWS):
        for row in part:
            yield {name: _read(value, is_json) for (name, is_json), value in zip(columns, row, strict=True)}


def rows(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[Row]:
    """All rows of a query; see `each`."""
    return list(each(con, query, parameters))


def models(kind: type[Model], found: Iterable[Row]) -> list[Model]:
    """Rows as domain values."""
    return [kind.model_validate(row) for row in found]


def arrow(found: Columns) -> pa.Table:
    """Columns as Arrow takes them; JSON is marked as such, so that it is not read once more to check."""
    columns = {name: pa.array(_column(name, values)) for name, values in found.items()}
    is_json = {name: name in JSON_COLUMNS and pa.types.is_string(column.type) for name, column in columns.items()}
    fields = [
        pa.field(name, column.type, metadata=_IS_JSON if is_json[name] else None) for name, column in columns.items()
    ]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def _column(name: str, values: list[Any]) -> list[Any]:
    """Values of one column, plain ones: of a subclass of text Arrow would ask pandas first what it is."""
    if name in JSON_COLUMNS:
        return _written(values, _as_exchanged if name in _EXCHANGED else canonical_json)
    if name.endswith("_at"):
        return [_without_zone(value) for value in values]
    if isinstance(next((value for value in values if value is not None), None), StrEnum):
        return [None if value is None else value.value for value in values]
    return values


def identity(value: Row) -> Identity:
    """The same for two dicts only where they hold the very same objects under the same keys; while both are alive."""
    return (*value, *map(id, value.values()))


def _written(values: list[Any], write: Callable[[Any], str]) -> list[str | None]:
    """The JSON text of each value; once for objects that hold the very same values under the same keys."""
    known: dict[Identity, str] = {}
    texts: list[str | None] = []
    for value in values:
        if not isinstance(value, dict):
            texts.append(None if value is None else write(value))
            continue
        key = identity(value)
        text = known.get(key)
        if text is None:
            text = known[key] = write(value)
        texts.append(text)
    return texts


def _without_zone(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is None:
        return value
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).replace(tzinfo=None)


def _as_exchanged(value: Any) -> str:  # noqa: ANN401 - JSON is what it is
    return json_bytes(value).decode()


def _read(value: object, is_json: bool) -> object:
    match value:
        case str() if is_json:
            return json.loads(value)
        case datetime() if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
    return value
