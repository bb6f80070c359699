"""Asking a rater in a test: a Cell, and one request through the real SDK over a transport of the test's own."""

import asyncio

import httpx2

from scorer.domain.rating import Cell, Message, Rater, Reply
from scorer.providers import open_provider, request_params

KEY = "sk-test-8f2a91c47d"
KEY_NAME = "SCORER_TEST_KEY"


def rater_of(**changed) -> Rater:
    """A rater at an address that does not exist, with its key in `KEY_NAME`."""
    plain = {
        "name": "scripted",
        "provider": "openai",
        "model": "model-2026-01-31",
        "base_url": "https://models.example/v1",
        "api_key_env": KEY_NAME,
    }
    return Rater(**{**plain, **changed})


def cell_of(rater: Rater, *messages: Message, schema=None) -> Cell:
    """A Cell of a rater."""
    return Cell(
        task_id="1",
        rubric="coverage@1",
        rater=rater.name,
        messages=messages or (Message(role="system", content="Rate."), Message(role="user", content="Fold letters.")),
        answer_schema=schema,
        provider=rater.provider,
        model=rater.model,
        params=request_params(rater, schema),
        statement_sha256="s",
        rubric_sha256="r",
    )


def ask(rater: Rater, transport: httpx2.AsyncBaseTransport, cell: Cell | None = None) -> Reply:
    """Ask once."""

    async def once() -> Reply:
        async with httpx2.AsyncClient(transport=transport) as client:
            provider = open_provider(rater, client)
            try:
                return await provider.ask(cell or cell_of(rater))
            finally:
                await provider.aclose()

    return asyncio.run(once())
