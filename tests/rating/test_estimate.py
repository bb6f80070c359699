"""Estimates: tokens from earlier ratings or a stated rule, money by request and tier, time by the narrowest limit."""

import pytest
from engine_room import question, rater

from scorer.domain.money import BATCH, FLEX, ONLINE, UNKNOWN
from scorer.domain.past import Usual
from scorer.domain.rating import AnswerMode, Limits, Price
from scorer.providers import price_list
from scorer.rating import estimates, make_plan
from scorer.rating.estimate import CHARACTERS_PER_TOKEN, TOKENS_OF_A_REQUEST

PRICE = Price(input=2, output=10, cached_input=0.5, batch=0.5)
EARLIER = Usual(n=7, input_tokens=1000, cached_tokens=600, output_tokens=100, latency_ms=3000)


def estimate(who, n=10, usual=None):
    plan = make_plan(question(n, who))
    known = {(who.name, "coverage@1"): usual} if usual else {}
    (one,) = estimates(plan, known, {who.name: price_list(who)})
    return one


def test_earlier_ratings_tell_the_tokens():
    """Ten Cells at the usual 1,000 tokens in (600 cached) and 100 out cost ten times one such request."""
    one = estimate(rater(price=PRICE), usual=EARLIER)
    assert (one.input_tokens, one.cached_tokens, one.output_tokens) == (10_000, 6_000, 1_000)
    assert one.usd == {ONLINE: pytest.approx(0.021), FLEX: None, BATCH: pytest.approx(0.0105)}
    assert one.tier_usd == one.usd[ONLINE]
    assert one.basis == "7 earlier ratings"


def test_the_rule_counts_what_is_sent():
    """Without earlier ratings a token stands for four characters of the messages and the schema."""
    who = rater(price=PRICE)
    (cell,) = question(1, who)
    sent = sum(len(message.content) for message in cell.messages) + len(
        str(cell.answer_schema).replace(": ", ":").replace(", ", ",").replace("False", "false").replace("True", "true")
    )
    assert estimate(who, 1).input_tokens == round(sent / CHARACTERS_PER_TOKEN + TOKENS_OF_A_REQUEST)


def test_reasoning_counts_as_output():
    """A model that reasons is expected to write more than one that does not, and no more than it may."""
    plain, low, capped = (
        estimate(rater(price=PRICE).model_copy(update={"model": model, "params": params})).output_tokens
        for model, params in (
            ("gpt-4.1", {}),
            ("gpt-5", {"reasoning_effort": "low"}),
            ("gpt-5", {"max_completion_tokens": 50}),
        )
    )
    assert capped == 500 < plain < low
    assert estimate(rater(answer=AnswerMode.TOKEN, price=PRICE)).output_tokens == 40


def test_the_tier_that_is_asked_for_is_the_one_that_counts():
    """A rater with service_tier = "flex" is priced in that tier, and has no price where it is unknown."""
    flex = rater(params={"service_tier": "flex"}, price=PRICE.model_copy(update={"flex": 0.5}))
    assert estimate(flex, usual=EARLIER).tier_usd == pytest.approx(0.0105)
    assert estimate(rater(params={"service_tier": "flex"}, price=PRICE)).tier_usd is None
    assert estimate(rater()).usd == {ONLINE: None, FLEX: None, BATCH: None}
    assert "no price is known" in UNKNOWN.source


@pytest.mark.parametrize(
    ("limits", "minutes"),
    [
        ({"rpm": 5, "concurrency": 10}, 2.0),
        ({"rpm": 500, "tpm": 1100, "concurrency": 10}, 10.0),
        ({"concurrency": 2}, 10 * 3 / 60 / 2),
    ],
)
def test_the_narrowest_limit_tells_the_time(limits, minutes):
    """Requests a minute, tokens a minute, or requests in flight at the usual latency: the slowest counts."""
    who = rater(price=PRICE).model_copy(update={"limits": Limits(**limits)})
    assert estimate(who, usual=EARLIER).minutes == pytest.approx(minutes)
    assert estimate(rater(price=PRICE)).minutes is None


def test_one_request_is_reserved_dearer_than_it_should_be():
    """The most that a request may cost is above its usual cost, and uses the cap on its tokens where there is one."""
    usual = estimate(rater(price=PRICE), 1, EARLIER)
    capped = estimate(rater(price=PRICE, params={"max_tokens": 5000}), 1, EARLIER)
    assert usual.tier_usd < usual.cell_usd < capped.cell_usd
    assert capped.cell_usd == pytest.approx((1250 * 2 + 5000 * 10) / 1e6)
