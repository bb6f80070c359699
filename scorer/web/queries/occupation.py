"""One occupation: its facts, its scores, its tasks with every rater's answer. All of it is found by its code.

Rows of one occupation are few, so they are put in order here: in SQL the sorting would cost more than the finding.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from scorer.domain.panel import PANEL
from scorer.domain.rating import Json, Status
from scorer.store import ReleaseReader, release_schema
from scorer.web.shelf import OpenRelease

NEAREST = 10
TOP_SKILLS = 12
TOP_TECHNOLOGIES = 30
MOST_TITLES = 40

_TASKS = """
SELECT task_id, occupation_code, statement, statement_sha256, kind, importance, relevance, frequency FROM task
WHERE occupation_code = ? AND is_current
"""
_CONSENSUS = """
SELECT task_id, score, spread, n_raters FROM task_consensus
WHERE task_id IN (SELECT unnest($tasks)) AND rubric = $rubric
"""
_RATINGS = """
SELECT task_id, rubric, rater, status, category, score, rationale, evidence, blockers, rating_id, statement_sha256,
    created_at, repeat
FROM rating
WHERE task_id IN (SELECT unnest($tasks)) AND rubric = $rubric AND variant = 'base' AND occasion = 'first'
"""
_VERDICTS = "SELECT * FROM verdict ORDER BY rater = 'panel' DESC, rater, level, label_set"

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


def occupations(release: OpenRelease) -> dict[str, Json]:
    """The row of every occupation by its code, in order; there are about a thousand, and every page needs some."""
    return release.once("occupations", _occupations)


def _occupations(release: OpenRelease) -> dict[str, Json]:
    found = release.reader().rows("FROM occupation ORDER BY occupation_code")
    return {row["occupation_code"]: {**dict.fromkeys(_columns()), **row} for row in found}


@cache
def _columns() -> tuple[str, ...]:
    """Columns of the table `occupation` as it is now; releases of older versions have fewer."""
    (table,) = (one for one in release_schema().tables if one.name == "occupation")
    return tuple(column.name for column in table.columns)


def occupation(release: OpenRelease, row: Json, rubric: str | None) -> Occupation:
    """Read an occupation.

    Args:
        release: it may be an older one, with fewer tables.
        row: see `occupations`.
        rubric: on which its tasks are looked at; None where nothing was rated.
    """
    reader, code, known = release.reader(), row["occupation_code"], occupations(release)

    def of(table: str) -> Rows:
        in_table = f"FROM {table} WHERE occupation_code = ?"
        return reader.rows(in_table, [code]) if table in release.tables else []

    scores = sorted(of("occupation_score"), key=lambda one: (one["rubric"], *_panel_first(one), one["measure"]))
    skills = sorted(of("occupation_skill"), key=lambda one: (_largest_first(one["importance"]), one["element"]))
    related = sorted(of("related_occupation"), key=lambda one: one["place"])[:NEAREST]
    technologies = sorted(
        of("occupation_technology"), key=lambda one: (not one["is_in_demand"], not one["is_hot"], one["example"])
    )
    blockers = [one for one in of("blocker_share") if one["rubric"] == rubric]
    return Occupation(
        row,
        grouped(scores, "rubric"),
        tasks_of(reader, code, rubric),
        skills[:TOP_SKILLS],
        technologies[:TOP_TECHNOLOGIES],
        [{**one, "title": known.get(one["related_code"], {}).get("title")} for one in related],
        sorted(one["title"] for one in of("alternate_title"))[:MOST_TITLES],
        sorted(blockers, key=lambda one: (one["rater"], one["blocker"])),
    )


def _largest_first(number: float | None) -> tuple[bool, float]:
    """To sort by: numbers from the largest, then what has none."""
    return number is None, -(number or 0)


def _panel_first(row: Json) -> tuple[bool, str]:
    """To sort by: the panel, then raters by name."""
    return row["rater"] != PANEL, row["rater"]


def tasks_of(reader: ReleaseReader, code: str, rubric: str | None) -> Rows:
    """The current tasks of an occupation with consensus and newest answers on a rubric."""
    tasks = reader.rows(_TASKS, [code])
    if not tasks:
        return []
    tasks.sort(key=lambda one: (one["kind"], _largest_first(one["importance"]), one["task_id"]))
    asked = {"tasks": [task["task_id"] for task in tasks], "rubric": rubric}
    consensus = {row["task_id"]: row for row in reader.rows(_CONSENSUS, asked)}
    answers = grouped(reader.rows(_RATINGS, asked), "task_id")
    return [
        {
            **task,
            "consensus": consensus.get(task["task_id"]),
            "ratings": _newest(answers.get(task["task_id"], ()), task["statement_sha256"]),
        }
        for task in tasks
    ]


def _newest(answers: Iterable[Json], statement_sha256: str) -> Rows:
    """One answer of each rater about this text: usable before failed, newer before older."""
    about = [one for one in answers if one["statement_sha256"] in {None, statement_sha256}]
    about.sort(key=lambda one: (one["status"] == Status.RATED, one["created_at"], one["repeat"]))
    newest = {one["rater"]: one for one in about}
    return [newest[rater] for rater in sorted(newest)]


def verdicts_on(release: OpenRelease, rubric: str, group: str | None) -> Rows:
    """What the gate says of each rater on a rubric: everywhere, and in this SOC major group."""
    verdicts = release.once("verdicts", lambda _: grouped(release.reader().rows(_VERDICTS), "rubric"))
    return [one for one in verdicts.get(rubric, []) if one["level"] in {"all", f"soc:{group}"}]


def grouped(rows: Iterable[Json], by: str) -> dict[str, Rows]:
    """Rows by what they have under a name, in their order."""
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found
