import asyncio

import httpx2
import pytest
from asking import rater_of
from fake_openai import FakeModel, completion, error, scripted

from scorer.domain.rating import AnswerMode
from scorer.providers import RaterCheck, check_rater, open_provider


def check(rater, transport) -> RaterCheck:
    async def probe():
        async with httpx2.AsyncClient(transport=transport) as client:
            return await check_rater(rater, open_provider(rater, client))

    return asyncio.run(probe())


@pytest.mark.parametrize("answer", AnswerMode)
def test_a_good_rater_passes(answer):
    """A probe of a working endpoint says who answered, how fast, and that what was asked for came."""
    model = FakeModel()

    found = check(rater_of(answer=answer), model.transport())

    assert found.passed
    assert found.served_model == "model-2026-01-31"
    assert (found.logprobs, found.structured) == ((None, True) if answer is AnswerMode.JSON else (True, None))
    assert found.latency_ms > 0
    assert model.stats["requests"] == 1


def test_an_endpoint_that_keeps_its_logprobs_fails_a_token_rater():
    """No log-probabilities, no TOKEN rater: the probe finds out before the run."""
    found = check(rater_of(answer=AnswerMode.TOKEN), scripted(httpx2.Response(200, json=completion("yes"))))

    assert found.reachable
    assert found.logprobs is False
    assert not found.passed


def test_an_endpoint_that_ignores_the_schema_is_told_apart():
    """Prose where JSON was asked for is a problem of the endpoint, seen before the run."""
    found = check(rater_of(), scripted(httpx2.Response(200, json=completion("Yes, water is wet."))))

    assert found.structured is False
    assert "schema" in found.problem


def test_an_endpoint_that_refuses_is_unreachable_with_the_reason():
    """A refused key does not raise: it is what the probe reports."""
    found = check(rater_of(), scripted(httpx2.Response(401, json=error("No.", "invalid_api_key"))))

    assert not found.reachable
    assert "401 invalid_api_key" in found.problem


@pytest.mark.parametrize(
    ("model", "base_url", "warned"),
    [
        ("gpt-5.4", None, True),
        ("gpt-5.4-2026-03-05", None, False),
        ("gpt-4-0613", None, False),
        ("llama-3", "http://127.0.0.1:9/v1", False),
    ],
)
def test_an_alias_is_warned_about(model, base_url, warned):
    """At OpenAI a name without a date is an alias that drifts; at one's own server names are one's own."""
    transport = FakeModel().transport()

    warnings = check(rater_of(model=model, base_url=base_url), transport).warnings
    assert any("alias" in warning for warning in warnings) is warned


def told(said, **changed):
    """The check of a rater at OpenAI whose endpoint says this of its model."""

    def answer(request):
        if request.method == "GET":
            assert request.url.path == f"/v1/models/{changed['model']}"
            return said if isinstance(said, httpx2.Response) else httpx2.Response(200, json=said)
        return httpx2.Response(200, json=completion('{"answer": "yes"}'))

    return check(rater_of(base_url=None, **changed), scripted(answer))


def test_what_is_known_of_a_model_is_shown():
    """Capabilities, price, context and shutdown come from the tables and from the endpoint itself."""
    found = told({"id": "gpt-5.4-2026-03-05", "shutdown_date": "2027-04-01"}, model="gpt-5.4-2026-03-05")
    assert found.passed
    facts = found.facts
    assert facts.takes == ("structured output", "seed")
    assert (facts.usd_input, facts.usd_output) == (2.5, 15.0)
    assert facts.context_tokens > 400_000
    assert facts.is_snapshot
    assert facts.shutdown == "2027-04-01"
    assert "shut down on 2027-04-01" in found.warnings[0]


@pytest.mark.parametrize(
    "said",
    [
        httpx2.Response(404),
        httpx2.Response(200, text="<html>"),
        {"shutdown_date": None},
        ["no"],
        {"shutdown_date": "soon"},
    ],
)
def test_an_endpoint_that_says_nothing_of_its_model_is_no_problem(said):
    """Whatever `GET /models/MODEL` answers, the check goes on; only a date is a date."""
    found = told(said, model="gpt-4.1-2025-04-14")
    assert found.passed
    assert found.facts.shutdown is None
    assert "logprobs" in found.facts.takes


def test_a_rater_of_unknown_price_is_warned_about():
    """What `scorer rate` will refuse is told by the check already."""
    found = told({}, model="nonesuch-2026-01-31")
    assert any("state `price`" in warning for warning in found.warnings)
