"""The engine of several machines: Cells go out to hands, Ratings come back to the one sink of the run.

A seat is a place for one hand, and for the next one when that dies. What a hand has and has not given back is known
here and nowhere else: it goes to another hand, so that nothing is lost, and a Rating is kept only from the hand that
its Cell is with, so that nothing is doubled. No hand is given more than it does in a moment, so that a plan of any size
stays a plan. Which cluster it is, the engine does not know.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from time import monotonic
from typing import Any, Protocol, TypeVar

from scorer.domain.rating import Cell, Rating
from scorer.errors import RunError
from scorer.rating.cluster.hand import Delivery
from scorer.rating.cluster.office import Standing
from scorer.rating.cluster.supply import Held, Supply, Wants
from scorer.rating.interrupt import interruptible
from scorer.rating.plan import Queue
from scorer.rating.progress import Flight, Progress
from scorer.rating.seam import Job

WATCH_S = 1.0
FRUITLESS_DEATHS = 5
"""So many hands of a seat that die without having brought a Rating: the next one would die as well."""
HIRING_S = 120.0
"""How long nobody may be at work before the run gives up."""

T = TypeVar("T")


class LostError(Exception):
    """A hand is gone with all that it held. No error of the run: another takes its seat."""


class HandLine(Protocol):
    """The way to a hand, wherever it is. See `Hand`; each raises LostError where it is gone."""

    async def exchange(self, cells: Sequence[Cell]) -> Delivery:
        """See `Hand.exchange`."""
        ...

    async def stop(self) -> None:
        """See `Hand.stop`."""
        ...


class Cluster(Protocol):
    """Where the hands and the office of a run are."""

    @property
    def seats(self) -> int:
        """How many hands work at once."""
        ...

    async def hire(self, name: str, seat: int) -> tuple[HandLine, Wants]:
        """A hand that has begun, as soon as there is room for one, and how much it wants to hold.

        Raises:
            LostError: it died before it could begin.
            ConfigurationError: it cannot do the work: a key is missing there, or the scorer.
        """
        ...

    async def gone(self, name: str) -> None:
        """Tell the office of a death."""
        ...

    async def close(self) -> None:
        """Let the office grant nothing more."""
        ...

    async def standing(self) -> Standing:
        """See `Office.standing`.

        Raises:
            RunError: the office is lost.
        """
        ...


class ClusterEngine:
    """Rates Cells with the hands of a cluster. See `seam.Engine`.

    Args:
        job: the run. Its budget is kept by the office; here it only shows how that stands.
        cluster: where it is carried out.
    """

    def __init__(self, job: Job, cluster: Cluster) -> None:
        self._job, self._cluster = job, cluster
        self._progress, self._supply = Progress(total=0), Supply({})
        self._hands: dict[str, HandLine] = {}
        self._names = count(1)
        self._ending = asyncio.Event()
        self._error: Exception | None = None
        self._telling: set[asyncio.Task[None]] = set()

    async def rate(self, missing: Mapping[str, Queue]) -> Progress:
        """See `Engine.rate`."""
        totals = {name: len(queue) for name, queue in missing.items()}
        self._progress = Progress(total=sum(totals.values()), totals=totals)
        self._supply = Supply(missing)
        flusher = asyncio.create_task(self._guarded(self._job.sink.keep_flushing()))
        watchdog = asyncio.create_task(self._guarded(self._keep_watching()))
        try:
            with interruptible(self._stop):
                async with asyncio.TaskGroup() as group:
                    for seat in range(self._cluster.seats):
                        group.create_task(self._guarded(self._keep_seat(seat)))
            await self._guarded(self._look())
        finally:
            watchdog.cancel()
            self._job.sink.close()
            await flusher
        if self._error:
            raise self._error
        return self._progress

    async def _keep_seat(self, seat: int) -> None:
        fruitless = 0
        while not self._ending.is_set() and fruitless < FRUITLESS_DEATHS:
            name, held = f"hand-{next(self._names)}", Held()
            try:
                if hired := await self._unless_ending(self._hire(name, seat)):
                    self._hands[name], held.wants = hired
                    await self._serve(self._hands[name], held)
            except LostError:
                self._give_back(held)
                await self._cluster.gone(name)
                fruitless = 0 if held.brought else fruitless + 1
            finally:
                self._hands.pop(name, None)
        if fruitless >= FRUITLESS_DEATHS:
            raise RunError(
                f"{fruitless} workers of the cluster died one after the other without a single answer; its logs say "
                "why; what was answered is kept: run the same command again then"
            )

    async def _hire(self, name: str, seat: int) -> tuple[HandLine, Wants]:
        giving_up = asyncio.get_running_loop().call_later(HIRING_S, self._nobody_comes)
        try:
            return await self._cluster.hire(name, seat)
        finally:
            giving_up.cancel()

    def _nobody_comes(self) -> None:
        if not self._hands:
            self._fail(
                RunError(
                    f"the cluster had no room for a worker in {HIRING_S:.0f} s, and each takes one CPU: wait until one "
                    "is free, or add a node, and run the same command again"
                )
            )

    async def _serve(self, hand: HandLine, held: Held) -> None:
        """Feed a hand and keep what it brings, until it has nothing more to bring."""
        while True:
            cells = () if self._ending.is_set() else self._supply.draw(held)
            if not (held.cells or self._ending.is_set()):
                await self._supply.change()
                continue
            self._depart(cells)
            delivery = await hand.exchange(cells)
            held.wants = delivery.wants
            for rating in delivery.ratings:
                self._arrive(rating, held)
            if self._supply.is_done:
                self._end()
            if delivery.ended and held.cells and not self._ending.is_set():
                raise LostError("a worker stopped without having been told to")
            if delivery.ended:
                return

    def _depart(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self._progress.flights[id(cell)] = Flight(cell.rater, cell.task_id, monotonic())

    def _arrive(self, rating: Rating, held: Held) -> None:
        cell = held.release(rating.cell_hash)
        if cell is None:
            return
        del self._progress.flights[id(cell)]
        try:
            self._job.sink.take(rating)
            self._supply.close()
            self._progress.count(rating)
            self._job.observe(self._progress)
        except Exception as error:  # noqa: BLE001 - as in `_guarded`: what came with it is to be kept if it can be
            self._fail(error)

    def _give_back(self, held: Held) -> None:
        for cell in held.cells.values():
            del self._progress.flights[id(cell)]
        self._supply.put_back(held.cells.values())

    async def _unless_ending(self, hiring: Coroutine[Any, Any, T]) -> T | None:
        """What comes, unless the end comes first."""
        end, coming = asyncio.create_task(self._ending.wait()), asyncio.create_task(hiring)
        try:
            await asyncio.wait({end, coming}, return_when=asyncio.FIRST_COMPLETED)
            return None if self._ending.is_set() else await coming
        finally:
            end.cancel()
            coming.cancel()

    async def _keep_watching(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            await self._look()

    async def _look(self) -> None:
        """See how the office stands, and tell whoever watches."""
        standing = await self._cluster.standing()
        self._job.budget.follow(standing.spent_usd, standing.reserved_usd, is_spent=standing.is_spent)
        self._progress.refused = Counter(standing.refused)
        self._job.observe(self._progress)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - kept and raised by `rate`; here it would cancel what is in flight
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Remember the first error, to raise it when what is in flight has arrived; nothing more is sent."""
        self._error = self._error or error
        self._drain()

    def _stop(self) -> None:
        self._drain()
        self._job.observe(self._progress)

    def _drain(self) -> None:
        if not self._progress.stopping:
            self._tell(self._cluster.close())
        self._progress.stopping = True
        self._end()

    def _end(self) -> None:
        """Hands are fed no more; each gives out what it has in flight, and ends."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._supply.wake()
        for hand in self._hands.values():
            self._tell(hand.stop())

    def _tell(self, message: Coroutine[Any, Any, None]) -> None:
        """Send word without waiting; whoever is gone needs none."""

        async def tell() -> None:
            with suppress(LostError, RunError):
                await message

        task = asyncio.create_task(tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
