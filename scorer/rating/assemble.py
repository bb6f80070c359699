"""From a Cell and what came back for it to the Rating that is kept."""

from datetime import UTC, datetime

from scorer.domain.base import sha256_json
from scorer.domain.rating import Answer, Cell, Rating, Reply, Status


def rating_of(
    cell: Cell, run_id: str, reply: Reply, answer: Answer, *, attempts: int, cost_usd: float | None
) -> Rating:
    """The Rating of a Cell that was answered, usable or not; `cost_usd` of the request that brought the answer."""
    return Rating(
        **_identity(cell, run_id),
        **dict(answer),
        params_sent=cell.params,
        service_tier=reply.service_tier,
        request_id=reply.request_id,
        finish_reason=reply.finish_reason,
        served_model=reply.served_model,
        system_fingerprint=reply.system_fingerprint,
        **dict(reply.usage),
        cost_usd=cost_usd,
        attempts=attempts,
        latency_ms=reply.latency_ms,
        raw=reply.exchanges,
    )


def failed_rating(cell: Cell, run_id: str, problem: str, attempts: int) -> Rating:
    """The Rating of a Cell that got no answer within its attempts."""
    return Rating(
        **_identity(cell, run_id), status=Status.FAILED, problem=problem, params_sent=cell.params, attempts=attempts
    )


def _identity(cell: Cell, run_id: str) -> dict[str, object]:
    return {
        "rating_id": sha256_json([cell.cell_hash, run_id]),
        "run_id": run_id,
        "task_id": cell.task_id,
        "rubric": cell.rubric,
        "rater": cell.rater,
        "variant": cell.variant,
        "repeat": cell.repeat,
        "cell_hash": cell.cell_hash,
        "occasion": cell.occasion,
        "statement_sha256": cell.statement_sha256,
        "rubric_sha256": cell.rubric_sha256,
        "schema_sha256": cell.schema_sha256,
        "created_at": datetime.now(UTC),
    }
