"""What one rater has still to do: new Cells, and those that are asked again, as soon as their time has come.

A Cell that waits for its next attempt keeps nobody: others are asked meanwhile. Only so many wait at once that an
endpoint which fails at everything does not draw the whole plan into memory.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from time import monotonic

from scorer.domain.rating import Cell


@dataclass
class Trial:
    """A Cell on its way to its Rating.

    Attributes:
        attempts: requests made so far.
        began: when the first one was, in seconds of a monotonic clock.
    """

    cell: Cell
    attempts: int = 0
    began: float = 0.0

    def depart(self) -> None:
        """Another request is made."""
        if not self.attempts:
            self.began = monotonic()
        self.attempts += 1


class Worklist:
    """Draws from a queue of Cells; those put back come first once they are due.

    Args:
        cells: each drawn once.
        most_waiting: while so many wait for their next attempt, no new Cell is drawn.
    """

    def __init__(self, cells: Iterable[Cell], most_waiting: int) -> None:
        self._new, self._most_waiting = iter(cells), most_waiting
        self._waiting: list[tuple[float, int, Trial]] = []
        self._number, self._open = count(), 0
        self._changed = asyncio.Event()
        self._stopped = False

    async def draw(self) -> Trial | None:
        """The next Cell to ask about; None when all have their Rating, or the list was stopped."""
        while not self._stopped:
            now = monotonic()
            if self._waiting and self._waiting[0][0] <= now:
                return heappop(self._waiting)[2]
            if len(self._waiting) < self._most_waiting and (cell := self._next_new()):
                self._open += 1
                return Trial(cell)
            if not (self._open or self._more_may_come):
                return None
            await self._change(self._waiting[0][0] - now if self._waiting else None)
        return None

    def put_back(self, trial: Trial, wait_s: float) -> None:
        """Ask about it again, in so many seconds."""
        heappush(self._waiting, (monotonic() + wait_s, next(self._number), trial))
        self._wake()

    def close(self, _trial: Trial) -> None:
        """It has its Rating."""
        self._open -= 1
        if not self._open:
            self._wake()

    def stop(self) -> None:
        """Nothing is drawn any more."""
        self._stopped = True
        self._wake()

    @property
    def _more_may_come(self) -> bool:
        """Whether new Cells may come when there are none."""
        return False

    def _next_new(self) -> Cell | None:
        return next(self._new, None)

    async def _change(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), seconds)

    def _wake(self) -> None:
        """Whoever waits looks again; who comes later waits anew."""
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()


class Inbox(Worklist):
    """A worklist that is filled from outside while it is worked on, and ends when it is stopped.

    Args:
        most_waiting: see `Worklist`.
    """

    def __init__(self, most_waiting: int) -> None:
        super().__init__((), most_waiting)
        self._delivered: deque[Cell] = deque()

    def deliver(self, cells: Iterable[Cell]) -> None:
        """More to do."""
        self._delivered.extend(cells)
        self._wake()

    @property
    def _more_may_come(self) -> bool:
        return True

    def _next_new(self) -> Cell | None:
        return self._delivered.popleft() if self._delivered else None
