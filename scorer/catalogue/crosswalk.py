"""Reads the official crosswalk from O*NET-SOC 2010 to 2019: which occupation was taken over by which.

Codes are never rewritten with it, since one of 2010 may have several successors, and one of 2019 several predecessors.
"""

from pathlib import Path

from scorer.catalogue.tables import csv_rows, needed, read_table
from scorer.domain.occupation_facts import CodeSuccession

COLUMNS = ("O*NET-SOC 2010 Code", "O*NET-SOC 2019 Code")


def read_crosswalk(path: Path) -> tuple[list[CodeSuccession], list[str]]:
    """Reads the CSV copy; gives the pairs and a note for each refused row.

    Raises:
        CatalogueError: it cannot be read, lacks a column, or has no usable row.
    """
    pairs: list[CodeSuccession] = []
    notes: list[str] = []

    def keep(old: str | None, new: str | None) -> None:
        pairs.append(CodeSuccession(code_2010=needed(old, COLUMNS[0]), code_2019=needed(new, COLUMNS[1])))

    read_table(path.name, csv_rows(path, ","), COLUMNS, keep, notes)
    return pairs, notes
