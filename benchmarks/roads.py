"""Two ways to ask the same Cells: our whole road to a stored Rating, and the bare SDK, which keeps nothing."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openai
from workload import AT_ONCE, IN_FLIGHT, rater, rubric

from scorer.domain.rating import Cell, Limits, Rater, Status
from scorer.providers import open_provider
from scorer.rating import Desk, Journal, LocalEngine, Queue, Sink
from scorer.store import Store


def rate(cells: Queue, base_url: str, directory: Path, limits: Limits = AT_ONCE) -> int:
    """Rate Cells into a store of their own; returns how many valid Ratings the store holds afterwards."""
    store = Store(directory / "store.duckdb")
    with Journal(directory / "runs" / f"run-{os.getpid()}") as journal:
        asyncio.run(_rate(cells, rater(base_url, limits), Sink(journal, store.ratings.add)))
        journal.close(stored=True)
    return sum(count.n for count in store.ratings.counts() if count.status is Status.RATED)


async def _rate(cells: Queue, asked: Rater, sink: Sink) -> None:
    rated_on = rubric()
    provider = open_provider(asked)
    engine = LocalEngine(
        f"bench-{os.getpid()}",
        desks={asked.name: Desk(asked, provider)},
        rubrics={rated_on.id: rated_on},
        sink=sink,
        observe=lambda _progress: None,
    )
    try:
        await engine.rate({asked.name: cells})
    finally:
        await provider.aclose()


def create(cells: Sequence[Cell], base_url: str) -> int:
    """Ask the same with `AsyncOpenAI.chat.completions.create`, as many at once; returns how many answers came."""
    requests = [(_messages(cell), cell.params) for cell in cells]
    return asyncio.run(_create(requests, base_url))


async def _create(requests: Sequence[tuple[list[Any], dict[str, Any]]], base_url: str) -> int:
    async with openai.AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0) as client:
        waiting = iter(requests)
        answers = await asyncio.gather(*(_work(client, waiting) for _ in range(IN_FLIGHT)))
    return sum(answers)


async def _work(client: openai.AsyncOpenAI, waiting: Iterator[tuple[list[Any], dict[str, Any]]]) -> int:
    answered = 0
    for messages, params in waiting:
        completion = await client.chat.completions.create(model="mock-1", messages=messages, **params)
        answered += completion.choices[0].message.content is not None
    return answered


def _messages(cell: Cell) -> list[Any]:
    return [{"role": message.role, "content": message.content} for message in cell.messages]
