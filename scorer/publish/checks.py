"""What must hold in every release, as queries that find what offends.

Each gives the keys of offending rows, one text a row; nothing found means that the rule holds.
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """error: the release contradicts itself or was changed. warning: it is whole, but a reader should know."""

    ERROR = "error"
    WARNING = "warning"


class Check(NamedTuple):
    """One rule: its name, what is wrong where it is broken, and the query that finds it."""

    name: str
    wrong: str
    query: str
    severity: Severity = Severity.ERROR


_KEY = "concat_ws(' ', {columns})"
_HELD_NUMBERS = "score IS NOT NULL OR share_50 IS NOT NULL OR ci_low IS NOT NULL OR rank_low IS NOT NULL"
_PROVISIONAL = "(SELECT coalesce((manifest->>'$.options.provisional')::BOOLEAN, false) FROM release)"
_WITH_STATEMENTS = "(SELECT coalesce((manifest->>'$.options.with_statements')::BOOLEAN, true) FROM release)"
_BLOCKER_KEY = "concat_ws(' ', occupation_code, rubric, rater, blocker)"
_SCORE_KEY = "concat_ws(' ', occupation_code, rubric, rater, measure)"


def _unique(table: str, *columns: str) -> Check:
    key = _KEY.format(columns=", ".join(columns))
    query = f"SELECT {key} FROM {table} GROUP BY {', '.join(columns)} HAVING count(*) > 1"  # noqa: S608 - our own names
    return Check(f"{table} is unique", f"more than one row of `{table}` for the same {', '.join(columns)}", query)


def _refers(table: str, column: str, to: str, *others: str, severity: Severity = Severity.ERROR) -> Check:
    """Every value of a column stands in the table (under the same column name), or is one of the others."""
    allowed = "".join(f" AND t.{column} <> '{other}'" for other in others)
    query = f"SELECT DISTINCT t.{column} FROM {table} t ANTI JOIN {to} o ON o.{column} = t.{column} WHERE true{allowed}"  # noqa: S608 - our own names
    return Check(f"{table}.{column} is known", f"`{table}` names what `{to}` does not have", query, severity)


def _withheld(table: str, *columns: str, key: str = "task_id") -> Check:
    present = " OR ".join(f"{column} IS NOT NULL" for column in columns)
    query = f"SELECT {key} FROM {table} WHERE ({present}) AND NOT {_WITH_STATEMENTS}"  # noqa: S608 - our own names
    return Check(f"{table} without statements", f"`{table}` has texts that the manifest says were left out", query)


CHECKS: tuple[Check, ...] = (
    Check(
        "rated means a score",
        "ratings whose status and score contradict each other",
        "SELECT rating_id FROM rating WHERE (status = 'rated') <> (score IS NOT NULL) "
        "OR (status <> 'rated' AND category IS NOT NULL)",
    ),
    Check(
        "no score from nothing",
        "task scores that rest on nothing, or have a basis and no score",
        "SELECT concat_ws(' ', task_id, rubric, rater, measure) FROM task_score WHERE (n > 0) <> (score IS NOT NULL)",
    ),
    Check(
        "held is no number",
        "held occupation scores with numbers, in a release that is not provisional",
        f"SELECT {_SCORE_KEY} FROM occupation_score WHERE status = 'held' AND ({_HELD_NUMBERS}) AND NOT {_PROVISIONAL}",  # noqa: S608 - our own names
    ),
    Check(
        "published means passed",
        "published scores of raters that have no PASS",
        f"SELECT {_SCORE_KEY} FROM occupation_score s "  # noqa: S608 - our own names
        "ANTI JOIN verdict v ON v.rater = s.rater AND v.rubric = s.rubric AND v.decision = 'PASS' AND v.level = 'all' "
        "WHERE s.status = 'published' AND s.rater <> 'panel'",
    ),
    Check(
        "shares are shares",
        "occupation scores with a completeness or share outside 0 to 1, or an interval that leaves the score out",
        f"SELECT {_SCORE_KEY} FROM occupation_score WHERE completeness NOT BETWEEN 0 AND 1 + 1e-9 "  # noqa: S608 - our own names
        "OR share_50 NOT BETWEEN 0 AND 1 + 1e-9 OR ci_low > score OR ci_high < score",
    ),
    Check(
        "undefined has a reason",
        "coefficients or intervals that are missing without a reason, or have one without missing",
        "SELECT concat_ws(' ', rater, counterpart, rubric, stratum, metric) FROM agreement "
        "WHERE (value IS NULL OR ci_low IS NULL) <> (reason_undefined IS NOT NULL)",
    ),
    Check(
        "statements are what was hashed",
        "tasks whose statement is not the one of their hash",
        "SELECT task_id FROM task WHERE statement IS NOT NULL AND sha256(statement) <> statement_sha256",
    ),
    Check(
        "current tasks are of the current release",
        "tasks marked current that are not, or the other way round",
        "SELECT task_id FROM task t LEFT JOIN occupation o USING (occupation_code, onet_release) "
        "WHERE t.is_current <> (t.onet_release = (SELECT onet_release FROM release) OR coalesce(o.is_custom, false))",
    ),
    Check(
        "a rubric version has one text",
        "ratings made with another text of a rubric than the one given here",
        "SELECT rating_id FROM rating r JOIN rubric u USING (rubric) WHERE r.rubric_sha256 <> u.sha256",
    ),
    Check(
        "cell hashes are hashes",
        "ratings whose cell_hash is no sha256",
        "SELECT rating_id FROM rating WHERE NOT coalesce(regexp_full_match(cell_hash, '[0-9a-f]{64}'), false)",
    ),
    Check(
        "rated texts are here",
        "ratings of a text that no task here has",
        "SELECT r.rating_id FROM rating r ANTI JOIN task t "
        "ON t.task_id = r.task_id AND t.statement_sha256 = coalesce(r.statement_sha256, t.statement_sha256)",
        Severity.WARNING,
    ),
    Check(
        "blocked shares are shares",
        "blocker shares outside 0 to 1, or held with a number in a release that is not provisional",
        f"SELECT {_BLOCKER_KEY} FROM blocker_share WHERE share NOT BETWEEN 0 AND 1 + 1e-9 "  # noqa: S608 - our own names
        f"OR (status = 'held' AND share IS NOT NULL AND NOT {_PROVISIONAL})",
    ),
    _unique("rating", "rating_id"),
    _unique("occupation", "occupation_code"),
    _unique("task", "task_id", "onet_release"),
    _unique("rubric", "rubric"),
    _unique("rater", "rater"),
    _unique("task_score", "task_id", "rubric", "rater", "measure"),
    _unique("task_consensus", "task_id", "rubric"),
    _unique("occupation_score", "occupation_code", "rubric", "rater", "measure"),
    _refers("rating", "task_id", "task"),
    _refers("rating", "rubric", "rubric"),
    _refers("rating", "rater", "rater"),
    _refers("label", "task_id", "task", severity=Severity.WARNING),
    _refers("label", "rubric", "rubric", severity=Severity.WARNING),
    _refers("task", "occupation_code", "occupation"),
    _refers("task_score", "task_id", "task"),
    _refers("task_score", "rater", "rater"),
    _refers("task_consensus", "task_id", "task"),
    _refers("occupation_score", "occupation_code", "occupation"),
    _refers("occupation_score", "rater", "rater", "panel"),
    _unique("blocker_share", "occupation_code", "rubric", "rater", "blocker"),
    _refers("blocker_share", "occupation_code", "occupation"),
    _refers("rating_flag", "rating_id", "rating"),
    _unique("profile", "occupation_code", "rater", "prompt"),
    _refers("profile", "occupation_code", "occupation"),
    _refers("profile", "rater", "rater"),
    _refers("profile_sentence", "occupation_code", "profile"),
    Check(
        "every sentence of a profile says where it comes from",
        "sentences of profiles without a reference, or with one to nothing that is here",
        """
        SELECT concat_ws(' ', occupation_code, rater, section, place)
        FROM (SELECT *, unnest(CASE WHEN len(refs) > 0 THEN refs ELSE ['none'] END) AS ref FROM profile_sentence)
        WHERE NOT CASE split_part(ref, ':', 1)
            WHEN 'task' THEN substr(ref, 6) IN (SELECT task_id FROM task)
            WHEN 'skill' THEN substr(ref, 7) IN (SELECT element_id FROM occupation_skill)
            WHEN 'technology' THEN substr(ref, 12) IN (SELECT example FROM occupation_technology)
            WHEN 'evidence' THEN substr(ref, 10) IN (SELECT entry_id FROM evidence_entry)
            WHEN 'labour' THEN (occupation_code, split_part(ref, ':', 3)) IN (
                SELECT (occupation_code, wage_year::VARCHAR) FROM occupation
                UNION ALL SELECT (occupation_code, projection_period) FROM occupation
            )
            WHEN 'occupation' THEN substr(ref, 12) IN (SELECT occupation_code FROM occupation)
            ELSE false
        END
        """,
    ),
    _refers("disagreement", "task_id", "task"),
    _refers("review_event", "task_id", "task"),
    _withheld("task", "statement"),
    _withheld("rating", "rationale", "problem", "raw"),
    _withheld("profile", "problem", "raw", key="occupation_code"),
    _withheld("profile_sentence", "question", "sentence", key="occupation_code"),
    _withheld("task_consensus", "rationale"),
    _withheld("label", "note"),
    _withheld("review_event", "reason"),
)
