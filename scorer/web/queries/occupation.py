"""One occupation: its facts, its scores, its tasks with every rater's answer. All of it is found by its code."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from scorer.domain.rating import Json
from scorer.store import ReleaseReader, release_schema

NEAREST = 10
TOP_SKILLS = 12
TOP_TECHNOLOGIES = 30

_SCORES = """
SELECT * FROM occupation_score WHERE occupation_code = $code ORDER BY rubric, rater = 'panel' DESC, rater, measure
"""
_TASKS = """
SELECT task_id, occupation_code, statement, kind, importance, relevance, frequency FROM task
WHERE occupation_code = $code AND is_current ORDER BY kind, importance DESC NULLS LAST, task_id
"""
_CONSENSUS = """
SELECT task_id, score, spread, n_raters FROM task_consensus
SEMI JOIN (FROM task WHERE occupation_code = $code AND is_current) USING (task_id) WHERE rubric = $rubric
"""
_RATINGS = """
SELECT r.task_id, r.rubric, r.rater, r.status, r.category, r.score, r.rationale, r.evidence, r.blockers, r.rating_id
FROM rating r JOIN (FROM task WHERE occupation_code = $code AND is_current) t ON t.task_id = r.task_id
    AND coalesce(r.statement_sha256, t.statement_sha256) = t.statement_sha256
WHERE r.rubric = $rubric AND r.variant = 'base' AND r.occasion = 'first'
ORDER BY r.task_id, r.rater, r.status = 'rated' DESC, r.created_at DESC, r.repeat DESC
"""
_SKILLS = f"""
SELECT * FROM occupation_skill WHERE occupation_code = $code
ORDER BY importance DESC NULLS LAST, element LIMIT {TOP_SKILLS}
"""  # noqa: S608 - our own number
_TECHNOLOGIES = f"""
SELECT * FROM occupation_technology WHERE occupation_code = $code
ORDER BY is_in_demand DESC NULLS LAST, is_hot DESC NULLS LAST, example LIMIT {TOP_TECHNOLOGIES}
"""  # noqa: S608 - our own number
_RELATED = f"""
SELECT r.related_code, r.place, r.tier, o.title FROM related_occupation r
LEFT JOIN occupation o ON o.occupation_code = r.related_code
WHERE r.occupation_code = $code ORDER BY r.place LIMIT {NEAREST}
"""  # noqa: S608 - our own number
_BLOCKERS = "SELECT * FROM blocker_share WHERE occupation_code = $code AND rubric = $rubric ORDER BY rater, blocker"
_TITLES = "SELECT title FROM alternate_title WHERE occupation_code = $code ORDER BY title LIMIT 40"
_VERDICTS = """
SELECT * FROM verdict WHERE rubric = $rubric AND level IN ('all', 'soc:' || $group)
ORDER BY rater = 'panel' DESC, rater, level, label_set
"""

Rows = list[Json]


class Occupation(NamedTuple):
    """An occupation as the release has it.

    Attributes:
        row: of the table `occupation`.
        scores: rubric -> rows of `occupation_score`, the panel's first.
        tasks: with `consensus` (a row of `task_consensus` or None) and `ratings` on the rubric looked at.
        skills, technologies, related, alternate_titles, blockers: most important first; empty where not imported.
    """

    row: Json
    scores: dict[str, Rows]
    tasks: Rows
    skills: Rows
    technologies: Rows
    related: Rows
    alternate_titles: list[str]
    blockers: Rows


def find_occupation(reader: ReleaseReader, code: str) -> Json | None:
    """The row of an occupation; None where there is none of this code."""
    found = reader.rows("SELECT * FROM occupation WHERE occupation_code = ?", [code])
    return {**dict.fromkeys(_columns()), **found[0]} if found else None


@cache
def _columns() -> tuple[str, ...]:
    """Columns of the table `occupation` as it is now; releases of older versions have fewer."""
    (table,) = (one for one in release_schema().tables if one.name == "occupation")
    return tuple(column.name for column in table.columns)


def occupation(reader: ReleaseReader, tables: set[str], row: Json, rubric: str | None) -> Occupation:
    """Read an occupation.

    Args:
        reader: of the release.
        tables: those that the release has: older ones have fewer.
        row: see `find_occupation`.
        rubric: on which its tasks are looked at; None where nothing was rated.
    """
    known = {"code": row["occupation_code"]}

    def of(table: str, query: str, **more: object) -> Rows:
        return reader.rows(query, {**known, **more}) if table in tables else []

    return Occupation(
        row,
        grouped(reader.rows(_SCORES, known), "rubric"),
        tasks_of(reader, row["occupation_code"], rubric),
        of("occupation_skill", _SKILLS),
        of("occupation_technology", _TECHNOLOGIES),
        of("related_occupation", _RELATED),
        [one["title"] for one in of("alternate_title", _TITLES)],
        of("blocker_share", _BLOCKERS, rubric=rubric),
    )


def tasks_of(reader: ReleaseReader, code: str, rubric: str | None) -> Rows:
    """The current tasks of an occupation with consensus and newest answers on a rubric."""
    tasks = reader.rows(_TASKS, {"code": code})
    asked = {"code": code, "rubric": rubric}
    consensus = {row["task_id"]: row for row in reader.rows(_CONSENSUS, asked)}
    ratings = grouped(_newest(reader.rows(_RATINGS, asked)), "task_id")
    return [
        {**task, "consensus": consensus.get(task["task_id"]), "ratings": ratings.get(task["task_id"], [])}
        for task in tasks
    ]


def _newest(rows: Iterable[Json]) -> Iterable[Json]:
    """The first answer of each rater about each task: usable before failed, newer before older (see `_RATINGS`)."""
    found: dict[tuple[str, str], Json] = {}
    for row in rows:
        found.setdefault((row["task_id"], row["rater"]), row)
    return found.values()


def verdicts_on(reader: ReleaseReader, rubric: str, group: str | None) -> Rows:
    """What the gate says of each rater on a rubric: everywhere, and in this SOC major group."""
    return reader.rows(_VERDICTS, {"rubric": rubric, "group": group or ""})


def grouped(rows: Iterable[Json], by: str) -> dict[str, Rows]:
    """Rows by what they have under a name, in their order."""
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found
