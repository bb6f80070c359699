"""Reads one O*NET release from the offline artefact, a Parquet file of rated tasks of 35 releases.

The file is `occ2vec/data/onet_data/prepared/tasks.parquet` of the package occ2vec 0.0.9 (MIT). It holds rated
tasks only: no unclassified task, no occupation without ratings, no job zones.
"""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from scorer.catalogue.assembly import CODE, add_once, assemble, task_kind
from scorer.catalogue.attribution import attribution
from scorer.catalogue.onet import with_taxonomy_note
from scorer.catalogue.parquet import rows_where
from scorer.catalogue.tables import REFUSED, needed, reason
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task
from scorer.errors import CatalogueError

TEXTS = (CODE, "Task description", "Task Type", "Job title", "Job description")
RATED_ONLY = "rated tasks only: no unclassified task, no occupation without ratings, no job zone is in this source"
COLUMNS = (*TEXTS, "Task ID", "Relevance", "Importance", "Frequency")


def read_offline_release(parquet: Path, release: str = "26.1") -> OnetRelease:
    """Reads the rows of one release, on O*NET's own scales again.

    The artefact prints Relevance = RT / 100, Importance = (IM - 1) / 4, and Frequency = sum(percent * (category - 1))
    / 600 over the seven FT categories, which is (expected category - 1) / 6. The last is not documented there; it
    follows from the figures: times 600, all 17,879 of release 26.1 have two decimals, as O*NET prints percents.
    So RT, IM come back as printed (two decimals) and `frequency` is 1 + 6 x Frequency (four decimals; it takes the
    percents to sum to 100 exactly, hence may differ from `expected_frequency` by .003).

    Raises:
        CatalogueError: the file is missing, not Parquet, of other columns, or does not hold the release.
    """
    refused: list[str] = []
    occupations: dict[str, Occupation] = {}
    tasks: dict[str, Task] = {}
    for row in _rows(parquet, release):
        try:
            _keep(row, occupations, tasks)
        except ValueError as error:
            refused.append(f"{parquet.name} task {row['Task ID']}: {reason(error)}")
    if not tasks:
        raise CatalogueError(f"{parquet}: no usable row, the first: {refused[0]}; pull the artefact anew")
    found = assemble(
        name=release,
        kind=ReleaseKind.ONET,
        source=f"occ2vec 0.0.9, {parquet.name}, {_database(release)}",
        credit=attribution(release, modified=True),
        occupations=occupations.values(),
        tasks=tasks.values(),
        notes=[RATED_ONLY, *(REFUSED + why for why in refused)],
    )
    return with_taxonomy_note(found)


def _keep(row: dict[str, Any], occupations: dict[str, Occupation], tasks: dict[str, Task]) -> None:
    code = row[CODE]
    occupation = Occupation(occupation_code=code, title=row["Job title"], description=row["Job description"])
    task = Task(
        task_id=row["Task ID"],
        occupation_code=code,
        statement=needed(row["Task description"], "Task description").strip(),
        kind=task_kind(row["Task Type"]),
        relevance=_scaled(row["Relevance"], 100, 0, digits=2),
        importance=_scaled(row["Importance"], 4, 1, digits=2),
        frequency=_scaled(row["Frequency"], 6, 1, digits=4),
    )
    add_once(tasks, task.task_id, task)
    occupations.setdefault(code, occupation)


def _scaled(share: float | None, factor: int, base: int, digits: int) -> float | None:
    return None if share is None else round(float(share) * factor + base, digits)


def _database(release: str) -> str:
    return f"db_{release.replace('.', '_')}"


def _rows(parquet: Path, release: str) -> list[dict[str, Any]]:
    """The rows of one release; texts are read as dictionaries, since each is repeated over hundreds of rows."""
    rows = rows_where(parquet, COLUMNS, TEXTS, {"DB": _database(release)})
    if not rows:
        raise CatalogueError(f"{parquet}: holds no release {release}; it holds {_releases(parquet)}")
    return rows


def _releases(parquet: Path) -> str:
    names = pq.read_table(parquet, columns=["DB"])["DB"].unique().to_pylist()
    return ", ".join(sorted(str(name).removeprefix("db_").replace("_", ".") for name in names))
