"""From a Cell and what came back for it to the Rating that is kept."""

from datetime import UTC, datetime

from scorer.domain.base import sha256_json
from scorer.domain.rating import Answer, Cell, Price, Rating, Reply, Status, Usage

MILLION = 1_000_000


def rating_of(cell: Cell, run_id: str, reply: Reply, answer: Answer, *, attempts: int, price: Price | None) -> Rating:
    """The Rating of a Cell that was answered, usable or not."""
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
        cost_usd=cost_usd(reply.usage, price),
        attempts=attempts,
        latency_ms=reply.latency_ms,
        raw=({"request": reply.sent, "response": reply.body},),
    )


def failed_rating(cell: Cell, run_id: str, problem: str, attempts: int) -> Rating:
    """The Rating of a Cell that got no answer within its attempts."""
    return Rating(
        **_identity(cell, run_id), status=Status.FAILED, problem=problem, params_sent=cell.params, attempts=attempts
    )


def cost_usd(usage: Usage, price: Price | None) -> float | None:
    """What one request cost in USD; None where price or tokens are not known."""
    if price is None or usage.input_tokens is None or usage.output_tokens is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.input_tokens)
    cached_price = price.input if price.cached_input is None else price.cached_input
    fresh = usage.input_tokens - cached
    return (fresh * price.input + cached * cached_price + usage.output_tokens * price.output) / MILLION


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
