"""Prices: those of scorer.toml, those of the public table, and no price where none is known."""

from datetime import UTC, datetime

import pytest
from asking import rater_of
from genai_prices import Usage as TheirUsage
from genai_prices import calc_price
from hypothesis import given
from hypothesis import strategies as st

from scorer.domain.money import BATCH, FLEX, ONLINE
from scorer.domain.rating import Price, Rater, Usage
from scorer.providers import listed, price_list

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
CONTEXTS = {ONLINE: None, FLEX: {"service_tier": "flex"}, BATCH: {"processing": "batch"}}


def at_openai(model="gpt-5.4-2026-03-05", **changed):
    return Rater(name="a", provider="openai", model=model, **changed)


@pytest.mark.parametrize("tier", list(CONTEXTS))
@given(
    input_tokens=st.integers(0, 400_000),
    cached_share=st.floats(0, 1),
    output_tokens=st.integers(0, 50_000),
    model=st.sampled_from(["gpt-5.4-2026-03-05", "gpt-5.4-mini", "gpt-5", "o3"]),
)
def test_each_request_costs_what_the_table_says(tier, input_tokens, cached_share, output_tokens, model):
    """In every tier, cached input and long contexts included, our figure is that of the table's own calculator."""
    cached = int(input_tokens * cached_share)
    tariff = price_list(at_openai(model), AT).tariff(tier)
    ours = tariff.cost_usd(Usage(input_tokens=input_tokens, cached_tokens=cached, output_tokens=output_tokens))
    usage = TheirUsage(input_tokens=input_tokens, cache_read_tokens=cached, output_tokens=output_tokens)
    theirs = calc_price(
        usage, model, provider_id="openai", genai_request_timestamp=AT, price_context=CONTEXTS[tier]
    ).total_price
    assert ours == pytest.approx(float(theirs), abs=1e-9)


def test_a_tier_that_the_table_does_not_know_has_no_price():
    """Neither a tier that the model lacks nor a word that no tier bears is the full price in silence."""
    prices = price_list(at_openai("gpt-4.1-mini"), AT)
    assert prices.tariff(ONLINE)
    assert prices.tariff(FLEX) is None
    assert prices.tariff("scale") is None
    assert prices.cost_usd(Usage(input_tokens=1, output_tokens=1), "scale") is None


@pytest.mark.parametrize("word", [None, "auto", "default", "online"])
def test_the_ordinary_tier_has_several_names(word):
    """What endpoints call default or auto is the online tier."""
    prices = price_list(at_openai(), AT)
    assert prices.tariff(word) == prices.tariff(ONLINE)


def test_the_price_of_scorer_toml_wins():
    """Stated rates hold; flex and batch are shares of them, and unknown where no share is stated."""
    price = Price(input=2, output=10, cached_input=0.5, batch=0.5)
    prices = price_list(at_openai(price=price), AT)
    usage = Usage(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=100_000)
    assert prices.cost_usd(usage, None) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.1 * 10)
    assert prices.cost_usd(usage, BATCH) == pytest.approx(prices.cost_usd(usage, ONLINE) / 2)
    assert prices.tariff(FLEX) is None


def test_an_unknown_model_has_no_price_and_says_so():
    """A model that nobody lists, and an address that nobody lists, are told by name."""
    assert price_list(at_openai("nonesuch-1"), AT).tariffs == {}
    assert "`nonesuch-1` at api.openai.com" in price_list(at_openai("nonesuch-1"), AT).source
    assert price_list(rater_of(), AT).tariffs == {}


def test_what_needs_no_key_is_billed_by_nobody():
    """An embedded model, and one at an address of one's own without a key, cost nothing."""
    embedded = Rater(name="e", provider="embedded", model="smollm2")
    own = rater_of(base_url="http://127.0.0.1:8000/v1", api_key_env=None)
    for rater in (embedded, own):
        assert price_list(rater).cost_usd(Usage(input_tokens=9, output_tokens=9), None) == 0.0


def test_unknown_tokens_have_no_cost():
    """Where the endpoint did not count, the cost is not known: never 0."""
    assert price_list(at_openai(), AT).cost_usd(Usage(), None) is None


def test_the_table_knows_the_context():
    """The context window of a listed model is known; that of another is not."""
    assert listed(at_openai()).context_tokens > 400_000
    assert listed(at_openai("nonesuch-1")).context_tokens is None
