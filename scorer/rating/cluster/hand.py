"""A hand: one worker of a cluster. It rates with the engine of one process, is fed from afar and keeps nothing.

Cells come in and Ratings go out in one exchange after the other; between two of them the engine works on. A hand has
no store, no journal and no list of what there is to do: when it dies, whoever fed it knows what it had not given back.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scorer.domain.money import PriceList
from scorer.domain.rating import Cell, Rater, Rating
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError
from scorer.providers import open_provider
from scorer.rating.budget import PaidProvider
from scorer.rating.cluster.leases import LeasedBudget, LeasedPacer, OfficeLine, Reports, Seat
from scorer.rating.cluster.supply import Wants
from scorer.rating.engine import WAITING_PER_WORKER, Desk, LocalEngine
from scorer.rating.progress import Progress
from scorer.rating.retry import Patience
from scorer.rating.worklist import Inbox
from scorer.version import VERSION

EXCHANGE_S = 0.5
"""An exchange lasts so long where nothing is ready to go out."""
GATHER_S = 0.02
"""How long the first Rating that is ready waits for others to go with."""


HELD_PER_REQUEST, HELD_AT_LEAST = 4, 32
"""Cells that a hand wants to hold for each request that it may have in flight, so that it never waits for more."""


class Orders(NamedTuple):
    """What a hand is told of a run: nothing secret; it reads the keys from its own environment.

    Attributes:
        run_id, raters, rubrics, prices: see `Job`.
        seats: how many hands share what may be in flight.
        version: of the scorer that gives them.
        patience: see `LocalEngine`.
    """

    run_id: str
    raters: Mapping[str, Rater]
    rubrics: Mapping[str, Rubric]
    prices: Mapping[str, PriceList]
    seats: int
    version: str = VERSION
    patience: Patience | None = None


class Delivery(NamedTuple):
    """What an exchange brings.

    Attributes:
        ratings: those that are ready.
        wants: see `Wants`.
        ended: no other will ever come.
    """

    ratings: Sequence[Rating]
    wants: Wants
    ended: bool


class Hand:
    """Rates what it is given. Belongs to one event loop.

    Args:
        name: under which the office knows it; never used again after its death.
        seat: which one it has.
        orders: of the run.
        office: the way to it.
    """

    def __init__(self, name: str, seat: int, orders: Orders, office: OfficeLine) -> None:
        self._name, self._seat, self._orders, self._office = name, seat, orders, office
        self._outbox = Outbox()
        self._inboxes: dict[str, Inbox] = {}
        self._pacers: dict[str, LeasedPacer] = {}

    async def begin(self) -> Wants:
        """Open what is needed, and be ready for Cells.

        Raises:
            ConfigurationError: a rater cannot be asked from here: no key in this environment, for one.
        """
        if self._orders.version != VERSION:
            raise ConfigurationError(
                f"the cluster has version {VERSION} of the scorer, this is {self._orders.version}: install the same on "
                "all nodes"
            )
        reports = Reports(self._office, self._name)
        budget = LeasedBudget(self._office, self._name, reports)
        desks = {name: self._desk(rater, reports, budget) for name, rater in self._orders.raters.items()}
        self._inboxes = {name: Inbox(WAITING_PER_WORKER * self._share(name)) for name in desks}

        def observe(progress: Progress) -> None:
            if progress.stopping:
                budget.close()

        self._engine = LocalEngine(
            self._orders.run_id,
            desks=desks,
            rubrics=self._orders.rubrics,
            sink=self._outbox,
            observe=observe,
            patience=self._orders.patience,
            heeds_signals=False,
        )
        self._work = asyncio.create_task(self._rate(desks.values(), reports))
        return self._wants()

    async def exchange(self, cells: Sequence[Cell]) -> Delivery:
        """Take Cells, give what is ready, which is nothing after a while in which nothing was.

        Raises:
            ScorerError: the engine has stopped; all that it brought was given out before.
        """
        for cell in cells:
            self._inboxes[cell.rater].deliver([cell])
        await self._outbox.filled(self._work)
        ratings = self._outbox.take_out()
        if self._work.done() and not ratings:
            self._work.result()
        return Delivery(ratings, self._wants(), ended=self._work.done() and not ratings)

    async def stop(self) -> None:
        """Ask no more; what is in flight is still given out."""
        self._engine.stop()

    def _share(self, rater: str) -> int:
        return self._pacers[rater].at_once(self._orders.raters[rater].limits)

    def _wants(self) -> Wants:
        shares = {name: self._share(name) for name in self._inboxes}
        return {name: share and max(HELD_PER_REQUEST * share, HELD_AT_LEAST) for name, share in shares.items()}

    def _desk(self, rater: Rater, reports: Reports, budget: LeasedBudget) -> Desk:
        pacer = LeasedPacer(self._office, self._name, reports, rater, Seat(self._seat, self._orders.seats))
        self._pacers[rater.name] = pacer
        desk = Desk(rater, open_provider(rater), self._orders.prices[rater.name], pacer)
        return desk._replace(provider=PaidProvider(desk.provider, budget, desk.cost_usd))

    async def _rate(self, desks: Iterable[Desk], reports: Reports) -> None:
        try:
            await self._engine.rate(self._inboxes)
        finally:
            await reports.tell()
            for desk in desks:
                await desk.provider.aclose()


class Outbox:
    """Where Ratings wait to be fetched. See `Keeps`."""

    def __init__(self) -> None:
        self._ratings: list[Rating] = []
        self._arrived, self._closed = asyncio.Event(), asyncio.Event()

    def take(self, rating: Rating) -> None:
        """Keep it until it is fetched."""
        self._ratings.append(rating)
        self._arrived.set()

    async def keep_flushing(self) -> None:
        """Nothing is to be flushed."""
        await self._closed.wait()

    def close(self) -> None:
        """Nothing more comes."""
        self._closed.set()

    async def filled(self, work: "asyncio.Task[None]") -> None:
        """Wait until there is something and a moment more, until the work has ended, or for a while."""
        arrived = asyncio.ensure_future(self._arrived.wait())
        await asyncio.wait({arrived, work}, timeout=EXCHANGE_S, return_when=asyncio.FIRST_COMPLETED)
        if arrived.done():
            await asyncio.wait({work}, timeout=GATHER_S)
        arrived.cancel()

    def take_out(self) -> list[Rating]:
        """What is there."""
        ratings, self._ratings = self._ratings, []
        self._arrived.clear()
        return ratings
