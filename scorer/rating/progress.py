"""How far a run is, for whoever watches."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from scorer.domain.rating import Cell, Rating, Status


class Flight(NamedTuple):
    """A request under way: who is asked about which task, and since when (seconds of a monotonic clock)."""

    rater: str
    task_id: str
    since: float


@dataclass
class Progress:
    """How far a run is. Costs in USD, times in seconds.

    Attributes:
        totals: Cells by rater.
        spent: of each rater, as far as costs are known.
        refused: 429s by rater.
        problems: the first of its kind, by rater and status: why an answer is not usable, or why there is none.
        flights: requests under way, the oldest first.
        in_flight: Cells in open batches, which any process may collect.
    """

    total: int
    totals: Mapping[str, int] = field(default_factory=dict)
    done: int = 0
    retried: int = 0
    cost_usd: float = 0.0
    statuses: Counter[tuple[str, Status]] = field(default_factory=Counter)
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    refused: Counter[str] = field(default_factory=Counter)
    problems: dict[tuple[str, Status], str] = field(default_factory=dict)
    flights: dict[int, Flight] = field(default_factory=dict)
    in_flight: int = 0
    stopping: bool = False
    started: float = field(default_factory=monotonic)

    def count(self, rating: Rating) -> None:
        """Count one finished Cell."""
        self.done += 1
        self.retried += rating.attempts - 1
        self.cost_usd += rating.cost_usd or 0.0
        self.spent[rating.rater] += rating.cost_usd or 0.0
        self.statuses[rating.rater, rating.status] += 1
        if rating.problem:
            self.problems.setdefault((rating.rater, rating.status), rating.problem)

    def done_by(self, rater: str) -> int:
        """Finished Cells of one rater."""
        return sum(count for (name, _), count in self.statuses.items() if name == rater)

    @contextmanager
    def flight(self, cell: Cell) -> Iterator[None]:
        """One request is under way as long as the block runs."""
        flight = Flight(cell.rater, cell.task_id, monotonic())
        self.flights[id(flight)] = flight
        try:
            yield
        finally:
            del self.flights[id(flight)]

    def oldest(self, longer_than_s: float = 0.0, most: int = 3) -> list[tuple[Flight, float]]:
        """The requests that have been under way the longest, with how long that is in seconds."""
        now = monotonic()
        aged = ((flight, now - flight.since) for flight in self.flights.values())
        return [one for one in aged if one[1] > longer_than_s][:most]
