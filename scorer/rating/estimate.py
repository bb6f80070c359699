"""What a plan would take: tokens, money in each service tier, time at the stated limits. Estimates, and named so.

Tokens come from earlier ratings of the same rater and rubric where there are any. Before the first one a rule holds:
a token for every four characters of the prompt and its schema (the prompts shipped here
measure 4.0 to 4.2 in the tokens of the embedded rater, whose vocabulary is small), four more
for each request, and an answer of so many tokens as answers usually have.
"""

from collections.abc import Mapping
from typing import NamedTuple

from scorer.domain.base import canonical_json
from scorer.domain.money import SHOWN_TIERS, PriceList, Tariff
from scorer.domain.past import Usual
from scorer.domain.rating import AnswerMode, Cell, Rater
from scorer.domain.rubric import PROFILE
from scorer.providers import capability
from scorer.rating.cells import Series
from scorer.rating.plan import Places, Plan

CHARACTERS_PER_TOKEN = 4
TOKENS_OF_A_REQUEST = 4
TOKENS_OF_AN_ANSWER = {AnswerMode.JSON: 180, AnswerMode.TOKEN: 4, AnswerMode.PROBES: 1}
TOKENS_OF_A_PROFILE = 2_500
TOKENS_OF_REASONING = {"none": 0, "minimal": 100, "low": 400, "medium": 1_200, "high": 4_000, "xhigh": 8_000}
"""Assumed of models that reason, by effort, before anything was measured."""

MINUTE_MS = 60_000


class Estimate(NamedTuple):
    """What the missing Cells of one rater and rubric would take.

    Attributes:
        cells: how many.
        input_tokens, cached_tokens, output_tokens: of all of them; cached ones are among the input.
        usd: of all of them by service tier; None where the tier has no known price.
        tier_usd: of all of them in the tier that is asked for; None where its price is not known.
        cell_usd: what asking about one Cell may cost at most, as far as one can say; None as above.
        minutes: at the stated limits; None where no limit is stated and no latency is known.
        basis: what the tokens are taken from.
        price: where the prices are taken from.
    """

    rater: str
    rubric: str
    cells: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    usd: Mapping[str, float | None]
    tier_usd: float | None
    cell_usd: float | None
    minutes: float | None
    basis: str
    price: str


def estimates(
    plan: Plan, usual: Mapping[tuple[str, str], Usual], prices: Mapping[str, PriceList], tier: str | None = None
) -> tuple[Estimate, ...]:
    """What a plan would take, by rater and rubric, in the order of asking.

    Args:
        plan: what is missing.
        usual: what earlier ratings took, by rater and rubric.
        prices: by rater name.
        tier: in which all is asked; None: in the one that each rater asks for.
    """
    parts: dict[tuple[str, str], list[Places]] = {}
    for queue in plan.queues.values():
        for part in queue.parts:
            parts.setdefault((part.series.rater.name, part.series.rubric.id), []).append(part)
    return tuple(_estimate(found, usual.get(key), prices[key[0]], tier) for key, found in parts.items())


def _estimate(parts: list[Places], usual: Usual | None, prices: PriceList, tier: str | None) -> Estimate:
    series, cells = parts[0].series, sum(len(part.at) for part in parts)
    rater = series.rater
    one = usual or _by_rule(rater, sum(part.characters for part in parts) / cells, series.requests, series.rubric.id)
    tariffs = {tier: prices.tariff(tier) for tier in SHOWN_TIERS}
    asked_for = prices.tariff(tier or rater.params.get("service_tier"))
    return Estimate(
        rater=rater.name,
        rubric=series.rubric.id,
        cells=cells,
        input_tokens=round(cells * one.input_tokens),
        cached_tokens=round(cells * one.cached_tokens),
        output_tokens=round(cells * one.output_tokens),
        usd={tier: _usd(tariff, cells, one) for tier, tariff in tariffs.items()},
        tier_usd=_usd(asked_for, cells, one),
        cell_usd=asked_for and asked_for.cost_of(1.25 * one.input_tokens, _most_output(series, one)),
        minutes=_minutes(series, cells, one),
        basis=f"{usual.n:,} earlier ratings" if usual else "rule: characters / 4",
        price=prices.source,
    )


def tokens_by_rule(cell: Cell, rater: Rater) -> float:
    """Tokens that asking about one Cell takes, prompts and answers together, before anything was measured."""
    one = usual_by_rule(cell, rater)
    return one.input_tokens + one.output_tokens


def usual_by_rule(cell: Cell, rater: Rater) -> Usual:
    """What asking about one Cell takes before anything was measured."""
    openings = [message for probe in cell.probes for message in probe.opening]
    schema = len(canonical_json(cell.answer_schema)) if rater.answer is AnswerMode.JSON else 0
    requests = max(len(cell.probes), 1)
    around = sum(len(message.content) for message in openings)
    characters = around + schema + requests * sum(len(message.content) for message in cell.messages)
    return _by_rule(rater, characters, requests, cell.rubric)


def _by_rule(rater: Rater, characters: float, requests: int, rubric: str) -> Usual:
    """Tokens of a Cell before the first rating; nothing is known of cache and latency."""
    is_profile = rubric.partition("@")[0] == PROFILE
    output = TOKENS_OF_A_PROFILE if is_profile else TOKENS_OF_AN_ANSWER[rater.answer]
    if capability(rater).reasons(rater.params):
        output += TOKENS_OF_REASONING.get(rater.params.get("reasoning_effort", "medium"), TOKENS_OF_REASONING["medium"])
    return Usual(
        n=0,
        input_tokens=characters / CHARACTERS_PER_TOKEN + TOKENS_OF_A_REQUEST * requests,
        cached_tokens=0,
        output_tokens=min(output, _cap(rater) or output) * requests,
        latency_ms=0,
    )


def _most_output(series: Series, one: Usual) -> float:
    """Tokens of the longest answer: as many as the rater may use, else twice the usual."""
    return (_cap(series.rater) or 0) * series.requests or 2 * one.output_tokens


def _cap(rater: Rater) -> int | None:
    stated = rater.params.get("max_completion_tokens", rater.params.get("max_tokens"))
    return stated if isinstance(stated, int) else None


def _usd(tariff: Tariff | None, cells: int, one: Usual) -> float | None:
    """Priced as single requests, since a long one may cost more by the token."""
    if tariff is None:
        return None
    return cells * tariff.cost_of(one.input_tokens, one.output_tokens, one.cached_tokens)


def _minutes(series: Series, cells: int, one: Usual) -> float | None:
    """The narrowest of requests a minute, tokens a minute, and requests in flight."""
    limits = series.rater.limits
    bounds = [
        cells * series.requests / limits.rpm if limits.rpm else 0,
        cells * (one.input_tokens + one.output_tokens) / limits.tpm if limits.tpm else 0,
        cells * one.latency_ms / MINUTE_MS / limits.concurrency,
    ]
    return max(bounds) or None
