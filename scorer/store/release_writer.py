"""Writing a release: a whole new file beside the old one, then one rename; readers never meet a lock or half a file.

The file is in a storage format that DuckDB 1.4 reads. What goes into it is decided by scorer.publish; how each table
is filled from the store is in release/fill, one query a table.
"""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from scorer.domain.base import Frozen
from scorer.domain.rating import Json
from scorer.store.connection import StoreFile, writing
from scorer.store.release_schema import RESOURCES, Table, release_schema
from scorer.store.sql import Row, append, quoted, rows, transaction

FORMAT = "STORAGE_VERSION 'v1.4.0', BLOCK_SIZE 16384"
"""DuckDB 1.4 reads it, and small blocks halve a small release: many columns leave most of a large block empty."""

SEALED_LAST = ("release", "data_dictionary")
PREVIOUS = "previous_score"
_ABANDONED_S = 3600.0


class ReleaseChoice(Frozen):
    """What of the store goes into a release.

    Attributes:
        onet_release: whose occupations and tasks are the current ones.
        aggregation_id: whose scores are published; None where there is none.
        with_statements: whether the words of others, and what may quote them, go along.
        provisional: whether held scores keep their numbers.
    """

    onet_release: str
    aggregation_id: str | None
    with_statements: bool = True
    provisional: bool = False


class ReleaseHead(Frozen):
    """The one row of the table `release`; see there."""

    release_id: str
    created_at: datetime
    schema_version: str
    scorer_version: str
    onet_release: str
    attribution: str
    policy_hash: str | None
    content_sha256: str
    manifest: Json

    def credits(self) -> list[str]:
        """The credit lines of texts and labels, then those of the models that rated here: to be shown on every page."""
        artefacts = self.manifest.get("facts", {}).get("artefacts", {})
        used = {rater["model"] for rater in self.manifest.get("raters", [])}
        models = [one["credit"] for name, one in artefacts.items() if name in used and one.get("credit")]
        return list(dict.fromkeys([*self.attribution.splitlines(), *models]))


class Fingerprint(NamedTuple):
    """Rows of a table and their checksum, whatever their order; content: that of what does not differ between times."""

    rows: int
    checksum: str
    content: str


class ReleaseDraft:
    """A release that is filled, not yet sealed."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.is_sealed = False

    def fingerprints(self) -> dict[str, Fingerprint]:
        """Of every table that is filled from the store."""
        return fingerprints(self._con, "outgoing.")

    def onet_releases(self) -> list[str]:
        """The catalogue releases that gave its tasks, by name."""
        found = self._con.execute("SELECT DISTINCT onet_release FROM outgoing.task ORDER BY ALL").fetchall()
        return [name for (name,) in found]

    def seal(self, head: ReleaseHead) -> None:
        """Say what it is; from here on it can be published."""
        append(self._con, "outgoing.release", [dict(head)])
        self.is_sealed = True


@contextmanager
def release_draft(store: StoreFile, out: Path, choice: ReleaseChoice) -> Iterator[ReleaseDraft]:
    """A filled draft; when the block ends and it was sealed, it takes the place of `out` in one step.

    Whatever goes wrong before, the old release stays as it is and nothing is left beside it.

    Raises:
        StoreError: the store cannot be read, or the file cannot be written.
    """
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
    beside = out.with_name(f".{out.name}.tmp-{os.getpid()}-{secrets.token_hex(2)}")
    previous = _previous_scores(out)
    try:
        with store.session() as con:
            with _attached(con, beside), transaction(con):
                _fill(con, choice, previous)
                draft = ReleaseDraft(con)
                yield draft
            if draft.is_sealed:
                with writing(out):
                    _swap(beside, out)
    finally:
        _remove(beside)


def filled_tables() -> list[str]:
    """The tables that are filled from the store, in an order in which each finds what it needs."""
    names = [t.name for t in release_schema().tables if not (t.is_view or t.empty) and t.name not in SEALED_LAST]
    return sorted(names, key=lambda name: name != "task")  # occupations follow the tasks


def fingerprints(con: duckdb.DuckDBPyConnection, schema: str = "") -> dict[str, Fingerprint]:
    """Of every table that is filled from the store; `schema` is a prefix such as `outgoing.`."""
    known = {table.name: table for table in release_schema().tables}
    return {name: _fingerprint(con, f"{schema}{name}", known[name].content) for name in filled_tables()}


def _fingerprint(con: duckdb.DuckDBPyConnection, table: str, content: tuple[str, ...]) -> Fingerprint:
    """Rows and checksums: the sum of 64 bits of the MD5 of each row as JSON."""
    named = ", ".join(f'"{column}": t."{column}"' for column in content)
    part = f"md5_number_lower(to_json({{{named}}})::VARCHAR)" if content else "0"
    query = f"""
        SELECT count(*), coalesce(sum(md5_number_lower(to_json(t)::VARCHAR)), 0), coalesce(sum({part}), 0)
        FROM {table} t
    """  # noqa: S608 - our own names
    ((count, checksum, kept),) = con.execute(query).fetchall()
    return Fingerprint(count, f"{checksum:x}", f"{int(kept):x}")


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, beside: Path) -> Iterator[None]:
    con.execute(f"ATTACH {quoted(beside)} AS outgoing ({FORMAT})")
    try:
        yield
    finally:
        con.execute("DETACH outgoing")


def _fill(con: duckdb.DuckDBPyConnection, choice: ReleaseChoice, previous: Sequence[Row]) -> None:
    schema = release_schema()
    _make(con, schema.tables)
    for name, value in dict(choice).items():
        con.execute(f"SET VARIABLE {name} = ?", [value])
    for name in filled_tables():
        if name != PREVIOUS:
            query = (RESOURCES / "fill" / f"{name}.sql").read_text(encoding="utf-8")
            con.execute(f"INSERT INTO outgoing.{name} BY NAME {query}")
    append(con, f"outgoing.{PREVIOUS}", previous)
    raters = [rater for (rater,) in con.execute("SELECT rater FROM outgoing.rater ORDER BY rater").fetchall()]
    whole = schema.with_raters(raters)
    _make(con, whole.tables[len(schema.tables) :])
    append(con, "outgoing.data_dictionary", whole.dictionary)


def _make(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Make tables and views with their comments."""
    ((home,),) = con.execute("SELECT current_database()").fetchall()
    con.execute("USE outgoing")  # a view must find the tables beside it, not the store's of the same name
    for table in tables:
        for statement in (table.ddl, *table.comments):
            con.execute(statement)
    con.execute(f'USE "{home}"')


def _previous_scores(out: Path) -> list[Row]:
    """What the release that is about to be replaced has published; nothing where there is none that can be read."""
    if not out.is_file():
        return []
    query = """
        SELECT r.release_id, s.occupation_code, s.rubric, s.rater, s.measure, s.score, s.share_50
        FROM occupation_score s, release r
        WHERE s.status = 'published' AND s.score IS NOT NULL
    """
    try:
        with duckdb.connect(out, read_only=True) as con:
            return rows(con, query)
    except duckdb.Error:  # damaged, of another version, or held by a writer: it is replaced all the same
        return []


def _swap(beside: Path, out: Path) -> None:
    _flush(beside, os.O_RDWR)
    beside.replace(out)
    with suppress(OSError):  # not every system lets a directory be flushed
        _flush(out.parent, os.O_RDONLY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(beside: Path) -> None:
    for leftover in (beside, beside.with_name(f"{beside.name}.wal")):
        leftover.unlink(missing_ok=True)


def _sweep(out: Path) -> None:
    """Remove what a killed publication left behind long ago."""
    for leftover in out.parent.glob(f".{out.name}.tmp-*"):
        with suppress(FileNotFoundError):
            if time.time() - leftover.stat().st_mtime > _ABANDONED_S:
                leftover.unlink()
