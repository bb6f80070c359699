"""The office of a run on several machines: one pace for each endpoint and one budget for the run, whoever asks.

A worker takes leases: a block of requests that may go now, and the money that is set aside for them. The permits of an
endpoint are dealt one by one, in turn, to all who ask at the same time, so that its limit is shared evenly; a block is
handed over as soon as it is full or a moment old. What a worker holds when it dies counts as used and as spent: it may
have been sent.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import count
from typing import NamedTuple

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Rater
from scorer.errors import PermanentError
from scorer.rating.budget import Budget, Kind
from scorer.rating.pacer import Pacer, Permit

DEAL_S = 0.05
"""How old the first permit of a block may get while the block is filled."""
MONEY_SHARE = 8
"""A lease takes at most this part of what is left, so that no worker sits on money that another needs."""


class Fate(StrEnum):
    """What became of a permit."""

    ANSWERED = "answered"
    FAILED = "failed"
    REFUSED = "refused"
    UNUSED = "unused"


class Outcome(NamedTuple):
    """What became of a permit, by its number.

    Attributes:
        used: tokens; None: as many as were set aside.
        said: what the endpoint said of its limits.
        wait_s: how long a refusal asks us to wait, in seconds.
    """

    permit: int
    fate: Fate
    used: float | None = None
    said: Allowance | None = None
    wait_s: float | None = None


class Settlement(NamedTuple):
    """What a request did cost in USD instead of what was set aside for it; None: as much as that."""

    kind: Kind
    reserved_usd: float
    cost_usd: float | None


class Permits(NamedTuple):
    """Numbers of requests that may go, none where none will ever go again; `rpm` of the endpoint as far as known."""

    numbers: tuple[int, ...]
    rpm: float | None


class Money(NamedTuple):
    """USD set aside for one request each; none where the run stops or the budget is spent: `problem` says that."""

    amounts: tuple[float, ...]
    problem: str | None


class Standing(NamedTuple):
    """The money of the run in USD, and 429s by rater."""

    spent_usd: float
    reserved_usd: float
    is_spent: bool
    refused: Mapping[str, int]


class Office:
    """Grants what workers ask for. Belongs to one event loop.

    Args:
        raters: who is asked. Those that share an address, a key's name and stated limits share a pace.
        limit_usd, cell_usd: see `Budget`.
    """

    def __init__(
        self,
        raters: Iterable[Rater],
        limit_usd: float | None = None,
        cell_usd: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self._budget = Budget(limit_usd, cell_usd)
        dealers: dict[object, Dealer] = {}
        self._dealers = {one.name: dealers.setdefault(_endpoint(one), Dealer(Pacer(one.limits))) for one in raters}
        self._numbers = count(1)
        self._permits: defaultdict[str, dict[int, tuple[str, Permit]]] = defaultdict(dict)
        self._money: defaultdict[str, Counter[tuple[Kind, float]]] = defaultdict(Counter)
        self._refused: Counter[str] = Counter()
        self._gone: set[str] = set()

    async def permits(self, worker: str, rater: str, tokens: float, most: int) -> Permits:
        """Requests of about so many tokens that may go now: at least one, as soon as there is one; `most` at most.

        Raises:
            PermanentError: one request is more than the endpoint's limit.
        """
        dealer = self._dealers[rater]
        dealt = await dealer.deal(tokens, most)
        numbered = {next(self._numbers): permit for permit in dealt}
        self._permits[worker] |= {number: (rater, permit) for number, permit in numbered.items()}
        if worker in self._gone:
            self.gone(worker)
        return Permits(tuple(numbered), dealer.pacer.rpm)

    async def money(self, worker: str, kind: Kind, most: int) -> Money:
        """Money for requests of a kind: for at least one, as soon as there is that much; for `most` at most."""
        amounts: list[float] = []
        ahead = min(most, self._budget.fitting(kind) // MONEY_SHARE)
        while len(amounts) < max(ahead, 1) and (usd := await self._budget.reserve(kind)) is not None:
            amounts.append(usd)
            self._money[worker][kind, usd] += 1
        if worker in self._gone:
            self.gone(worker)
        return Money(tuple(amounts), self._budget.problem)

    async def report(self, worker: str, outcomes: Sequence[Outcome], settlements: Sequence[Settlement]) -> None:
        """Take note of what became of permits and of money; what is said of a worker that is gone comes too late."""
        if worker in self._gone:
            return
        for outcome in outcomes:
            rater, permit = self._permits[worker].pop(outcome.permit)
            self._settle(rater, permit, outcome)
        for kind, reserved_usd, cost_usd in settlements:
            self._money[worker][kind, reserved_usd] -= 1
            self._budget.settle(kind, reserved_usd, cost_usd)

    def gone(self, worker: str) -> None:
        """A worker is dead: nothing of what it held comes back, but it holds up nobody either."""
        self._gone.add(worker)
        for rater, permit in self._permits.pop(worker, {}).values():
            self._dealers[rater].pacer.answered(permit, None, None)
        for (kind, usd), times in self._money.pop(worker, Counter()).items():
            for _ in range(times):
                self._budget.settle(kind, usd, None)

    def close(self) -> None:
        """Nothing is granted any more; who waits is told so."""
        self._budget.close()
        for dealer in self._dealers.values():
            dealer.pacer.close()

    def standing(self) -> Standing:
        """How it stands."""
        budget = self._budget
        return Standing(budget.spent_usd, budget.reserved_usd, budget.is_spent, dict(self._refused))

    def _settle(self, rater: str, permit: Permit, outcome: Outcome) -> None:
        pacer = self._dealers[rater].pacer
        match outcome.fate:
            case Fate.ANSWERED:
                pacer.answered(permit, outcome.used, outcome.said)
            case Fate.REFUSED:
                self._refused[rater] += 1
                pacer.refused(permit, outcome.wait_s)
            case Fate.FAILED:
                pacer.failed(permit)
            case Fate.UNUSED:
                pacer.unused(permit)


class _Asker:
    """A worker in the line: what it wants, and what it has got."""

    def __init__(self, tokens: float, most: int) -> None:
        self.tokens, self._most, self.permits = tokens, most, list[Permit]()
        self._served: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_served(self) -> bool:
        return self._served.done()

    def give(self, permit: Permit) -> None:
        self.permits.append(permit)
        if len(self.permits) >= self._most:
            self.serve()
        elif len(self.permits) == 1:
            asyncio.get_running_loop().call_later(DEAL_S, self.serve)

    def serve(self, error: Exception | None = None) -> None:
        """It waits no longer: it has its block, or there is none."""
        if self.is_served:
            return
        if error:
            self._served.set_exception(error)
        else:
            self._served.set_result(None)

    async def block(self) -> Sequence[Permit]:
        await self._served
        return self.permits


class Dealer:
    """Deals the permits of one endpoint to those who stand in line: one each, in turn.

    Args:
        pacer: says when the next one may go.
    """

    def __init__(self, pacer: Pacer) -> None:
        self.pacer = pacer
        self._line: deque[_Asker] = deque()
        self._dealing: asyncio.Task[None] | None = None

    async def deal(self, tokens: float, most: int) -> Sequence[Permit]:
        """A block of permits; an empty one where the pacer was closed.

        Raises:
            PermanentError: see `Pacer.turn`.
        """
        asker = _Asker(tokens, most)
        self._line.append(asker)
        if self._dealing is None or self._dealing.done():
            self._dealing = asyncio.create_task(self._deal())
        return await asker.block()

    async def _deal(self) -> None:
        while first := self._first():
            try:
                permit = await self.pacer.turn(first.tokens)
            except PermanentError as error:
                first.serve(error)
                continue
            if permit is None:
                first.serve()
            elif asker := self._first():
                asker.give(permit)
                self._line.rotate(-1)
            else:
                self.pacer.unused(permit)

    def _first(self) -> _Asker | None:
        """Who is next in line; those who were served leave it."""
        while self._line and self._line[0].is_served:
            self._line.popleft()
        return self._line[0] if self._line else None


def _endpoint(rater: Rater) -> object:
    """What raters that share a pace have in common. The key itself stays where requests are made."""
    return rater.base_url, rater.api_key_env, rater.limits.rpm, rater.limits.tpm
