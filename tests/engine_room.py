"""A run in a test: invented tasks, the real SDK over an endpoint of the test's own, a real journal and a real store."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
from asking import rater_of
from fake_openai import completion, fill

from scorer.domain.catalogue import Occupation, Task, TaskKind
from scorer.domain.rating import Cell, Rating, Status
from scorer.providers import open_provider, price_list
from scorer.rating import Asking, Desk, Journal, LocalEngine, Patience, Sink, asking, make_plan
from scorer.rating.journal import JOURNAL, read_journal
from scorer.rubrics import answer_schema, load_rubric
from scorer.store import Store

RUBRIC = load_rubric("coverage@1")
QUICK = Patience(attempts=3, elapsed_s=60.0, first_wait_s=0.001, longest_wait_s=0.002)
RUN = "run-1"
USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "prompt_tokens_details": {"cached_tokens": 600},
    "completion_tokens_details": {"reasoning_tokens": 40},
}

Answer = httpx2.Response | Exception


def statement(number: int) -> str:
    return f"Whitewash the north wall of the invented lighthouse number {number:03d}."


def invented(n: int) -> tuple[list[Task], dict[str, Occupation]]:
    """Tasks 0, 1, 2, ... of two occupations."""
    codes = ("15-0001.00", "51-0002.00")
    tasks = [
        Task(task_id=str(i), occupation_code=codes[i % 2], statement=statement(i), kind=TaskKind.CORE) for i in range(n)
    ]
    return tasks, {code: Occupation(occupation_code=code, title=f"Keepers of {code}") for code in codes}


def rater(name: str = "scripted", concurrency: int = 4, **changed):
    plain = {"model": f"{name}-model", "limits": {"concurrency": concurrency}, "cuts": {RUBRIC.id: (-1, 0, 1, 2)}}
    return rater_of(name=name, **{**plain, **changed})


def asked(n: int, *raters, variants=("base",), repeats: int = 1) -> list[Cell]:
    """The Cells of `n` invented tasks."""
    return list(question(n, *raters, variants=variants, repeats=repeats))


def question(n: int, *raters, variants=("base",), repeats: int = 1) -> Asking:
    """What is asked about `n` invented tasks."""
    tasks, occupations = invented(n)
    return asking(raters or (rater(),), [RUBRIC], tasks, occupations, variants={RUBRIC.id: variants}, repeats=repeats)


def by_rater(asked_cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The Cells of each rater, in the order they came."""
    parts: dict[str, list[Cell]] = {}
    for cell in asked_cells:
        parts.setdefault(cell.rater, []).append(cell)
    return parts


def says(category: str = "50") -> httpx2.Response:
    """A whole answer in the schema of the rubric; a category that the scale lacks is said as it is."""
    return speaks(json.dumps(valid(category) | {"category": category}))


def valid(category: str) -> dict:
    return fill(answer_schema(RUBRIC), category) | {"confidence": 80}


def speaks(text: str | None, **fields) -> httpx2.Response:
    """A completion with this text, whatever it is."""
    return httpx2.Response(200, json=completion(text, usage=USAGE, **fields))


def fails(status: int = 500, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, json={"error": {"message": "no", "type": "t", "code": None}})


class Endpoint:
    """Records what it is asked and how much at once.

    Args:
        answer: from the number of the task and of its attempt (from 1) to what is sent, or raised.
        latency_s: before each answer.
    """

    def __init__(self, answer: Callable[[int, int], Answer] | None = None, latency_s: float = 0.0) -> None:
        self.answer, self.latency_s = answer or (lambda _task, _attempt: says()), latency_s
        self.requests: list[dict] = []
        self.attempts: Counter[int] = Counter()
        self.answered: list[int] = []
        self.in_flight = self.most_in_flight = 0

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        sent = json.loads(request.content)
        task = int(sent["messages"][-1]["content"].partition(" number ")[2][:3])
        self.requests.append(sent)
        self.attempts[task] += 1
        attempt = self.attempts[task]
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.wait(task)
            answer = self.answer(task, attempt)
        finally:
            self.in_flight -= 1
        if isinstance(answer, Exception):
            raise answer
        if answer.status_code == 200:
            self.answered.append(task)
        return answer

    async def wait(self, _task: int) -> None:
        await asyncio.sleep(self.latency_s)


class Room:
    """A workspace's store and journals, and runs in it."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root / "store.duckdb")
        self.runs_dir = root / "runs"
        self.progress = None

    def rate(self, asked_cells, *desks, store=None, patience=QUICK, run_id=RUN, observe=None):
        """Rate Cells at (rater, endpoint) desks; gives the Progress, which `progress` holds even after an error."""

        def watch(progress):
            self.progress = progress
            if observe:
                observe(progress)

        with Journal(self.runs_dir / run_id) as journal:
            sink = Sink(journal, store or self.store.ratings.add)
            made = {"run_id": run_id, "sink": sink, "observe": watch, "patience": patience}
            return asyncio.run(self._rate(asked_cells, desks, made))

    async def _rate(self, asked_cells, desks, made):
        async with AsyncExitStack() as stack:
            opened = {}
            for who, endpoint in desks:
                client = httpx2.AsyncClient(transport=httpx2.MockTransport(endpoint.handle))
                provider = open_provider(who, await stack.enter_async_context(client))
                stack.push_async_callback(provider.aclose)
                opened[who.name] = Desk(who, provider, price_list(who))
            return await LocalEngine(desks=opened, rubrics={RUBRIC.id: RUBRIC}, **made).rate(by_rater(asked_cells))

    def stored(self, asked_cells) -> list[Rating]:
        """The latest Ratings of Cells, in the order of the Cells."""
        found = {one.cell_hash: one for one in self.store.ratings.load(c.cell_hash for c in asked_cells)}
        return [found[c.cell_hash] for c in asked_cells if c.cell_hash in found]

    def missing(self, asked_cells) -> list[Cell]:
        """Those Cells that have no answer yet."""
        known = self.store.ratings.known()
        return [cell for cell in asked_cells if known.get(cell.cell_hash, Status.FAILED) is Status.FAILED]

    def plan(self, asked_of):
        """What is missing of an Asking."""
        return make_plan(asked_of, self.store.ratings.past(["scripted"], ["coverage"]))

    def journalled(self, run_id=RUN) -> list[Rating]:
        return list(read_journal(self.runs_dir / run_id / JOURNAL))

    def rows(self) -> int:
        return sum(count.n for count in self.store.ratings.counts())
