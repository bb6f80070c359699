"""The rating engine: bounded, resumable, never losing an answer.

Each rater has as many workers as its endpoint takes at once; they draw Cells from one iterator, so a slow rater never
holds up another and nothing is queued. An answer is journalled before its Cell counts as done. What cannot go on (a
bad key, a full disk, a store that takes nothing) stops dispatch at once, lets what is in flight arrive (it is paid for)
and is raised when everything that can be is stored.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from scorer.domain.money import UNKNOWN, PriceList
from scorer.domain.rating import Cell, Rater, Rating, Reply, Status
from scorer.domain.rubric import Rubric
from scorer.errors import TransientError
from scorer.providers import Provider
from scorer.rating.assemble import failed_rating, rating_of
from scorer.rating.interrupt import interruptible
from scorer.rating.plan import Queue
from scorer.rating.retry import Patience, with_patience
from scorer.rating.sink import Sink
from scorer.rubrics import read_answer


class Desk(NamedTuple):
    """A rater at work: its settings, the provider that reaches it, and what is known of its prices."""

    rater: Rater
    provider: Provider
    prices: PriceList = UNKNOWN

    def cost_usd(self, reply: Reply) -> float | None:
        """What a reply cost in the tier that served it, or else was asked for; None where that is not known."""
        return self.prices.cost_usd(reply.usage, reply.service_tier or self.rater.params.get("service_tier"))


@dataclass
class Progress:
    """How far a run is, for whoever watches. Costs in USD, times in seconds.

    Attributes:
        problems: the first of its kind, by rater and status: why an answer is not usable, or why there is none.
    """

    total: int
    done: int = 0
    retried: int = 0
    cost_usd: float = 0.0
    statuses: Counter[tuple[str, Status]] = field(default_factory=Counter)
    problems: dict[tuple[str, Status], str] = field(default_factory=dict)
    stopping: bool = False
    started: float = field(default_factory=monotonic)

    def count(self, rating: Rating) -> None:
        """Count one finished Cell."""
        self.done += 1
        self.retried += rating.attempts - 1
        self.cost_usd += rating.cost_usd or 0.0
        self.statuses[rating.rater, rating.status] += 1
        if rating.problem:
            self.problems.setdefault((rating.rater, rating.status), rating.problem)


class Engine:
    """Rates Cells.

    Args:
        run_id: the run that the Ratings belong to.
        desks: by rater name.
        rubrics: by rubric id.
        sink: takes each Rating.
        observe: called after each Rating, and when the run begins to stop.
        patience: attempts and time that one Cell is worth.
    """

    def __init__(
        self,
        run_id: str,
        *,
        desks: Mapping[str, Desk],
        rubrics: Mapping[str, Rubric],
        sink: Sink,
        observe: Callable[[Progress], None],
        patience: Patience | None = None,
    ) -> None:
        self._run_id, self._desks, self._rubrics, self._sink = run_id, desks, rubrics, sink
        self._observe, self._patience = observe, patience or Patience()
        self._error: Exception | None = None
        self._progress = Progress(total=0)
        self._stopping = asyncio.Event()

    async def rate(self, missing: Mapping[str, Queue]) -> Progress:
        """Rate Cells until all are done, somebody stops the run, or a permanent error does.

        Args:
            missing: the Cells of each rater, by its name.

        Returns:
            How far it came; `stopping` where it was interrupted.

        Raises:
            PermanentError: an endpoint will never answer; everything that did arrive is stored.
            StoreError, RunError: the store or the journal takes no more; what was journalled is kept.
            Exception: any other is a bug; what was journalled is kept. The first error is the one that is raised.
            asyncio.CancelledError: on a second interrupt; what was journalled is kept.
        """
        self._progress = Progress(total=sum(map(len, missing.values())))
        flusher = asyncio.create_task(self._keep_flushing())
        try:
            with interruptible(self._stop):
                await self._work_all(missing)
        finally:
            self._sink.close()
            await flusher
        if self._error:
            raise self._error
        return self._progress

    async def _keep_flushing(self) -> None:
        try:
            await self._sink.keep_flushing()
        except Exception as error:  # noqa: BLE001 - kept and raised by `rate`
            self._fail(error)

    async def _work_all(self, missing: Mapping[str, Queue]) -> None:
        async with asyncio.TaskGroup() as group:
            for name, cells in missing.items():
                desk, queue = self._desks[name], iter(cells)
                for _ in range(min(desk.rater.limits.concurrency, len(cells))):
                    group.create_task(self._work(desk, queue))

    async def _work(self, desk: Desk, queue: Iterator[Cell]) -> None:
        for cell in queue:
            if self._stopping.is_set():
                return
            try:
                rating = await self._rate_one(desk, cell)
                if rating is not None:
                    self._sink.take(rating)
                    self._progress.count(rating)
                    self._observe(self._progress)
            except Exception as error:  # noqa: BLE001 - kept and raised by `rate`; here it would cancel what is in flight
                self._fail(error)
                return

    async def _rate_one(self, desk: Desk, cell: Cell) -> Rating | None:
        """The Rating of a Cell; None where the run stopped before the Cell's attempts were spent: it stays missing."""
        attempts = 0

        def attempted(number: int) -> None:
            nonlocal attempts
            attempts = number

        try:
            reply = await with_patience(lambda: desk.provider.ask(cell), self._patience, attempted, self._stopping)
        except TransientError as error:
            if self._stopping.is_set():
                return None
            return failed_rating(cell, self._run_id, str(error), attempts)
        answer = read_answer(self._rubrics[cell.rubric], reply, desk.rater.answer, cell.answer_schema)
        return rating_of(cell, self._run_id, reply, answer, attempts=attempts, cost_usd=desk.cost_usd(reply))

    def _fail(self, error: Exception) -> None:
        """Remember the first error, to raise it when what is in flight has arrived; nothing more is sent."""
        self._error = self._error or error
        self._drain()

    def _stop(self) -> None:
        self._drain()
        self._observe(self._progress)

    def _drain(self) -> None:
        self._stopping.set()
        self._progress.stopping = True
