"""The money of a run: nothing is sent that could take it beyond its limit.

Before each request what it may cost is set aside; after it, what it did cost is counted instead. What may cost money
and nobody knows how much (a time-out, a body that cannot be read, an answer without token counts) counts as all that
was set aside. So spent and reserved together never pass the limit, unless one request costs more than was thought of:
then every later one of its kind is thought of as that dear.
"""

import asyncio
from collections.abc import Mapping

from scorer.domain.rating import Cell


class Budget:
    """What a run may spend, and has spent; in USD.

    Args:
        limit_usd: at most; None: no limit.
        cell_usd: what asking about one Cell may cost, by rater and rubric; where it is missing the price is not
            known, and nothing is set aside.
    """

    def __init__(self, limit_usd: float | None = None, cell_usd: Mapping[tuple[str, str], float] | None = None) -> None:
        self.limit_usd, self._cell_usd = limit_usd, dict(cell_usd or {})
        self.spent_usd = self.reserved_usd = 0.0
        self.is_spent = False
        self._in_flight, self._closed = 0, False
        self._settled = asyncio.Event()

    async def reserve(self, cell: Cell) -> float | None:
        """Set aside what asking about a Cell may cost, as soon as that is free.

        Returns:
            How much, to be handed to `settle`; None where the budget is spent, or was closed meanwhile.
        """
        while not self._closed:
            usd = self._cell_usd.get((cell.rater, cell.rubric), 0.0)
            if self.limit_usd is None or self.spent_usd + self.reserved_usd + usd <= self.limit_usd:
                self.reserved_usd += usd
                self._in_flight += 1
                return usd
            if not self._in_flight:
                self.is_spent = True
                return None
            await self._settled.wait()
        return None

    def settle(self, cell: Cell, reserved_usd: float, cost_usd: float | None) -> None:
        """Count what a request did cost instead of what was set aside for it; None: as much as that."""
        cost = reserved_usd if cost_usd is None else cost_usd
        self.spent_usd += cost
        self.reserved_usd -= reserved_usd
        self._in_flight -= 1
        key = cell.rater, cell.rubric
        if cost > self._cell_usd.get(key, cost):
            self._cell_usd[key] = cost
        self._wake()

    def close(self) -> None:
        """Nothing more is set aside; who waits is told so."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        waiting, self._settled = self._settled, asyncio.Event()
        waiting.set()
