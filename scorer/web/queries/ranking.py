"""All occupations with one score each: filtered, searched, sorted."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scorer.domain.rating import Json
from scorer.store import ReleaseReader
from scorer.web.queries.scales import Choice

COLUMNS = (
    *("occupation_code", "title", "is_custom", "major_group", "job_zone"),
    *("rubric", "rater", "measure", "score", "ci_low", "ci_high", "rank_low", "rank_high"),
    *("share_50", "band", "n_tasks", "completeness", "status", "reasons", "employment", "median_wage_usd"),
)
SORTS = {
    "score": "s.score",
    "exposure": "s.share_50",
    "title": "lower(o.title)",
    "completeness": "s.completeness",
    "employment": "o.employment",
    "wage": "o.median_wage_usd",
}
"""What can be sorted by, and the column that is meant."""

_RANKING = """
SELECT {columns} FROM occupation o
LEFT JOIN occupation_score s
    ON s.occupation_code = o.occupation_code AND s.rubric = $rubric AND s.rater = $rater AND s.measure = $measure
WHERE o.occupation_code IN (SELECT occupation_code FROM task WHERE is_current)
    AND ($group IS NULL OR o.major_group = $group) AND ($zone IS NULL OR o.job_zone = $zone)
    AND ($status IS NULL OR coalesce(s.status, 'none') = $status)
    AND ($codes IS NULL OR list_contains($codes, o.occupation_code))
ORDER BY {order} {direction} NULLS LAST, o.occupation_code
"""


class Filters(NamedTuple):
    """Which occupations are shown; None filters nothing. status: published, held or none (no score at all)."""

    group: str | None = None
    zone: int | None = None
    status: str | None = None
    codes: list[str] | None = None


def ranking(
    reader: ReleaseReader, choice: Choice | None, filters: Filters, sort: str = "score", *, descending: bool = True
) -> list[Json]:
    """Rows of `COLUMNS`; occupations without a score have NULL there.

    Args:
        reader: of the release.
        choice: whose scores; None where there are none.
        filters: which occupations.
        sort: one of `SORTS`.
        descending: largest first; what has no number stands last either way.
    """
    columns = ", ".join(_prefixed(COLUMNS))
    order = SORTS.get(sort, SORTS["score"])
    query = _RANKING.format(columns=columns, order=order, direction="DESC" if descending else "ASC")
    chosen = choice._asdict() if choice else dict.fromkeys(Choice._fields, "")
    rows = reader.rows(query, {**chosen, **filters._asdict()})
    return [{**row, "status": row["status"] or "none", "reasons": row["reasons"] or []} for row in rows]


def by_status(rows: Iterable[Mapping[str, object]]) -> dict[str, int]:
    """How many rows have which status."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row["status"])] = counts.get(str(row["status"]), 0) + 1
    return counts


def _prefixed(columns: Iterable[str]) -> list[str]:
    of_occupation = {
        *("occupation_code", "title", "is_custom", "major_group", "job_zone"),
        *("employment", "median_wage_usd"),
    }
    return [f"o.{name}" if name in of_occupation else f"s.{name}" for name in columns]
