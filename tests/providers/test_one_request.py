"""Every request is what the SDK would have built, though it builds one alone (ADR 0030)."""

import asyncio

import httpx2
import openai
import pytest
from asking import cell_of, rater_of
from fake_openai import completion

from scorer.domain.rating import Message
from scorer.providers.chat import OpenAIProvider
from scorer.providers.opening import endpoint_of
from scorer.version import VERSION

TEXTS = ("Fold letters.", "Fold letters of every size, and those é that came late." * 40, "x")


def everything(request):
    """What goes over the wire, and what the transport is told; order and case of headers are free in HTTP."""
    timeouts = request.extensions["timeout"]
    headers = sorted((name.lower(), value) for name, value in request.headers.raw)
    return request.method, str(request.url), headers, request.content, timeouts


@pytest.fixture
def built(monkeypatch):
    """Pairs of requests for the same Cells: as they went, and as the SDK alone builds them; how many it did build."""
    sent, alone, asked = [], [], []
    of_the_sdk = openai.AsyncOpenAI._build_request

    def counted(client, options, **more):
        asked.append(options)
        return of_the_sdk(client, options, **more)

    monkeypatch.setattr(openai.AsyncOpenAI, "_build_request", counted)
    rater = rater_of()

    async def work():
        answering = httpx2.MockTransport(
            lambda request: (sent.append(request), httpx2.Response(200, json=completion()))[1]
        )
        async with httpx2.AsyncClient(transport=answering) as http:
            provider = OpenAIProvider(rater, endpoint_of(rater), http)
            for text in TEXTS:
                cell = cell_of(rater).model_copy(update={"messages": (Message(role="user", content=text),)})
                await provider.ask(cell)
                options = provider._options.model_copy(update={"content": sent[-1].content})
                alone.append(of_the_sdk(provider._client, options))

    asyncio.run(work())
    return list(zip(sent, alone, strict=True)), len(asked)


def test_every_request_is_what_the_sdk_would_have_sent(built):
    """Method, address, headers, body and time-outs are the same, whatever the length of the body."""
    pairs, _ = built
    assert [everything(ours) for ours, _ in pairs] == [everything(theirs) for _, theirs in pairs]
    assert len({ours.headers["content-length"] for ours, _ in pairs}) == len(TEXTS)


def test_an_endpoint_is_told_who_asks(built):
    """The program and its version, not the name that the SDK makes of a class of ours."""
    pairs, _ = built
    assert {ours.headers["user-agent"] for ours, _ in pairs} == {f"onet-ai-coverage/{VERSION}"}


def test_the_sdk_builds_one_request_for_all(built):
    """The method that is overridden is the one the SDK calls: three Cells, one request built."""
    _, times = built
    assert times == 1
