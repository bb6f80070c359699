"""Published indices of others, and the concordance of our scores with them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from scorer.domain.base import Frozen, sha256_json
from scorer.domain.concordance import Concordance, IndexScore
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction


class IndexSource(Frozen):
    """Where an index comes from; sha256 of its file; credit line of its authors."""

    index_name: str
    source: str
    sha256: str
    credit: str | None = None


class IndexTables:
    """The tables `index_source`, `published_index` and `concordance`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, source: IndexSource, scores: Sequence[IndexScore]) -> None:
        """Append an index; it takes the place of an earlier one of its name."""
        now = datetime.now(UTC)
        import_id = sha256_json([source.index_name, source.sha256, now.isoformat()])
        with self._file.session() as con, transaction(con):
            append(con, "index_source", [{"import_id": import_id, **dict(source), "added_at": now}])
            append(con, "published_index", [{"import_id": import_id, **dict(score)} for score in scores])

    def sources(self) -> list[IndexSource]:
        """The current indices, by name."""
        query = "SELECT index_name, source, sha256, credit FROM index_source_current ORDER BY index_name"
        with self._file.session() as con:
            return models(IndexSource, rows(con, query))

    def load(self) -> list[IndexScore]:
        """What every current index says."""
        query = """
            SELECT p.* EXCLUDE (import_id) FROM published_index p SEMI JOIN index_source_current s
                ON s.import_id = p.import_id ORDER BY ALL
        """
        with self._file.session() as con:
            return models(IndexScore, rows(con, query))

    def save(self, aggregation_id: str, found: Sequence[Concordance]) -> None:
        """Keep the concordance of an aggregation, in place of what was kept of it before."""
        with self._file.session() as con, transaction(con):
            con.execute("DELETE FROM concordance WHERE aggregation_id = ?", [aggregation_id])
            append(con, "concordance", [{"aggregation_id": aggregation_id, **dict(one)} for one in found])
