"""What O*NET says of occupations beside their tasks, per release: added table by table, never changed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import duckdb

from scorer.domain.base import Frozen
from scorer.domain.occupation_facts import (
    AlternateTitle,
    CodeSuccession,
    Fact,
    FactKind,
    FactTable,
    RelatedOccupation,
    Skill,
    TaskActivity,
    Technology,
)
from scorer.errors import StoreError
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

FactModel = TypeVar("FactModel", Skill, Technology, AlternateTitle, RelatedOccupation, TaskActivity)

_ORDER = {
    FactKind.SKILLS: "importance DESC NULLS LAST, element",
    FactKind.TECHNOLOGIES: "is_in_demand DESC NULLS LAST, is_hot DESC NULLS LAST, example",
    FactKind.TITLES: "rowid",
    FactKind.RELATED: "place",
    FactKind.ACTIVITIES: "rowid",
}
"""What comes first: what counts most."""


class FactSource(Frozen):
    """Where one table of one release comes from, and how many rows it has."""

    onet_release: str
    kind: FactKind
    source: str
    sha256: str
    row_count: int
    notes: tuple[str, ...]


class FactTables:
    """The tables of `FactKind`, `fact_source` and `code_succession`.

    Readers give the rows of one release, what counts most first, all of them or those of some occupations (tasks, for
    activities); none where the release has no such table, which `sources` tells apart from an empty one.
    """

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def sources(self, release: str | None = None) -> list[FactSource]:
        """Which tables are here, of one release or of all."""
        with self._file.session() as con:
            query = "SELECT * EXCLUDE (added_at) FROM fact_source WHERE onet_release = coalesce(?, onet_release)"
            return models(FactSource, rows(con, f"{query} ORDER BY onet_release, rowid", [release]))

    def skills(self, release: str, codes: Iterable[str] | None = None) -> list[Skill]:
        """Skills, the most important first."""
        return self._read(Skill, FactKind.SKILLS, release, codes)

    def technologies(self, release: str, codes: Iterable[str] | None = None) -> list[Technology]:
        """Technologies: in demand, then hot ones, then the others."""
        return self._read(Technology, FactKind.TECHNOLOGIES, release, codes)

    def titles(self, release: str, codes: Iterable[str] | None = None) -> list[AlternateTitle]:
        """Everyday titles, in the order of O*NET."""
        return self._read(AlternateTitle, FactKind.TITLES, release, codes)

    def named(self, release: str) -> list[tuple[str, str]]:
        """Code and everyday title alone, several times quicker than `titles`."""
        with self._file.session() as con:
            query = "SELECT occupation_code, title FROM alternate_title WHERE onet_release = ? ORDER BY rowid"
            return con.execute(query, [release]).fetchall()

    def related(self, release: str, codes: Iterable[str] | None = None) -> list[RelatedOccupation]:
        """Related occupations, the nearest first."""
        return self._read(RelatedOccupation, FactKind.RELATED, release, codes)

    def activities(self, release: str, task_ids: Iterable[str] | None = None) -> list[TaskActivity]:
        """Detailed work activities of tasks, in the order of O*NET."""
        return self._read(TaskActivity, FactKind.ACTIVITIES, release, task_ids)

    def _read(
        self, model: type[FactModel], kind: FactKind, release: str, keys: Iterable[str] | None
    ) -> list[FactModel]:
        key = "task_id" if kind is FactKind.ACTIVITIES else "occupation_code"
        where = "onet_release = ?" if keys is None else f"onet_release = ? AND list_contains(?, {key})"
        query = f"SELECT * EXCLUDE (onet_release) FROM {kind} WHERE {where} ORDER BY {_ORDER[kind]}"  # noqa: S608 - our own names
        with self._file.session() as con:
            return models(model, rows(con, query, [release] if keys is None else [release, list(keys)]))

    def add_successions(self, successions: Sequence[CodeSuccession]) -> int:
        """Add what is not here yet of the 2010-to-2019 crosswalk; the number of new rows."""
        with self._file.session() as con, transaction(con):
            known = set(models(CodeSuccession, rows(con, "SELECT * FROM code_succession")))
            return append(con, "code_succession", [dict(one) for one in dict.fromkeys(successions) if one not in known])

    def successions(self) -> list[CodeSuccession]:
        """The crosswalk from O*NET-SOC 2010 to 2019; empty where none was imported."""
        with self._file.session() as con:
            return models(CodeSuccession, rows(con, "SELECT * FROM code_succession ORDER BY ALL"))


def add_facts(con: duckdb.DuckDBPyConnection, release: str, tables: Iterable[FactTable]) -> list[FactKind]:
    """Add the tables that are not here yet, in the transaction of whoever calls; which ones were.

    Raises:
        StoreError: a table is here with other rows; nothing is ever overwritten.
    """
    known = dict(con.execute("SELECT kind, sha256 FROM fact_source WHERE onet_release = ?", [release]).fetchall())
    added = []
    for table in tables:
        if known.get(table.kind, table.sha256) != table.sha256:
            raise StoreError(
                f"{table.source} of release {release} has other rows than those imported before "
                f"({known[table.kind][:12]}, not {table.sha256[:12]}): import it into a workspace of its own "
                "(--workspace DIR)"
            )
        if table.kind not in known:
            _append(con, release, table)
            added.append(table.kind)
    return added


def _append(con: duckdb.DuckDBPyConnection, release: str, table: FactTable) -> None:
    source = {"kind": table.kind.value, "source": table.source, "sha256": table.sha256, "notes": list(table.notes)}
    counted = {"onet_release": release, **source, "row_count": len(table.rows), "added_at": datetime.now(UTC)}
    append(con, "fact_source", [counted])
    append(con, table.kind.value, [_row(release, fact) for fact in table.rows])


def _row(release: str, fact: Fact) -> dict[str, Any]:
    return {"onet_release": release, **vars(fact)}  # flat fields: several times quicker than dict(fact)
