"""What a request costs: rates by service tier, from a known number of input tokens on.

Money is USD, rates are USD per million tokens. A tier without a known rate has no price: never that of another tier.
"""

from collections.abc import Mapping
from typing import NamedTuple

from scorer.domain.rating import Usage

MILLION = 1_000_000
ONLINE, FLEX, BATCH = "online", "flex", "batch"
SHOWN_TIERS = (ONLINE, FLEX, BATCH)
_ORDINARY = {None, "", "auto", "default", "standard", "on_demand", ONLINE}


class Rates(NamedTuple):
    """USD per million tokens of a request with more than `above` input tokens: they hold for all of its tokens."""

    input: float
    output: float
    cached_input: float
    above: int = 0

    def times(self, share: float) -> "Rates":
        """So much of each."""
        return Rates(self.input * share, self.output * share, self.cached_input * share, self.above)


class Tariff(NamedTuple):
    """What one service tier of one model costs: rates with rising `above`; long contexts may cost more."""

    steps: tuple[Rates, ...]

    def cost_usd(self, usage: Usage) -> float | None:
        """What one request cost in USD; None where the endpoint did not say how many tokens it was."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        return self.cost_of(usage.input_tokens, usage.output_tokens, usage.cached_tokens or 0)

    def cost_of(self, input_tokens: float, output_tokens: float, cached_tokens: float = 0.0) -> float:
        """What one request of so many tokens costs in USD; `cached_tokens` are among the input tokens."""
        rates = next((step for step in reversed(self.steps) if input_tokens > step.above), self.steps[0])
        cached = min(cached_tokens, input_tokens)
        fresh = input_tokens - cached
        return (fresh * rates.input + cached * rates.cached_input + output_tokens * rates.output) / MILLION


class PriceList(NamedTuple):
    """What is known of a rater's prices.

    Attributes:
        tariffs: by service tier; `online` is the ordinary one.
        source: where the prices come from, or why there are none.
    """

    tariffs: Mapping[str, Tariff]
    source: str

    def tariff(self, service_tier: str | None = None) -> Tariff | None:
        """The tariff of a tier, in the words of scorer.toml or of an endpoint; None where its price is not known."""
        return self.tariffs.get(tier_name(service_tier))

    def cost_usd(self, usage: Usage, service_tier: str | None) -> float | None:
        """What one request in a tier cost in USD; None where price or tokens are not known."""
        tariff = self.tariff(service_tier)
        return tariff.cost_usd(usage) if tariff else None


UNKNOWN = PriceList({}, "no price is known")
FREE = PriceList(dict.fromkeys(SHOWN_TIERS, Tariff((Rates(0.0, 0.0, 0.0),))), "nobody bills it")


def tier_name(service_tier: str | None) -> str:
    """The tier that an endpoint's word means: what endpoints call `default` or `auto` is `online`."""
    return ONLINE if service_tier in _ORDINARY else str(service_tier)
