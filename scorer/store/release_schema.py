"""What a release holds: read from one plain file, from which tables, COMMENTs, dictionary and docs are made."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any, NamedTuple

RESOURCES = files("scorer.store") / "release"

_PAGE_HEAD = """# Tables of a release

Every table and view of `results.duckdb`, made from the same source as the COMMENTs in the file and its table
`data_dictionary`. Schema version {version}. Times are UTC. NULL means: there is no such number or text; it is never 0.
"""


class Column(NamedTuple):
    """A column of a table or view; the comment gives meaning, units or scale, and when it is NULL.

    Long texts name a compression of their own: answers of models shrink to a seventh of what the default leaves.
    """

    name: str
    type: str
    comment: str
    compression: str | None = None

    @property
    def ddl(self) -> str:
        """Its part of the statement that makes the table."""
        return f'"{self.name}" {self.type}' + (f" USING COMPRESSION {self.compression}" if self.compression else "")


class Table(NamedTuple):
    """A table, or a view (with its query).

    Attributes:
        empty: documented now, filled in a later version.
        volatile: columns that differ each time the same is done again (ids of runs, durations, hosts); `*` for all.
            They, and every time, are no part of the content hash.
    """

    name: str
    comment: str
    columns: tuple[Column, ...]
    query: str | None = None
    empty: bool = False
    volatile: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that the content hash covers."""
        if self.volatile == ("*",):
            return ()
        return tuple(c.name for c in self.columns if c.type != "TIMESTAMP" and c.name not in self.volatile)

    @property
    def is_view(self) -> bool:
        """Whether it is computed from other tables."""
        return self.query is not None

    @property
    def ddl(self) -> str:
        """The statement that makes it."""
        if self.query is not None:
            return f"CREATE VIEW {self.name} AS {self.query}"
        return f"CREATE TABLE {self.name} ({', '.join(column.ddl for column in self.columns)})"

    @property
    def comments(self) -> list[str]:
        """The statements that comment it and its columns."""
        kind = "VIEW" if self.is_view else "TABLE"
        return [
            f"COMMENT ON {kind} {self.name} IS {_text(self.comment)}",
            *(f"COMMENT ON COLUMN {self.name}.{_identifier(c.name)} IS {_text(c.comment)}" for c in self.columns),
        ]


class ReleaseSchema(NamedTuple):
    """All tables and views, in the order of the file."""

    version: str
    tables: tuple[Table, ...]

    @property
    def columns(self) -> dict[tuple[str, str | None], tuple[str, str]]:
        """Type and comment of every column by table and column name; of tables and views under the column None."""
        return {
            (table.name, name): (kind, comment)
            for table in self.tables
            for name, kind, comment in [
                (None, "VIEW" if table.is_view else "TABLE", table.comment),
                *(column[:3] for column in table.columns),
            ]
        }

    @property
    def dictionary(self) -> list[dict[str, str | None]]:
        """The rows of `data_dictionary`."""
        return [
            {"table_name": table, "column_name": column, "type": kind, "comment": comment}
            for (table, column), (kind, comment) in self.columns.items()
        ]

    def with_raters(self, raters: Sequence[str]) -> "ReleaseSchema":
        """This schema and `occupation_wide`, a view whose columns are the raters of one release."""
        return self._replace(tables=(*self.tables, _wide(raters)))


@cache
def release_schema() -> ReleaseSchema:
    """The schema of the releases that this version writes."""
    stated = tomllib.loads((RESOURCES / "schema.toml").read_text(encoding="utf-8"))
    return ReleaseSchema(stated["schema_version"], tuple(_table(part) for part in stated["table"] + stated["view"]))


_WIDE = (
    Column("rubric", "VARCHAR", "Rubric version."),
    Column("measure", "VARCHAR", "As in occupation_score."),
    Column("occupation_code", "VARCHAR", "Occupation."),
    Column("title", "VARCHAR", "Title of the occupation."),
    Column("panel", "DOUBLE", "Score of the panel; NULL where held."),
)


def _wide(raters: Sequence[str]) -> Table:
    """A row per occupation, rubric and measure, a column per rater: what a spreadsheet would be made of."""
    named = _column_names(raters)
    scores = "".join(f", max(s.score) FILTER (s.rater = {_text(r)}) AS {_identifier(named[r])}" for r in raters)
    query = f"""
        SELECT s.rubric, s.measure, s.occupation_code, any_value(o.title) AS title,
            max(s.score) FILTER (s.rater = 'panel') AS panel{scores}
        FROM occupation_score s LEFT JOIN occupation o ON o.occupation_code = s.occupation_code
        GROUP BY s.rubric, s.measure, s.occupation_code
        ORDER BY s.rubric, s.measure, s.occupation_code
    """  # noqa: S608 - names of raters, quoted
    columns = tuple(Column(named[r], "DOUBLE", f"Score of the rater {r}; NULL where held.") for r in raters)
    comment = "For people: occupation scores with a column for each rater of this release; what is held is NULL."
    return Table("occupation_wide", comment, (*_WIDE, *columns), query)


def _column_names(raters: Sequence[str]) -> dict[str, str]:
    """A column for each rater: its name, with a number behind it where only case tells it from another column."""
    taken = {column.name for column in _WIDE}
    named: dict[str, str] = {}
    for rater in raters:
        tries = (rater if n == 1 else f"{rater}_{n}" for n in count(1))
        named[rater] = next(name for name in tries if name.lower() not in taken)
        taken.add(named[rater].lower())
    return named


def tables_page() -> str:
    """docs/tables.md, as it must stand."""
    schema = release_schema()
    return _PAGE_HEAD.format(version=schema.version) + "".join(_section(table) for table in schema.tables)


def _table(stated: dict[str, Any]) -> Table:
    columns = tuple(Column(*column) for column in stated["columns"])
    return Table(**{**stated, "columns": columns, "volatile": tuple(stated.get("volatile", ()))})


def _section(table: Table) -> str:
    kind = " (view)" if table.is_view else ""
    head = f"\n## {table.name}{kind}\n\n{table.comment}\n\n| column | type | meaning |\n|---|---|---|\n"
    return head + "".join(f"| {c.name} | {c.type} | {c.comment} |\n" for c in table.columns)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
