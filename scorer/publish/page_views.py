"""What the page of a release shows, read from the release: plain values for a template, nothing worked out anew.

Held numbers come back as they stand in the release: as no number. Shown are occupations of which most tasks were rated;
tasks that were only rated beside labels are counted.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scorer.domain.panel import CALIBRATED, PANEL
from scorer.domain.rating import Json
from scorer.store import ReleaseReader, ShownProfile, evidence_addresses, shown_profiles

SHOWN_OCCUPATIONS = 40
"""Occupations on one page; a page of all would not open on a phone."""

WHOLE = 0.8
"""Share of an occupation's tasks that must be rated for it to be shown."""

ILLUSTRATIVE = "illustrative"

_OCCUPATIONS = """
SELECT o.occupation_code, o.title, count(*) AS n_tasks, count(r.task_id) AS n_rated
FROM task t JOIN occupation o USING (occupation_code)
LEFT JOIN (SELECT DISTINCT task_id, statement_sha256 FROM rating) r
    ON r.task_id = t.task_id AND coalesce(r.statement_sha256, t.statement_sha256) = t.statement_sha256
WHERE t.is_current
GROUP BY ALL HAVING count(r.task_id) >= $whole * count(*)
ORDER BY o.occupation_code
"""
_SCORES = (
    "SELECT * FROM occupation_score WHERE occupation_code IN (SELECT unnest($codes)) ORDER BY rubric, rater, measure"
)
_TASKS = """
SELECT task_id, occupation_code, statement, kind FROM task
WHERE is_current AND occupation_code IN (SELECT unnest($codes))
ORDER BY occupation_code, kind, task_id
"""
_RATINGS = """
SELECT r.task_id, r.rubric, r.rater, r.status, r.category, r.score, r.rationale, r.evidence, r.problem
FROM rating r JOIN task t ON t.task_id = r.task_id AND t.is_current
    AND coalesce(r.statement_sha256, t.statement_sha256) = t.statement_sha256
WHERE t.occupation_code IN (SELECT unnest($codes)) AND r.variant = 'base' AND r.occasion = 'first'
QUALIFY row_number() OVER (PARTITION BY r.task_id, r.rubric, r.rater ORDER BY r.created_at DESC, r.repeat DESC) = 1
ORDER BY r.task_id, r.rubric, r.rater
"""
_LABELS = """
SELECT g.* FROM gold_label g SEMI JOIN task t ON t.task_id = g.task_id AND t.is_current
    AND t.occupation_code IN (SELECT unnest($codes))
WHERE g.category IS NOT NULL ORDER BY g.label_set, g.rubric
"""
_AGREEMENT = """
SELECT a.* FROM agreement a JOIN verdict v
    ON v.rater = a.rater AND v.rubric = a.rubric AND v.level = 'all'
    AND (a.counterpart = v.label_set OR starts_with(a.counterpart, v.label_set || '/'))
WHERE a.stratum = 'all'
QUALIFY row_number() OVER (
    PARTITION BY a.rater, a.rubric, v.label_set, a.metric ORDER BY contains(a.counterpart, '/'), a.n DESC, a.counterpart
) = 1
"""
_COUNTS = """
SELECT (SELECT count(DISTINCT task_id) FROM rating) AS tasks, (SELECT count(*) FROM rating) AS ratings,
    (SELECT count(*) FROM label WHERE labeller_kind = 'person') AS labels_by_persons,
    (SELECT count(*) FROM label WHERE labeller_kind = 'model') AS labels_by_models
"""


class Occupation(NamedTuple):
    """An occupation with its scores and tasks.

    Attributes:
        scores: rubric -> rater, the panel first -> measure -> row of `occupation_score`.
    """

    code: str
    title: str
    n_tasks: int
    n_rated: int
    scores: dict[str, dict[str, dict[str, Json]]]
    tasks: list[Json]
    profiles: list[ShownProfile]


class Findings(NamedTuple):
    """All that a page shows of a release."""

    head: Json
    credits: list[str]
    counts: Json
    raters: list[Json]
    rubrics: dict[str, Json]
    verdicts: list[Json]
    occupations: list[Occupation]
    left_out: int
    addresses: dict[str, str]


def findings(release: ReleaseReader) -> Findings:
    """Read what the page shows."""
    whole = release.rows(_OCCUPATIONS, {"whole": WHOLE})
    shown = whole[:SHOWN_OCCUPATIONS]
    head = release.head()
    return Findings(
        head=head.model_dump(),
        credits=head.credits(),
        counts=release.rows(_COUNTS)[0],
        raters=[_rater(row) for row in release.rows("SELECT * FROM rater ORDER BY rater")],
        rubrics={row["rubric"]: row for row in release.rows("SELECT * FROM rubric ORDER BY rubric")},
        verdicts=list(_verdicts(release)),
        occupations=_occupations(release, shown),
        left_out=len(whole) - len(shown),
        addresses=evidence_addresses(release),
    )


def _rater(row: Json) -> Json:
    """A rater with the name of the raw one, where it is calibrated, and what its calibration rests on by rubric."""
    calibrated = row["provider"] == "calibrated"
    return {
        **row,
        "raw": row["rater"].removesuffix(CALIBRATED) if calibrated else None,
        "calibrations": (row["facts"] or {}) if calibrated else {},
    }


def _verdicts(release: ReleaseReader) -> Iterator[Json]:
    """Verdicts at level `all`, each with its coefficients by metric: against all labels of the set, pooled."""
    found = _grouped(release.rows(_AGREEMENT), "rater", "rubric", lambda row: row["counterpart"].partition("/")[0])
    query = "SELECT * FROM verdict WHERE level = 'all' ORDER BY rubric, rater = 'panel', rater, label_set"
    for row in release.rows(query):
        own = found.get((row["rater"], row["rubric"], row["label_set"]), [])
        yield {**row, "agreement": {one["metric"]: one for one in own}}


def _occupations(release: ReleaseReader, shown: list[Json]) -> list[Occupation]:
    codes = {"codes": [row["occupation_code"] for row in shown]}
    scores = _grouped(release.rows(_SCORES, codes), "occupation_code")
    tasks = _grouped(_tasks(release, codes), "occupation_code")
    return [
        Occupation(
            row["occupation_code"],
            row["title"],
            row["n_tasks"],
            row["n_rated"],
            _by_rater(sorted(scores.get((row["occupation_code"],), []), key=_panel_first)),
            tasks.get((row["occupation_code"],), []),
            shown_profiles(release, row["occupation_code"]),
        )
        for row in shown
    ]


def _tasks(release: ReleaseReader, codes: Json) -> Iterator[Json]:
    """Tasks with `ratings` and `labels` by rubric, and `rationales`."""
    ratings = _grouped(release.rows(_RATINGS, codes), "task_id")
    labels = _grouped(release.rows(_LABELS, codes), "task_id")
    for task in release.rows(_TASKS, codes):
        key = (task["task_id"],)
        own = ratings.get(key, [])
        reasons = [{**one, "illustrative": one["evidence"] == ILLUSTRATIVE} for one in own if one["rationale"]]
        yield {
            **task,
            "ratings": _by_rubric(own),
            "labels": _by_rubric(labels.get(key, [])),
            "rationales": reasons,
        }


def _by_rater(rows: Iterable[Json]) -> dict[str, dict[str, dict[str, Json]]]:
    return {
        rubric: {rater: {row["measure"]: row for row in own} for (rater,), own in _grouped(found, "rater").items()}
        for rubric, found in _by_rubric(rows).items()
    }


def _by_rubric(rows: Iterable[Json]) -> dict[str, list[Json]]:
    return {rubric: found for (rubric,), found in sorted(_grouped(rows, "rubric").items())}


def _grouped(rows: Iterable[Json], *by: str | Callable[[Json], str]) -> dict[tuple[str, ...], list[Json]]:
    """Rows by what they have under these names, in their order."""
    groups: dict[tuple[str, ...], list[Json]] = {}
    for row in rows:
        groups.setdefault(tuple(row[one] if isinstance(one, str) else one(row) for one in by), []).append(row)
    return groups


def _panel_first(row: Json) -> bool:
    return bool(row["rater"] != PANEL)
