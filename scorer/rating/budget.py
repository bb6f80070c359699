"""The money of a run: nothing is sent that could take it beyond its limit.

Before each request what it may cost is set aside; after it, what it did cost is counted instead. What may cost money
and nobody knows how much (a time-out, a server's error, a body that cannot be read, an answer without token counts)
counts as all that was set aside. So spent and reserved together never pass the limit, unless one request costs more
than was thought of: then every later one of its kind is thought of as that dear.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from scorer.domain.rating import Cell, Json, Reply
from scorer.errors import BudgetError, PermanentError, RateLimitedError, TransientError
from scorer.providers import Provider


class Kind(NamedTuple):
    """What the price of a request depends on: who is asked, and under which rubric (its id)."""

    rater: str
    rubric: str


class Purse(Protocol):
    """Whoever grants money: a Budget, or what stands for one elsewhere. See `Budget` for each."""

    async def reserve(self, cell: Cell) -> float | None:
        """Set aside what asking about a Cell may cost."""
        ...

    def settle(self, cell: Cell, reserved_usd: float, cost_usd: float | None) -> None:
        """Count what it did cost."""
        ...

    @property
    def problem(self) -> str | None:
        """What to do where the budget is spent."""
        ...


class Budget:
    """What a run may spend, and has spent; in USD.

    Args:
        limit_usd: at most; None: no limit.
        cell_usd: what asking about one Cell may cost, by rater and rubric; where it is missing the price is not
            known, and nothing is set aside.
    """

    def __init__(self, limit_usd: float | None = None, cell_usd: Mapping[tuple[str, str], float] | None = None) -> None:
        self.limit_usd, self.cell_usd = limit_usd, dict(cell_usd or {})
        self.spent_usd = self.reserved_usd = 0.0
        self.is_spent = False
        self._in_flight, self._closed = 0, False
        self._settled = asyncio.Event()

    def recall(self, spent_usd: float, reserved_usd: float, cells: int) -> None:
        """Take over what another process spent, and set aside for so many Cells that are still in flight."""
        self.spent_usd, self.reserved_usd, self._in_flight = spent_usd, reserved_usd, cells

    def reserve_now(self, cell: Cell, usd: float | None = None) -> float | None:
        """Set aside what asking about a Cell may cost (`usd`, where known), without waiting for what is in flight.

        Returns:
            How much; None where it does not fit beside what is spent and set aside.
        """
        if usd is None:
            usd = self.cell_usd.get((cell.rater, cell.rubric), 0.0)
        if self._closed or not self._bears(usd):
            self.is_spent = not self._closed
            return None
        self.reserved_usd += usd
        self._in_flight += 1
        return usd

    async def reserve(self, cell: Cell | Kind) -> float | None:
        """Set aside what asking about a Cell may cost, as soon as that is free.

        Returns:
            How much, to be handed to `settle`; None where the budget is spent, or was closed meanwhile.
        """
        while not self._closed:
            usd = self.cell_usd.get((cell.rater, cell.rubric), 0.0)
            if self._bears(usd):
                self.reserved_usd += usd
                self._in_flight += 1
                return usd
            if not self._in_flight:
                self.is_spent = True
                return None
            await self._settled.wait()
        return None

    def settle(self, cell: Cell | Kind, reserved_usd: float, cost_usd: float | None) -> None:
        """Count what a request did cost instead of what was set aside for it; None: as much as that."""
        cost = reserved_usd if cost_usd is None else cost_usd
        self.spent_usd += cost
        self.reserved_usd -= reserved_usd
        self._in_flight -= 1
        key = cell.rater, cell.rubric
        if cost > self.cell_usd.get(key, cost):
            self.cell_usd[key] = cost
        self._wake()

    def fitting(self, kind: Kind) -> int:
        """How many requests of a kind could be set aside now."""
        usd = self.cell_usd.get(kind, 0.0)
        if self.limit_usd is None or not usd:
            return sys.maxsize
        return max(int((self.limit_usd - self.spent_usd - self.reserved_usd) / usd), 0)

    def follow(self, spent_usd: float, reserved_usd: float, *, is_spent: bool) -> None:
        """Show how it stands where the money is kept elsewhere."""
        self.spent_usd, self.reserved_usd, self.is_spent = spent_usd, reserved_usd, is_spent

    @property
    def problem(self) -> str | None:
        """What to do where the budget is spent; None while it is not."""
        if not self.is_spent:
            return None
        aside = f" and {self.reserved_usd:,.4f} USD set aside" if self.reserved_usd else ""
        return (
            f"the budget of {self.limit_usd:,.2f} USD is spent: {self.spent_usd:,.4f} USD{aside}, and the next request "
            "could pass it; raise --budget-usd, or `usd` in [budget] of scorer.toml, and run again to go on"
        )

    def close(self) -> None:
        """Nothing more is set aside; who waits is told so."""
        self._closed = True
        self._wake()

    def _bears(self, usd: float) -> bool:
        return self.limit_usd is None or self.spent_usd + self.reserved_usd + usd <= self.limit_usd

    def _wake(self) -> None:
        waiting, self._settled = self._settled, asyncio.Event()
        waiting.set()


class PaidProvider:
    """A Provider that asks only what the budget still bears: the one place through which every attempt goes.

    Args:
        provider: who is asked.
        budget: of the run, or what stands for it.
        cost_usd: what a reply cost; None where that is not known.
    """

    def __init__(self, provider: Provider, budget: Purse, cost_usd: Callable[[Reply], float | None]) -> None:
        self._provider, self._budget, self._cost_usd = provider, budget, cost_usd

    async def ask(self, cell: Cell) -> Reply:
        """Ask once. See `Provider.ask`.

        Raises:
            BudgetError: the budget is spent; nothing was sent.
        """
        reserved = await self._budget.reserve(cell)
        if reserved is None:
            raise self._nothing_left()
        cost: float | None = None
        try:
            reply = await self._provider.ask(cell)
            cost = self._cost_usd(reply)
        except (RateLimitedError, PermanentError):
            cost = 0.0  # refused before anything was done
            raise
        finally:
            self._budget.settle(cell, reserved, cost)
        return reply

    async def about(self) -> Json:
        """See `Provider.about`."""
        return await self._provider.about()

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._provider.aclose()

    def _nothing_left(self) -> Exception:
        if self._budget.problem:
            return BudgetError(self._budget.problem)
        return TransientError("the run was stopped before this could be asked")
