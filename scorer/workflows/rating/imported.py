"""Ratings made elsewhere enter the store as a Rater of their own."""

from pathlib import Path
from typing import NamedTuple

from scorer.config import rater_name_problem
from scorer.domain.rating import Rater
from scorer.errors import ConfigurationError
from scorer.rating.imported import Columns, Refused, read_ratings
from scorer.rubrics import load_rubric
from scorer.workflows.workspace.bench import Bench


class ImportReport(NamedTuple):
    """What came of a file: ratings read, those that were new to the store, rows that were refused."""

    rubric: str
    read: int
    added: int
    refused: list[Refused]


def import_ratings(
    bench: Bench,
    path: Path,
    rater: str,
    rubric_name: str,
    *,
    columns: tuple[str, str, str, str] = Columns(),
    onet_release: str | None = None,
) -> ImportReport:
    """Import a file of ratings.

    Args:
        bench: where to.
        path: CSV, TSV or Parquet.
        rater: the name of the Rater; a configured one cannot be taken.
        rubric_name: on whose scale.
        columns: names of the columns for task id, category, score and rationale.
        onet_release: whose statements were rated; None means the current release.

    Raises:
        CatalogueError, RubricError, ConfigurationError: nothing was imported.
    """
    if problem := rater_name_problem(rater):
        raise ConfigurationError(problem)
    if rater in bench.settings.raters:
        raise ConfigurationError(f"`{rater}` is taken: a rater that is asked here and imported ratings need two names")
    rubric = load_rubric(rubric_name)
    statements = {task.task_id: task.statement_sha256 for task in bench.store.catalogue.load(onet_release).tasks}
    imported = read_ratings(path, rater, rubric, statements, Columns(*columns))
    bench.store.rubrics.add([rubric])
    bench.store.raters.add([Rater(name=rater, provider="import", model=rater)])
    added = bench.store.ratings.add(imported.ratings)
    return ImportReport(rubric.id, len(imported.ratings), added, imported.refused)
