"""Bring in pay, employment and outlook of the Bureau of Labor Statistics: from files, its site, or a pinned copy."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import fetch_archive
from scorer.catalogue import read_labour
from scorer.domain.labour import LabourKind, LabourTable
from scorer.errors import ArtefactError, CatalogueError
from scorer.store import Reach
from scorer.workflows.workspace.bench import Bench

PINNED_WAGES = "bls-oews-2025"
OFFICIAL = "https://www.bls.gov/emp"
PROJECTIONS = "ind-occ-matrix/occupation.xlsx"
CROSSWALK = "classifications-crosswalks/nem-onet-to-soc-crosswalk.xlsx"
NO_CROSSWALK = (
    "no crosswalk is here: occupations are matched by the first seven characters of their code, which misses some; "
    "import the National Employment Matrix crosswalk of BLS (nem_code, onet_soc_code)"
)


class LabourReport(NamedTuple):
    """What came of an import.

    Attributes:
        tables: what was read, and whether it is new here.
        onet_release: the current release, whose occupations `reach` counts; both None where there is none yet.
        problems: what was refused or could not be had, one line each.
        advice: what would make the figures reach further.
    """

    tables: Sequence[tuple[LabourTable, bool]]
    onet_release: str | None
    reach: Reach | None
    problems: Sequence[str]
    advice: Sequence[str]


def import_labour(bench: Bench, path: Path, year: str | None = None) -> LabourReport:
    """Import a file or a directory of tables; all of them, or none where one cannot be read.

    Raises:
        CatalogueError, StoreError: nothing was imported.
    """
    return _keep(bench, read_labour(path.expanduser(), year), ())


def fetch_labour(bench: Bench, report: Callable[[str], None], base_url: str = OFFICIAL) -> LabourReport:
    """Fetch and import wages (pinned), projections and crosswalk (the newest ones, known by sha256 once they are here).

    What cannot be had is a problem of the report, as long as something can.

    Args:
        bench: where to.
        report: told one line for each thing worth knowing.
        base_url: a mirror of the projections' pages.

    Raises:
        ArtefactError, CatalogueError: none of them can be had.
    """
    tables: list[LabourTable] = []
    failed: list[str] = []
    for have in (_pinned_wages, partial(_official, PROJECTIONS, base_url), partial(_official, CROSSWALK, base_url)):
        try:
            tables += read_labour(have(bench, report))
        except (ArtefactError, CatalogueError) as error:
            failed.append(str(error))
    if not tables:
        raise ArtefactError("\n".join(failed))
    return _keep(bench, tables, failed)


def _pinned_wages(bench: Bench, report: Callable[[str], None]) -> Path:
    return bench.artefacts.path(PINNED_WAGES) or bench.artefacts.pull(PINNED_WAGES, report=report)


def _official(page: str, base_url: str, bench: Bench, report: Callable[[str], None]) -> Path:
    """A workbook, which is a zip archive, from the folder it has at BLS."""
    folder, _, name = page.rpartition("/")
    return fetch_archive(f"{base_url.rstrip('/')}/{folder}", name, bench.artefacts.directory / "bls", report).path


def _keep(bench: Bench, tables: Sequence[LabourTable], failed: Sequence[str]) -> LabourReport:
    store = bench.store
    with store.held():
        kept = [(table, store.labour.add(table)) for table in tables]
        kinds = {source.kind for source in store.labour.current()}
        current = next((s.name for s in store.catalogue.summaries() if s.is_current), None)
        reach = store.labour.reach(current) if current else None
    problems = [*failed, *(note for table in tables for note in table.notes)]
    return LabourReport(kept, current, reach, problems, () if LabourKind.CROSSWALK in kinds else (NO_CROSSWALK,))
