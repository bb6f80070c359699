"""A worker's side of the office: permits and money taken in blocks, ahead of need by a moment and no more.

To the engine they are a pacer and a budget like those of one process. What is not used soon goes back.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Generic, NamedTuple, Protocol, TypeVar

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Cell, Limits, Rater
from scorer.errors import RunError
from scorer.rating.budget import Kind
from scorer.rating.cluster.office import Fate, Money, Outcome, Permits, Settlement
from scorer.rating.pacer import Permit, at_once

T = TypeVar("T")

AHEAD_S = 0.1
"""A block should last about so long."""
STALE_S = 0.5
"""After so long what is left of a block goes back."""
REPORT_S = 0.05
MOST_MONEY = 64
"""Requests that one lease of money is for at most."""


class Seat(NamedTuple):
    """The place of a worker among all: `number` from 0, of so many `seats`."""

    number: int
    seats: int

    def share(self, total: int) -> int:
        """This seat's part of what is for all, so that the parts of all seats add up to it."""
        return total // self.seats + (self.number < total % self.seats)


class OfficeLine(Protocol):
    """The way to the office, wherever it is. See `Office`."""

    async def permits(self, worker: str, rater: str, tokens: float, most: int) -> Permits:
        """See `Office.permits`."""
        ...

    async def money(self, worker: str, kind: Kind, most: int) -> Money:
        """See `Office.money`."""
        ...

    async def report(self, worker: str, outcomes: Sequence[Outcome], settlements: Sequence[Settlement]) -> None:
        """See `Office.report`."""
        ...


class Stock(Generic[T]):
    """What is fetched in blocks and taken one by one. Blocks grow while they last too short a time, and shrink again.

    Args:
        fetch: brings a block of at most so many; an empty one where nothing will come any more.
        give_back: takes what was not used.
        most: units of a block at most.
    """

    def __init__(
        self, fetch: Callable[[int], Awaitable[Sequence[T]]], give_back: Callable[[Sequence[T]], None], most: int
    ) -> None:
        self._fetch, self._give_back, self.most = fetch, give_back, most
        self._units: deque[T] = deque()
        self._wanted, self._size, self._fetched_at = 0, 1, float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._error: Exception | None = None
        self._closed = False

    async def take(self) -> T | None:
        """The next unit; None where there is none any more.

        Raises:
            Exception: whatever `fetch` raised.
        """
        self._wanted += 1
        try:
            while not (self._closed or self._error):
                if self._units:
                    return self._units.popleft()
                self._fetching = self._fetching or asyncio.create_task(self._restock())
                await self._changed.wait()
        finally:
            self._wanted -= 1
        if self._error:
            raise self._error
        return None

    def close(self) -> None:
        """Nothing is taken any more."""
        self._closed = True
        self.put_back()
        self._wake()

    def put_back(self) -> None:
        """Give back what is left."""
        left, self._units = list(self._units), deque()
        if left:
            self._give_back(left)

    async def _restock(self) -> None:
        try:
            block = await self._fetch(self._block())
        except Exception as error:  # noqa: BLE001 - whoever takes raises it
            self._error = error
        else:
            self._closed = self._closed or not block
            self._units.extend(block)
            self._fetched_at = monotonic()
            asyncio.get_running_loop().call_later(STALE_S, self._put_back_stale, self._fetched_at)
            if self._closed:
                self.put_back()
        self._fetching = None
        self._wake()

    def _block(self) -> int:
        lasted_s = monotonic() - self._fetched_at
        if lasted_s < AHEAD_S:
            self._size = min(2 * self._size, self.most)
        elif lasted_s > STALE_S:
            self._size = max(self._size // 2, 1)
        return min(max(self._wanted, self._size), self.most)

    def _put_back_stale(self, fetched_at: float) -> None:
        if fetched_at == self._fetched_at:
            self.put_back()

    def _wake(self) -> None:
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()


class Reports:
    """What a worker has to tell the office, told a few times a second.

    Args:
        office: where to.
        worker: of whom.
    """

    def __init__(self, office: OfficeLine, worker: str) -> None:
        self._office, self._worker = office, worker
        self._outcomes: list[Outcome] = []
        self._settlements: list[Settlement] = []
        self._telling: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    def outcome(self, outcome: Outcome) -> None:
        """Tell of a permit."""
        self._outcomes.append(outcome)
        self._soon()

    def settlement(self, settlement: Settlement) -> None:
        """Tell of money."""
        self._settlements.append(settlement)
        self._soon()

    async def tell(self) -> None:
        """Tell now; when this ends, all that was to be told is known."""
        async with self._turn:
            outcomes, self._outcomes = self._outcomes, []
            settlements, self._settlements = self._settlements, []
            if outcomes or settlements:
                await self._office.report(self._worker, outcomes, settlements)

    def _soon(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())

    async def _tell_soon(self) -> None:
        await asyncio.sleep(REPORT_S)
        with suppress(RunError):  # without an office there is nobody to tell, and the run ends
            await self.tell()


class LeasedPacer:
    """A pacer whose turns come from the office. See `Pacer`.

    Args:
        office, worker, reports: see `Reports`.
        rater: whose requests.
        seat: of the worker: requests in flight are shared by all.
    """

    def __init__(self, office: OfficeLine, worker: str, reports: Reports, rater: Rater, seat: Seat) -> None:
        self._office, self._worker, self._reports, self._rater = office, worker, reports, rater
        self._seat, self._rpm, self._tokens = seat, float(rater.limits.rpm or 0) or None, 0.0
        self._stock: Stock[int] = Stock(self._fetch, self._unused, self.at_once(rater.limits))

    async def turn(self, tokens: float) -> Permit | None:
        """See `Pacer.turn`."""
        self._tokens = tokens
        number = await self._stock.take()
        return None if number is None else Permit(monotonic(), tokens, number=number)

    def answered(self, permit: Permit, used: float | None, said: Allowance | None) -> None:
        """See `Pacer.answered`."""
        self._reports.outcome(Outcome(permit.number, Fate.ANSWERED, used, said))

    def failed(self, permit: Permit) -> None:
        """See `Pacer.failed`."""
        self._reports.outcome(Outcome(permit.number, Fate.FAILED))

    def refused(self, permit: Permit, wait_s: float | None) -> None:
        """See `Pacer.refused`. What is in stock was granted before the refusal, and goes back."""
        self._reports.outcome(Outcome(permit.number, Fate.REFUSED, wait_s=wait_s))
        self._stock.put_back()

    def close(self) -> None:
        """See `Pacer.close`."""
        self._stock.close()

    def at_once(self, limits: Limits) -> int:
        """This worker's share of the requests in flight."""
        return self._seat.share(at_once(limits, self._rpm))

    async def _fetch(self, most: int) -> Sequence[int]:
        numbers, self._rpm = await self._office.permits(self._worker, self._rater.name, self._tokens, most)
        self._stock.most = self.at_once(self._rater.limits)
        return numbers

    def _unused(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._reports.outcome(Outcome(number, Fate.UNUSED))


class LeasedBudget:
    """A budget whose money comes from the office. See `Budget`.

    Args:
        office, worker, reports: see `Reports`.
    """

    def __init__(self, office: OfficeLine, worker: str, reports: Reports) -> None:
        self._office, self._worker, self._reports = office, worker, reports
        self._stocks: dict[Kind, Stock[float]] = {}
        self.problem: str | None = None

    async def reserve(self, cell: Cell) -> float | None:
        """See `Budget.reserve`."""
        kind = Kind(cell.rater, cell.rubric)
        if kind not in self._stocks:
            self._stocks[kind] = Stock(partial(self._fetch, kind), partial(self._unused, kind), MOST_MONEY)
        return await self._stocks[kind].take()

    def settle(self, cell: Cell, reserved_usd: float, cost_usd: float | None) -> None:
        """See `Budget.settle`."""
        self._reports.settlement(Settlement(Kind(cell.rater, cell.rubric), reserved_usd, cost_usd))

    def close(self) -> None:
        """See `Budget.close`."""
        for stock in self._stocks.values():
            stock.close()

    async def _fetch(self, kind: Kind, most: int) -> Sequence[float]:
        money = await self._office.money(self._worker, kind, most)
        self.problem = self.problem or money.problem
        return money.amounts

    def _unused(self, kind: Kind, amounts: Sequence[float]) -> None:
        for usd in amounts:
            self._reports.settlement(Settlement(kind, usd, 0.0))
