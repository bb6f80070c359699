"""What the page of a release shows, read from the release: plain values for a template, nothing worked out anew.

Held numbers come back as they stand in the release: as no number. Shown are occupations of which most tasks were rated;
tasks that were only rated beside labels are counted.
"""

from collections.abc import Iterator
from typing import NamedTuple

from scorer.domain.panel import CALIBRATED, PANEL
from scorer.domain.rating import Json
from scorer.store import ReleaseReader

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
_SCORES = "SELECT * FROM occupation_score WHERE occupation_code IN (SELECT unnest($codes)) ORDER BY rubric, rater, measure"
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
_AGREEMENT = """
SELECT rater, rubric, counterpart, metric, value, ci_low, ci_high, n, reason_undefined FROM agreement
WHERE stratum = 'all' AND contains(counterpart, '/') AND NOT contains(rater, '/')
    AND metric IN ('kappa', 'alpha_ordinal', 'pearson')
"""
_COUNTS = """
SELECT (SELECT count(DISTINCT task_id) FROM rating) AS tasks, (SELECT count(*) FROM rating) AS ratings,
    (SELECT count(*) FROM label WHERE labeller_kind = 'person') AS labels_by_persons,
    (SELECT count(*) FROM label WHERE labeller_kind = 'model') AS labels_by_models
"""


class Occupation(NamedTuple):
    """An occupation with its scores and tasks. scores: rubric -> rows of `occupation_score`, the panel's first."""

    code: str
    title: str
    n_tasks: int
    n_rated: int
    scores: dict[str, list[Json]]
    tasks: list[Json]

    @property
    def main(self) -> Json | None:
        """The row that the page puts first: the panel's score in the rubric with AI exposure, where there is one."""
        rows = (row for of in self.scores.values() for row in of if row["rater"] == PANEL)
        return next((row for row in sorted(rows, key=lambda row: row["rubric"] != "coverage@1")), None)


class Findings(NamedTuple):
    """All that a page shows of a release."""

    head: Json
    counts: Json
    raters: list[Json]
    rubrics: dict[str, Json]
    verdicts: list[Json]
    occupations: list[Occupation]
    left_out: int


def findings(release: ReleaseReader) -> Findings:
    """Read what the page shows."""
    whole = release.rows(_OCCUPATIONS, {"whole": WHOLE})
    shown = whole[:SHOWN_OCCUPATIONS]
    return Findings(
        head=release.head().model_dump(),
        counts=release.rows(_COUNTS)[0],
        raters=[_rater(row) for row in release.rows("SELECT * FROM rater ORDER BY rater")],
        rubrics={row["rubric"]: row for row in release.rows("SELECT * FROM rubric ORDER BY rubric")},
        verdicts=list(_verdicts(release)),
        occupations=_occupations(release, shown),
        left_out=len(whole) - len(shown),
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
    """Verdicts at level `all`, each with the coefficients against the labels that it rests on."""
    found: dict[tuple[str, str, str], dict[str, Json]] = {}
    for row in release.rows(_AGREEMENT):
        key = row["rater"], row["rubric"], row["counterpart"].partition("/")[0]
        found.setdefault(key, {})[row["metric"]] = row
    query = "SELECT * FROM verdict WHERE level = 'all' ORDER BY rubric, rater = 'panel', rater, label_set"
    for row in release.rows(query):
        yield {**row, "agreement": found.get((row["rater"], row["rubric"], row["label_set"]), {})}


def _occupations(release: ReleaseReader, shown: list[Json]) -> list[Occupation]:
    codes = {"codes": [row["occupation_code"] for row in shown]}
    said: dict[str, list[Json]] = {}
    for rating in release.rows(_RATINGS, codes):
        said.setdefault(rating["task_id"], []).append(rating)
    tasks: dict[str, list[Json]] = {}
    for task in release.rows(_TASKS, codes):
        by_rubric: dict[str, list[Json]] = {}
        for rating in said.get(task["task_id"], []):
            by_rubric.setdefault(rating["rubric"], []).append(rating)
        reasons = [_reason(rating) for rating in said.get(task["task_id"], []) if rating["rationale"]]
        tasks.setdefault(task["occupation_code"], []).append({**task, "ratings": by_rubric, "rationales": reasons})
    scores: dict[str, dict[str, list[Json]]] = {}
    for score in release.rows(_SCORES, codes):
        scores.setdefault(score["occupation_code"], {}).setdefault(score["rubric"], []).append(score)
    return [
        Occupation(
            row["occupation_code"],
            row["title"],
            row["n_tasks"],
            row["n_rated"],
            {rubric: sorted(of, key=_panel_first) for rubric, of in scores.get(row["occupation_code"], {}).items()},
            tasks.get(row["occupation_code"], []),
        )
        for row in shown
    ]


def _reason(rating: Json) -> Json:
    return {**rating, "illustrative": rating["evidence"] == ILLUSTRATIVE}


def _panel_first(row: Json) -> bool:
    return row["rater"] != PANEL
