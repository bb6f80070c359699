"""The registry of AI tools and reports: what the project ships, and what users import over it."""

from pathlib import Path
from typing import NamedTuple

from scorer.domain.evidence import EvidenceEntry
from scorer.grounding import read_registry, shipped_registry
from scorer.workflows.workspace.bench import Bench


class EvidenceReport(NamedTuple):
    """What an import did: new or changed entries, those that were here, and those refused, one line each."""

    name: str
    sha256: str
    new: int
    known: int
    refused: tuple[str, ...]


def import_evidence(bench: Bench, path: Path, name: str | None = None) -> EvidenceReport:
    """Import a registry; an entry of an id that is known takes the place of the earlier one.

    Raises:
        CatalogueError: the file cannot be read.
    """
    read = read_registry(path, name)
    new = bench.store.evidence.add(read.name, path.name, read.sha256, read.entries) if read.entries else 0
    return EvidenceReport(read.name, read.sha256, new, len(read.entries) - new, read.refused)


def known_evidence(bench: Bench) -> list[EvidenceEntry]:
    """The entries that count here, by id: the shipped ones, and the workspace's own in their place and beside them."""
    entries = {one.entry_id: one for one in shipped_registry().entries}
    entries |= {one.entry_id: one for one in bench.store.evidence.entries()}
    return [entries[entry_id] for entry_id in sorted(entries)]


def keep_shipped_evidence(bench: Bench) -> None:
    """Put the shipped entries that profiles are about to rest on into the store, beneath what was imported."""
    shipped = shipped_registry()
    if shipped.sha256 not in {one.sha256 for one in bench.store.evidence.registries()}:
        taken = {one.entry_id for one in bench.store.evidence.entries() if one.registry != shipped.name}
        fresh = [one for one in shipped.entries if one.entry_id not in taken]
        bench.store.evidence.add(shipped.name, "shipped with the scorer", shipped.sha256, fresh)
