"""The pace of an endpoint: requests and tokens a minute, kept so evenly that the endpoint has nothing to refuse.

The limits are those of scorer.toml; where it states none, the first request goes alone and the endpoint's answer may
tell them; where that does not either, 429s are the only sign: the share of requests they refuse cuts the pace, and time
raises it again (see `scorer.rating.pace`). A server's error is no such sign.
"""

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil
from time import monotonic
from typing import NamedTuple, Protocol

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Limits
from scorer.errors import PermanentError
from scorer.rating.pace import Flow, Pace

LONGEST_SLEEP_S = 0.1
"""A turn is looked at again after this long at most, since what others give back, or a stop, may change it."""
EXPECTED_LATENCY_S, MOST_AT_ONCE = 5.0, 256

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


class Permit(NamedTuple):
    """One request that may go.

    Attributes:
        at: when that was, in seconds of the pacer's clock.
        tokens: set aside for it.
        is_probe: whether all others wait for it.
        number: under which the office knows it, where it is leased.
    """

    at: float
    tokens: float
    is_probe: bool = False
    number: int = 0


class Turns(Protocol):
    """Whoever says when a request may go: a Pacer, or what stands for one elsewhere. See `Pacer` for each."""

    async def turn(self, tokens: float) -> Permit | None:
        """Wait until a request may go."""
        ...

    def answered(self, permit: Permit, used: float | None, said: Allowance | None) -> None:
        """It was answered."""
        ...

    def failed(self, permit: Permit) -> None:
        """It brought nothing."""
        ...

    def refused(self, permit: Permit, wait_s: float | None) -> None:
        """It was refused."""
        ...

    def close(self) -> None:
        """Nobody goes any more."""
        ...

    def at_once(self, limits: Limits) -> int:
        """Requests in flight of a rater."""
        ...


class Pacer:
    """Paces all requests to one endpoint under one key, whichever rater sends them: first come, first served.

    Args:
        limits: as stated; what is not stated may be learned.
        learns: whether the first request goes alone when neither limit is stated.
        clock, sleep: seconds; other ones in tests.
    """

    def __init__(
        self, limits: Limits, *, learns: bool = True, clock: Clock = monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._requests = Flow(limits.rpm) if limits.rpm else None
        self._tokens = Flow(limits.tpm) if limits.tpm else None
        self.rpm: float | None = limits.rpm
        self.tpm: float | None = limits.tpm
        self._pace = Pace()
        self._paused_until = float("-inf")
        self._knows = not learns or bool(limits.rpm or limits.tpm)
        self._probing, self._turnstile = asyncio.Lock(), asyncio.Lock()
        self._closed = False

    async def turn(self, tokens: float) -> Permit | None:
        """Wait until a request may go.

        Args:
            tokens: what it will use, as well as that is known.

        Returns:
            The permit, to be handed to `answered`, `refused` or `failed`; None where the pacer was closed.

        Raises:
            PermanentError: one request is more than the limit of a minute: it could never go.
        """
        if self.tpm and tokens > self.tpm:
            raise PermanentError(
                f"one request takes about {tokens:,.0f} tokens, more than the {self.tpm:,.0f} a minute of this "
                "endpoint: raise `limits.tpm` of the rater where the endpoint allows it, or use another rater"
            )
        if not self._knows and (probe := await self._probe(tokens)):
            return probe
        async with self._turnstile:
            if not await self._free():
                return None
            return self._grant(tokens)

    def answered(self, permit: Permit, used: float | None, said: Allowance | None) -> None:
        """A request was answered: settle its tokens, and learn what the endpoint says of its limits."""
        self._settle(permit, 0.0 if used is None else permit.tokens - used)
        if said:
            self._learn(said)
        self._knows = True
        self._end_probe(permit)

    def failed(self, permit: Permit) -> None:
        """A request brought nothing: its tokens are given back. The pace stays."""
        self._settle(permit, permit.tokens)
        self._end_probe(permit)

    def refused(self, permit: Permit, wait_s: float | None) -> None:
        """A 429: nobody goes before the endpoint said so, and then at the pace that the share refused leaves."""
        now = self._clock()
        self._pace.refused(permit.at, now)
        self._paused_until = max(self._paused_until, now + (wait_s or 0.0))
        self.failed(permit)

    def unused(self, permit: Permit) -> None:
        """No request went after all: its place in the limit is given back with its tokens."""
        if self._requests:
            self._requests.give_back(1.0)
        self.failed(permit)

    def close(self) -> None:
        """Nobody goes any more; who waits is told so within `LONGEST_SLEEP_S`."""
        self._closed = True

    def at_once(self, limits: Limits) -> int:
        """Requests in flight of a rater, by what is known of the limit."""
        return at_once(limits, self.rpm)

    async def _probe(self, tokens: float) -> Permit | None:
        """A permit for the one request that goes alone; None for all that come after its answer."""
        await self._probing.acquire()
        if not (self._knows or self._closed) and await self._free():
            return self._grant(tokens, is_probe=True)
        self._probing.release()
        return None

    def _end_probe(self, permit: Permit) -> None:
        if permit.is_probe:
            self._probing.release()

    async def _free(self) -> bool:
        """Wait until the way is free; False where the pacer was closed."""
        while not self._closed:
            now = self._clock()
            wait_s = max(self._paused_until - now, *(flow.wait_s(now) for flow in self._flows()), 0.0)
            if wait_s <= 0:
                return True
            await self._sleep(min(wait_s, LONGEST_SLEEP_S))
        return False

    def _grant(self, tokens: float, *, is_probe: bool = False) -> Permit:
        now = self._clock()
        for flow in self._flows():
            flow.take(tokens if flow is self._tokens else 1.0, now)
        return Permit(now, tokens, is_probe)

    def _flows(self) -> list[Flow]:
        return [flow for flow in (self._requests, self._tokens, self._pace) if flow]

    def _settle(self, permit: Permit, unused: float) -> None:
        if self._tokens:
            self._tokens.give_back(unused if permit.tokens else 0.0)

    def _learn(self, said: Allowance) -> None:
        """Take over what scorer.toml does not state."""
        if said.rpm and not self.rpm:
            self.rpm, self._requests = said.rpm, Flow(said.rpm)
        if said.tpm and not self.tpm:
            self.tpm, self._tokens = said.tpm, Flow(said.tpm)


def at_once(limits: Limits, rpm: float | None) -> int:
    """Requests in flight of a rater: as stated, else enough to use the limit at a usual latency."""
    if "concurrency" in limits.model_fields_set or not rpm:
        return limits.concurrency
    return max(limits.concurrency, min(MOST_AT_ONCE, ceil(rpm / 60 * EXPECTED_LATENCY_S)))
