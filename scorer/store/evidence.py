"""The registry of AI tools and reports: every entry is kept, and of one id the one imported last counts."""

from collections.abc import Sequence
from datetime import UTC, datetime

from scorer.domain.base import Frozen
from scorer.domain.evidence import EvidenceEntry
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction


class EvidenceRegistry(Frozen):
    """One import of a registry: its name, the file it was read from and that file's hash."""

    name: str
    source: str
    sha256: str
    entries: int
    imported_at: datetime


class EvidenceTables:
    """The tables `evidence_registry` and `evidence_entry`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, name: str, source: str, sha256: str, entries: Sequence[EvidenceEntry]) -> int:
        """Remember a registry with the entries that say something new.

        Returns:
            How many entries are new or say something else than before.
        """
        now = datetime.now(UTC)
        with self._file.session() as con, transaction(con):
            found = con.execute("SELECT entry_id, content_sha256 FROM evidence_current").fetchall()
            known = dict(found)
            new = [one for one in entries if known.get(one.entry_id) != one.content_sha256]
            imported = {"registry_sha256": sha256, "imported_at": now}
            append(
                con,
                "evidence_entry",
                [{**one.model_dump(mode="json"), **imported, "content_sha256": one.content_sha256} for one in new],
            )
            registry = EvidenceRegistry(name=name, source=source, sha256=sha256, entries=len(entries), imported_at=now)
            append(con, "evidence_registry", [dict(registry)])
        return len(new)

    def entries(self) -> list[EvidenceEntry]:
        """The entries that count, by id."""
        query = (
            "SELECT * EXCLUDE (registry_sha256, content_sha256, imported_at) FROM evidence_current ORDER BY entry_id"
        )
        with self._file.session() as con:
            return models(EvidenceEntry, rows(con, query))

    def registries(self) -> list[EvidenceRegistry]:
        """Every import, in the order of importing."""
        with self._file.session() as con:
            return models(EvidenceRegistry, rows(con, "SELECT * FROM evidence_registry ORDER BY rowid"))
