"""Who is asked what, and when: rubrics, raters and runs as they were when ratings were made with them.

A name that ratings bear never changes its meaning: other content under it is refused. As long as nothing was rated
under a name, a new version of it is appended and counts from then on.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import duckdb
from pydantic import Field

from scorer.domain.base import Frozen, sha256_json
from scorer.domain.rating import AnswerMode, Json, Rater
from scorer.domain.rubric import Rubric
from scorer.errors import StoreError
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

SCALE = ("level", "categories", "cannot_judge", "measures", "primary", "share_at")
"""What of a rubric its readers need to understand a number."""

PROMPT_SECTIONS = (
    "system",
    "user",
    "answer_json",
    "answer_token",
    "prefill",
    "probe_system",
    "probe_user",
    "rationale",
)


class RunFacts(Frozen):
    """What fixes a run before its first request; `plan` is whatever the plan wants remembered."""

    scorer_version: str
    plan_hash: str | None = None
    plan: Json = Field(default_factory=dict)
    started_at: datetime | None = None


class RunRecord(Frozen):
    """One run as the store knows it. state: `unfinished` until it is finished."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    plan_hash: str | None
    plan: Json
    counts: Json | None
    scorer_version: str


class RaterRecord(Frozen):
    """A rater as stored: what decides its answers, and the facts about its engine."""

    rater: str
    provider: str
    model: str
    params: Json
    answer: str
    reading: Json | None = None
    is_embedded: bool
    weights_sha256: str | None
    facts: Json | None
    added_at: datetime


class RubricTable:
    """The table `rubric`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, rubrics: Iterable[Rubric]) -> int:
        """Remember rubric versions with their scales and prompts.

        Returns:
            How many were new.

        Raises:
            StoreError: ratings were made with another text under the same name and version.
        """
        with self._file.session() as con, transaction(con):
            return sum(_add_rubric(con, rubric) for rubric in rubrics)

    def all(self) -> dict[str, Rubric]:
        """The current version of every rubric by its id, a user's own among them: what reading a number needs.

        The templates are not taken apart again: they are empty, so nobody can be asked with these.
        """
        with self._file.session() as con:
            found = rows(con, "SELECT rubric, sha256, title, scale FROM rubric_current ORDER BY rubric")
        return {str(row["rubric"]): _read_rubric(**row) for row in found}


class RaterTable:
    """The table `rater`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, raters: Iterable[Rater], facts: Mapping[str, Json] | None = None) -> int:
        """Remember raters with what decides their answers; keys, addresses, limits and prices are not kept.

        Args:
            raters: as configured.
            facts: by rater name, what is known of its engine (versions, threads); may change without a new name.

        Returns:
            How many were new, or had new facts.

        Raises:
            StoreError: ratings were made under a rater's name with other settings.
        """
        with self._file.session() as con, transaction(con):
            return sum(_add_rater(con, rater, (facts or {}).get(rater.name)) for rater in raters)

    def all(self) -> list[RaterRecord]:
        """Every rater as it is now, by name."""
        query = "SELECT * EXCLUDE (settings_sha256) FROM rater_current ORDER BY rater"
        with self._file.session() as con:
            return models(RaterRecord, rows(con, query))


class RunTables:
    """The tables `run_start` and `run_finish`, read together as the view `run`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def start(self, run_id: str, facts: RunFacts) -> None:
        """Record that a run begins.

        Raises:
            StoreError: there is a run of this id.
        """
        row = {"run_id": run_id, **dict(facts), "started_at": facts.started_at or datetime.now(UTC)}
        with self._file.session() as con, transaction(con):
            if con.execute("SELECT 1 FROM run_start WHERE run_id = ?", [run_id]).fetchone():
                raise StoreError(f"run {run_id} exists: a run that goes on needs an id of its own")
            append(con, "run_start", [row])

    def finish(self, run_id: str, state: str, counts: Mapping[str, int], finished_at: datetime | None = None) -> None:
        """Record how a run ended (`complete`, `interrupted`, `stopped`, ...), what it counted, and when (None: now)."""
        ended = finished_at or datetime.now(UTC)
        row = {"run_id": run_id, "finished_at": ended, "state": state, "counts": dict(counts)}
        with self._file.session() as con, transaction(con):
            append(con, "run_finish", [row])

    def all(self) -> list[RunRecord]:
        """Every run, latest first."""
        with self._file.session() as con:
            return models(RunRecord, rows(con, "SELECT * FROM run ORDER BY started_at DESC, run_id"))


def _add_rubric(con: duckdb.DuckDBPyConnection, rubric: Rubric) -> bool:
    known = con.execute("SELECT sha256 FROM rubric_current WHERE rubric = ?", [rubric.id]).fetchone()
    if known == (rubric.sha256,):
        return False
    if known and _is_used(con, "rubric", rubric.id):
        raise StoreError(
            f"rubric {rubric.id} changed after ratings were made with it: restore its text, "
            f"or give the new wording a new version ({rubric.name}@{rubric.version + 1})"
        )
    row = {
        "rubric": rubric.id,
        "sha256": rubric.sha256,
        "title": rubric.title,
        "level": rubric.level,
        "scale": rubric.model_dump(mode="json", include=set(SCALE)),
        "prompt": _prompt(rubric),
        "added_at": datetime.now(UTC),
    }
    append(con, "rubric", [row])
    return True


def _read_rubric(rubric: str, sha256: str, title: str, scale: Json) -> Rubric:
    name, _, version = rubric.partition("@")
    unused = dict.fromkeys(("source", "system", "user", "answer_json", "answer_token"), "")
    return Rubric(name=name, version=int(version), title=title, fields=(), sha256=sha256, **scale, **unused)


def _add_rater(con: duckdb.DuckDBPyConnection, rater: Rater, facts: Json | None) -> bool:
    settings = rater.model_dump(mode="json", include={"provider", "model", "params", "answer", "weights_sha256"})
    settings |= {"reading": _reading(rater)} if rater.answer is AnswerMode.PROBES else {}
    row = {
        "rater": rater.name,
        "reading": None,
        **settings,
        "is_embedded": rater.is_embedded,
        "settings_sha256": sha256_json(settings),
        "facts": facts,
        "added_at": datetime.now(UTC),
    }
    known = rows(con, "SELECT settings_sha256, facts FROM rater_current WHERE rater = ?", [rater.name])
    if known and known[0]["settings_sha256"] != row["settings_sha256"] and _is_used(con, "rater", rater.name):
        raise StoreError(
            f"rater `{rater.name}` was used with other settings (model, params, answer or weights): "
            "give the new settings a name of their own in scorer.toml"
        )
    if known and known[0]["settings_sha256"] == row["settings_sha256"] and facts in (None, known[0]["facts"]):
        return False
    append(con, "rater", [row])
    return True


def _reading(rater: Rater) -> Json:
    return rater.model_dump(mode="json", include={"probes", "examples", "cuts"})


def _is_used(con: duckdb.DuckDBPyConnection, column: str, name: str) -> bool:
    query = f"SELECT 1 FROM rating WHERE {column} = ? LIMIT 1"  # noqa: S608 - our own names
    return con.execute(query, [name]).fetchone() is not None


def _prompt(rubric: Rubric) -> str:
    """The templates as one text, each under its name."""
    texts = {name: getattr(rubric, name).strip() for name in PROMPT_SECTIONS}
    return "\n\n".join(f"## {name}\n\n{text}" for name, text in texts.items() if text)
