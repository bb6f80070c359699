"""What raters remember of published label sets: the latest probe of a kind counts, earlier ones stay."""

from collections.abc import Sequence

from scorer.domain.contamination import Contamination
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction


class ContaminationTable:
    """The table `contamination`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, found: Sequence[Contamination]) -> None:
        """Keep what probes showed."""
        with self._file.session() as con, transaction(con):
            append(con, "contamination", [dict(one) for one in found])

    def current(self) -> list[Contamination]:
        """The latest of each rater, label set, rubric and probe."""
        query = "SELECT * FROM contamination_current ORDER BY label_set, rubric, rater, probe DESC"
        with self._file.session() as con:
            return models(Contamination, rows(con, query))
