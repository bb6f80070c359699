"""Figures of the Bureau of Labor Statistics: wages (OEWS), Employment Projections, the crosswalk from O*NET to both.

A file is known by its columns, not by its name; official Excel and CSV copies, the copies of the public data interface
and the database of the offline artefact are read. A broken row is refused by itself; a mark in place of a number stays
a mark.
"""

from collections.abc import Callable
from pathlib import Path

from scorer.catalogue.bls.database import is_database, read_database
from scorer.catalogue.bls.sheets import Sheet, sheets
from scorer.catalogue.bls.tables import read_crosswalk, read_projections, read_wages, shape
from scorer.domain.labour import LabourKind, LabourTable
from scorer.errors import CatalogueError

__all__ = ["read_labour"]

_READERS: dict[LabourKind, Callable[[Sheet, str | None], LabourTable]] = {
    LabourKind.WAGES: read_wages,
    LabourKind.PROJECTIONS: read_projections,
    LabourKind.CROSSWALK: read_crosswalk,
}


def read_labour(path: Path, year: str | None = None) -> list[LabourTable]:
    """Read one file, or every file of a directory that is one of the three tables.

    Args:
        path: CSV, Excel, a zip of them, the database of the offline artefact, or a directory.
        year: of the wages, where neither the file nor its name tells.

    Raises:
        CatalogueError: nothing of this kind is there, or a file is damaged.
    """
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.suffix.lower() in {".csv", ".xlsx", ".gz", ".zip"}]
        found = [table for file in files for table in _read(file, year)]
        return _some(list({(table.kind, table.period): table for table in found}.values()), path)
    if not path.exists():
        raise CatalogueError(f"{path}: not found; give a file or directory of BLS tables")
    return _some(_read(path, year), path)


def _read(path: Path, year: str | None) -> list[LabourTable]:
    if is_database(path):
        return [read_database(path)]
    known = ((sheet, shape(sheet)) for sheet in sheets(path))
    return [_READERS[kind](sheet, year) for sheet, kind in known if kind]


def _some(tables: list[LabourTable], path: Path) -> list[LabourTable]:
    if not tables:
        raise CatalogueError(
            f"{path}: no table of wages (OCC_CODE, A_MEDIAN), projections (Table 1.2) or crosswalk "
            "(onet_soc_code, nem_code) is there"
        )
    return tables
