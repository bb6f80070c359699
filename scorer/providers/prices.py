"""What raters cost: the `price` of scorer.toml, else the public price table; the only door to genai-prices.

The table knows models by name and address, prices by date, and service tiers as variants. It answers an unknown tier
with the full price; here a tier without a variant of its own has no price.
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scorer.domain.base import Frozen
from scorer.domain.money import BATCH, FLEX, FREE, ONLINE, PriceList, Rates, Tariff
from scorer.domain.rating import Price, Rater
from scorer.providers.provider import OPENAI_URL, Endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

_TIER_KEYS = ("service_tier", "processing")  # batch is a way of processing there, the other tiers are service tiers
_BILLED_OTHERWISE = ("requests_kcount", "output_reasoning_mtok", "output_citation_mtok")


class Listed(Frozen):
    """What the public table says of a model beside its price.

    Attributes:
        context_tokens: input and output together at most, in tokens; None where it does not say.
        is_deprecated: its vendor wants it to be used no more.
    """

    context_tokens: int | None = None
    is_deprecated: bool = False


def price_list(rater: Rater, at: datetime | None = None) -> PriceList:
    """What a Rater costs at a time (now where None).

    A rater that runs here, and one at an address that needs no key, is billed by nobody and costs nothing. Where
    nothing is known the list is empty, and says in `source` what to do.
    """
    if rater.is_embedded or rater.provider == "template":
        return FREE
    if rater.price:
        return PriceList(_stated(rater.price), "scorer.toml")
    endpoint = Endpoint(rater.base_url or OPENAI_URL, "")
    if not (rater.api_key_env or endpoint.is_openai):
        return FREE
    found = _find(rater.model, endpoint.base_url)
    if found is None:
        return PriceList({}, f"no price is known for `{rater.model}` at {endpoint.host}")
    return PriceList(_listed(found, at or datetime.now(UTC)), f"price table, {found.provider} {found.model.id}")


def listed(rater: Rater) -> Listed:
    """What the public table knows of a Rater's model; nothing where it does not know it."""
    found = None if rater.is_embedded else _find(rater.model, rater.base_url or OPENAI_URL)
    if found is None:
        return Listed()
    return Listed(context_tokens=found.model.context_window, is_deprecated=bool(found.model.deprecated))


class _Found(NamedTuple):
    """A model of the table. `is_own`: in the list of this very provider, and not borrowed from another's."""

    provider: str
    model: "ModelInfo"
    is_own: bool


@cache
def _find(model: str, base_url: str) -> _Found | None:
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 - half a second to import: not for `--help`

    try:
        provider, found = get_snapshot().find_provider_model(model, None, None, base_url)
    except LookupError:
        return None
    return _Found(provider.id, found, any(found is one for one in provider.models))


def _stated(price: Price) -> dict[str, Tariff]:
    cached = price.input if price.cached_input is None else price.cached_input
    online = Rates(price.input, price.output, cached)
    shares = {ONLINE: 1.0, FLEX: price.flex, BATCH: price.batch}
    return {tier: Tariff((online.times(share),)) for tier, share in shares.items() if share is not None}


def _listed(found: _Found, at: datetime) -> dict[str, Tariff]:
    tariffs = {ONLINE: _tariff(found.model.get_prices(at))}
    for variant in (found.model.price_variants or ()) if found.is_own else ():
        tier = next((variant.when[key] for key in _TIER_KEYS if variant.when.keys() == {key}), None)
        # Outside its time the table would answer a variant with the full price.
        if tier and tier != "default" and (variant.constraint is None or variant.constraint.active(at)):
            tariffs[tier] = _tariff(found.model.get_prices(at, variant.when))
    return {tier: tariff for tier, tariff in tariffs.items() if tariff}


def _tariff(price: "ModelPrice") -> Tariff | None:
    """The rates of the table; None where text is not billed by input and output tokens alone."""
    fresh, output = price.input_mtok, price.output_mtok
    if fresh is None or output is None or any(getattr(price, name) is not None for name in _BILLED_OTHERWISE):
        return None
    prices = (fresh, output, fresh if price.cache_read_mtok is None else price.cache_read_mtok)
    starts = sorted({0, *(start for one in prices for start in _starts(one))})
    return Tariff(tuple(_rates(prices, start) for start in starts))


def _rates(prices: "Sequence[Decimal | TieredPrices]", above: int) -> Rates:
    fresh, output, cached = (_rate(one, above) for one in prices)
    return Rates(fresh, output, cached, above)


def _starts(price: "Decimal | TieredPrices") -> list[int]:
    return [] if isinstance(price, Decimal) else [tier.start for tier in price.tiers]


def _rate(price: "Decimal | TieredPrices", above: int) -> float:
    """What holds for a request with more than `above` input tokens."""
    if isinstance(price, Decimal):
        return float(price)
    return float(next((tier.price for tier in reversed(price.tiers) if tier.start <= above), price.base))
