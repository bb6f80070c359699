"""The store's schema: numbered SQL files, each applied once, its record in the same transaction.

An existing store is copied by DuckDB itself before it is migrated (never by the file system: that would drop the
lock), and checkpointed after, so that a crash never has to replay a change of tables.
"""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import duckdb

from scorer.domain.base import sha256_text
from scorer.errors import StoreCorruptError, StoreError, StoreTooNewError
from scorer.store.sql import quoted, transaction


class Migration(NamedTuple):
    """One numbered step of the schema: `0001_initial.sql`."""

    id: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Identity of the step's text."""
        return sha256_text(self.sql)


@cache
def known_migrations() -> tuple[Migration, ...]:
    """Every migration of this version of the scorer, in order."""
    found = [f for f in (files("scorer.store") / "migrations").iterdir() if f.name.endswith(".sql")]
    return tuple(
        Migration(int(f.name[:4]), f.name.removesuffix(".sql"), f.read_text(encoding="utf-8"))
        for f in sorted(found, key=lambda f: f.name)
    )


def migrate(
    con: duckdb.DuckDBPyConnection, path: Path, known: tuple[Migration, ...] | None = None
) -> tuple[Migration, ...]:
    """Bring an open store to the newest schema.

    Args:
        con: the only connection to the store.
        path: its file, for messages and the name of the backup.
        known: the migrations to know; this version's own where None.

    Returns:
        What was applied; nothing, most of the time.

    Raises:
        StoreTooNewError: a newer scorer has migrated it further.
        StoreCorruptError: a DuckDB file that is not a store.
        StoreError: another build of the scorer has made it.
    """
    known = known_migrations() if known is None else known
    applied = _applied(con, path)
    _refuse_strangers(path, applied, known)
    missing = tuple(migration for migration in known if migration.id not in applied)  # numbers may have gaps
    if missing and applied:
        _back_up(con, path, max(applied))
    for migration in missing:
        _apply(con, migration)
    if missing:
        con.execute("CHECKPOINT")
    return missing


def _applied(con: duckdb.DuckDBPyConnection, path: Path) -> dict[int, str]:
    try:
        return dict(con.execute("SELECT id, sha256 FROM migration ORDER BY id").fetchall())
    except duckdb.CatalogException:  # asked for first, since every session asks and nearly all have it
        if not con.execute("SELECT 1 FROM duckdb_tables() WHERE NOT internal").fetchall():
            return {}
    raise StoreCorruptError(
        f"{path} is a DuckDB file, but not a scorer store: choose another workspace (--workspace) or move it away"
    )


def _refuse_strangers(path: Path, applied: dict[int, str], known: tuple[Migration, ...]) -> None:
    ours = {m.id: m.sha256 for m in known}
    if unknown := sorted(set(applied) - set(ours)):
        raise StoreTooNewError(
            f"{path} has schema {unknown[-1]}, this scorer knows up to {max(ours)}: "
            "install the newer scorer that wrote it"
        )
    if other := [number for number, sha256 in applied.items() if ours[number] != sha256]:
        raise StoreError(
            f"{path} was made by another build of the scorer (migration {other[0]} differs): "
            "use that build, or move the file away and run again"
        )


def _apply(con: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    with transaction(con):
        con.execute(migration.sql)
        con.execute("INSERT INTO migration VALUES (?, ?, ?, ?)", [migration.id, migration.name, migration.sha256, now])


def _back_up(con: duckdb.DuckDBPyConnection, path: Path, schema: int) -> Path:
    """A whole copy beside the store, named after the schema it still has."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    backup = path.with_name(f"{path.name}.before-{schema + 1:04d}-{now}")
    (name,) = con.execute("SELECT current_database()").fetchone() or ("",)
    con.execute(f"ATTACH {quoted(backup)} AS backup")
    try:
        con.execute(f'COPY FROM DATABASE "{name}" TO backup')
    finally:
        con.execute("DETACH backup")
    return backup
