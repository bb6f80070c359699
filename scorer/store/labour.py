"""Figures of the Bureau of Labor Statistics: every file that was imported is kept, the latest of a period counts."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from scorer.domain.base import Frozen
from scorer.domain.labour import LabourFigures, LabourKind, LabourTable, labour_credit
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

_TABLES = {
    LabourKind.WAGES: "labour_wage",
    LabourKind.PROJECTIONS: "labour_projection",
    LabourKind.CROSSWALK: "labour_crosswalk",
}
_REACH = """
SELECT count(DISTINCT t.occupation_code),
    count(DISTINCT t.occupation_code) FILTER (l.nem_code IS NOT NULL),
    count(DISTINCT t.occupation_code) FILTER (l.growth_pct IS NOT NULL),
    count(DISTINCT t.occupation_code) FILTER (l.has_wages)
FROM task t LEFT JOIN labour_current l USING (occupation_code)
WHERE t.onet_release = ?
"""


_FIGURES = """
WITH own AS (
    SELECT occupation_code, NULL::VARCHAR AS proxy_of, * EXCLUDE (occupation_code) FROM labour_current
), proxies AS (
    SELECT n.occupation_code, n.nearest_code AS proxy_of, l.* EXCLUDE (occupation_code)
    FROM custom_nearest n
    SEMI JOIN custom_current c ON c.onet_release = n.onet_release
    JOIN labour_current l ON l.occupation_code = n.nearest_code
    WHERE l.has_wages OR l.growth_pct IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY n.occupation_code ORDER BY n.place) = 1
)
SELECT occupation_code, proxy_of, employment, employment_mark, median_wage_usd, median_wage_mark, wage_year,
    growth_pct, growth_mark, projection_period
FROM (FROM own UNION ALL FROM proxies) WHERE list_contains(?, occupation_code) ORDER BY occupation_code
"""


class LabourSource(Frozen):
    """One imported table: what, of when, from which file."""

    source_id: str
    kind: LabourKind
    period: str
    source: str
    sha256: str
    row_count: int
    notes: tuple[str, ...] = ()

    @property
    def credit(self) -> str:
        """The line that names the source."""
        return labour_credit(self.kind, self.period)


class Reach(Frozen):
    """How many occupations with tasks the figures reach, in one catalogue release."""

    n_occupations: int
    n_matched: int
    n_projected: int
    n_paid: int


class LabourTables:
    """The tables `labour_source`, `labour_wage`, `labour_projection` and `labour_crosswalk`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, table: LabourTable) -> bool:
        """Add a table whole; it is the current one of its kind and period from now on.

        Returns:
            False where the current one has the same rows already.
        """
        with self._file.session() as con, transaction(con):
            known = {(s.kind, s.period): s.sha256 for s in self.current()}
            sha256 = table.sha256
            if known.get((table.kind, table.period)) == sha256:
                return False
            now = datetime.now(UTC)
            own: dict[str, Any] = {"source_id": f"{table.kind}-{table.period}-{sha256[:12]}-{now:%Y%m%dT%H%M%S%f}"}
            told = {"kind": table.kind.value, "period": table.period, "source": table.source, "sha256": sha256}
            counted = {"row_count": len(table.rows), "notes": list(table.notes), "added_at": now}
            append(con, "labour_source", [{**own, **told, **counted}])
            append(con, _TABLES[table.kind], [{**own, **dict(row)} for row in table.rows])
        return True

    def current(self) -> list[LabourSource]:
        """The tables that count, the newest period of a kind first."""
        query = "SELECT * EXCLUDE (added_at) FROM labour_source_current ORDER BY kind, period DESC"
        with self._file.session() as con:
            return models(LabourSource, rows(con, query))

    def credits(self) -> list[str]:
        """The sources to name wherever the figures are shown, each once."""
        return list(dict.fromkeys(source.credit for source in self.current()))

    def figures(self, codes: Iterable[str]) -> list[LabourFigures]:
        """What counts now for these occupations; an added one has those of the first of its nearest that has any."""
        with self._file.session() as con:
            return models(LabourFigures, rows(con, _FIGURES, [list(codes)]))

    def reach(self, onet_release: str) -> Reach:
        """How many of a release's occupations with tasks get figures."""
        with self._file.session() as con:
            ((whole, matched, projected, paid),) = con.execute(_REACH, [onet_release]).fetchall()
        return Reach(n_occupations=whole, n_matched=matched, n_projected=projected, n_paid=paid)
