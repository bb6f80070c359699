"""What follows from ratings and labels: evaluations and aggregations, each saved whole, none overwritten."""

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb
from pydantic import BaseModel, Field

from scorer.domain.base import Frozen
from scorer.domain.evaluation import (
    Agreement,
    BlockerShare,
    Disagreement,
    OccupationScore,
    TaskConsensus,
    TaskScore,
    Verdict,
)
from scorer.domain.rating import Json
from scorer.domain.rationale import RatingFlag, RationaleQuality
from scorer.domain.reliability import CalibratedValue, Reliability
from scorer.domain.review_cases import TaskSpread
from scorer.domain.uncertainty import GroupScore, Specification, VarianceComponent
from scorer.errors import StoreError
from scorer.store.connection import StoreFile
from scorer.store.sql import Model, append, models, rows, transaction


def _now() -> datetime:
    return datetime.now(UTC)


class EvaluationRecord(Frozen):
    """What an evaluation was made from; `facts` for what else fixes it."""

    evaluation_id: str
    created_at: datetime = Field(default_factory=_now)
    label_sets: tuple[str, ...]
    policy: str
    policy_hash: str
    seed: int | None = None
    facts: Json = Field(default_factory=dict)


class AggregationRecord(Frozen):
    """What an aggregation was made from; `panel`: the raters that were to be combined."""

    aggregation_id: str
    created_at: datetime = Field(default_factory=_now)
    onet_release: str
    weights: str
    panel: tuple[str, ...] = ()
    reduce: str | None = None
    seed: int | None = None
    facts: Json = Field(default_factory=dict)


class Aggregation(Frozen):
    """An aggregation with all its rows."""

    record: AggregationRecord
    task_scores: tuple[TaskScore, ...]
    consensus: tuple[TaskConsensus, ...]
    occupation_scores: tuple[OccupationScore, ...]
    disagreements: tuple[Disagreement, ...]
    blocker_shares: tuple[BlockerShare, ...]
    variance: tuple[VarianceComponent, ...] = ()
    group_scores: tuple[GroupScore, ...] = ()
    multiverse: tuple[Specification, ...] = ()


class OutcomeTables:
    """The tables of evaluations (`agreement`, `verdict`, `reliability`) and aggregations (scores and their doubts)."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def save_evaluation(
        self,
        record: EvaluationRecord,
        agreements: Iterable[Agreement],
        verdicts: Iterable[Verdict],
        *,
        reliability: Iterable[Reliability] = (),
        calibrated: Iterable[CalibratedValue] = (),
        flags: Iterable[RatingFlag] = (),
        quality: Iterable[RationaleQuality] = (),
    ) -> None:
        """Save an evaluation; it is the current one of each rubric it looked at.

        Raises:
            StoreError: there is one of this id.
        """
        with self._file.session() as con, transaction(con):
            _refuse_known(con, "evaluation", record.evaluation_id)
            append(con, "evaluation", [dict(record)])
            own = {"evaluation_id": record.evaluation_id}
            parts: dict[str, Iterable[BaseModel]] = {
                "agreement": agreements,
                "verdict": verdicts,
                "reliability": reliability,
                "calibrated_value": calibrated,
                "rating_flag": flags,
                "rationale_quality": quality,
            }
            _append_all(con, own, parts)

    def latest_verdicts(self, rubric: str | None = None) -> list[Verdict]:
        """The Verdicts of the current evaluation of a rubric, or of every rubric."""
        return self._of_current_evaluation("verdict", Verdict, rubric)

    def latest_agreements(self, rubric: str | None = None) -> list[Agreement]:
        """The coefficients of the current evaluation of a rubric, or of every rubric."""
        return self._of_current_evaluation("agreement", Agreement, rubric)

    def current_evaluations(self) -> dict[str, EvaluationRecord]:
        """The current evaluation of each rubric."""
        query = (
            "SELECT c.rubric, e.* FROM evaluation_current c JOIN evaluation e USING (evaluation_id) ORDER BY c.rubric"
        )
        with self._file.session() as con:
            return {str(row.pop("rubric")): EvaluationRecord.model_validate(row) for row in rows(con, query)}

    def save_aggregation(
        self,
        record: AggregationRecord,
        task_scores: Iterable[TaskScore],
        consensus: Iterable[TaskConsensus],
        occupation_scores: Iterable[OccupationScore],
        disagreements: Iterable[Disagreement],
        *,
        blocker_shares: Iterable[BlockerShare] = (),
        variance: Iterable[VarianceComponent] = (),
        group_scores: Iterable[GroupScore] = (),
        multiverse: Iterable[Specification] = (),
    ) -> None:
        """Save an aggregation; it is the current one, for every rubric.

        Held scores are saved with their number where there is one: publishing blanks it.

        Raises:
            StoreError: there is one of this id.
        """
        with self._file.session() as con, transaction(con):
            _refuse_known(con, "aggregation", record.aggregation_id)
            append(con, "aggregation", [dict(record)])
            parts: dict[str, Iterable[BaseModel]] = {
                "task_score": task_scores,
                "task_consensus": consensus,
                "occupation_score": occupation_scores,
                "disagreement": disagreements,
                "blocker_share": blocker_shares,
                "variance": variance,
                "group_score": group_scores,
                "multiverse": multiverse,
            }
            _append_all(con, {"aggregation_id": record.aggregation_id}, parts)

    def current_aggregation(self) -> AggregationRecord | None:
        """What the current aggregation was made from; None where nothing was aggregated yet."""
        query = "SELECT * FROM aggregation ORDER BY created_at DESC, rowid DESC LIMIT 1"
        with self._file.session() as con:
            found = models(AggregationRecord, rows(con, query))
        return found[0] if found else None

    def current_spreads(self, rubric: str) -> list[TaskSpread]:
        """What the panel of the current aggregation makes of each task on a rubric; nothing without one."""
        query = """SELECT task_id, score, spread FROM task_consensus WHERE rubric = ? AND aggregation_id = (
                SELECT aggregation_id FROM aggregation ORDER BY created_at DESC, rowid DESC LIMIT 1
            )"""
        with self._file.session() as con:
            return [TaskSpread._make(row) for row in con.execute(query, [rubric]).fetchall()]

    def latest_aggregation(self) -> Aggregation | None:
        """The current aggregation with all its rows; None where nothing was aggregated yet."""
        with self._file.session() as con:
            record = self.current_aggregation()
            if record is None:
                return None
            own = record.aggregation_id
            return Aggregation(
                record=record,
                task_scores=_of(con, "task_score", TaskScore, own),
                consensus=_of(con, "task_consensus", TaskConsensus, own),
                occupation_scores=_of(con, "occupation_score", OccupationScore, own),
                disagreements=_of(con, "disagreement", Disagreement, own),
                blocker_shares=_of(con, "blocker_share", BlockerShare, own),
                variance=_of(con, "variance", VarianceComponent, own),
                group_scores=_of(con, "group_score", GroupScore, own),
                multiverse=_of(con, "multiverse", Specification, own),
            )

    def _of_current_evaluation(self, table: str, kind: type[Model], rubric: str | None) -> list[Model]:
        query = f"""SELECT t.* EXCLUDE (evaluation_id) FROM {table} t
            SEMI JOIN evaluation_current c ON c.rubric = t.rubric AND c.evaluation_id = t.evaluation_id
            WHERE t.rubric = coalesce($rubric, t.rubric) ORDER BY t.rowid"""  # noqa: S608 - our own names
        with self._file.session() as con:
            return models(kind, rows(con, query, {"rubric": rubric}))


def _append_all(con: duckdb.DuckDBPyConnection, own: dict[str, str], parts: dict[str, Iterable[BaseModel]]) -> None:
    for table, values in parts.items():
        append(con, table, [{**own, **dict(value)} for value in values])


def _refuse_known(con: duckdb.DuckDBPyConnection, table: str, known_id: str) -> None:
    query = f"SELECT 1 FROM {table} WHERE {table}_id = ?"  # noqa: S608 - our own names
    if con.execute(query, [known_id]).fetchone():
        raise StoreError(
            f"{table} {known_id} is saved already and is never overwritten: save it under an id of its own"
        )


def _of(con: duckdb.DuckDBPyConnection, table: str, kind: type[Model], own: str) -> tuple[Model, ...]:
    query = f"SELECT * EXCLUDE (aggregation_id) FROM {table} WHERE aggregation_id = ? ORDER BY rowid"  # noqa: S608 - our own names
    return tuple(models(kind, rows(con, query, [own])))
