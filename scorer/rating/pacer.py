"""The pace of an endpoint: requests and tokens a minute, kept so evenly that the endpoint has nothing to refuse.

A limit is a moment that moves: what is taken now pushes the moment at which the next may go by what it costs at the
limit's rate, what is given back pulls it (the generic cell rate algorithm, ITU-T I.371, annex A). The limits are those
of scorer.toml; where it states none, the first request goes alone and the endpoint's answer may tell them; where that
does not either, a 429 is the only sign: each cuts the pace, and time raises it again (additive increase,
multiplicative decrease). A server's error is no such sign.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from math import ceil
from time import monotonic
from typing import NamedTuple

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Limits
from scorer.errors import PermanentError

SHARE = 0.99
"""Of a limit: its other end has a clock of its own."""
SLACK_S = 0.5
"""How late a request may be without losing its turn for good: timers are late, and the next one makes up for it."""
BACK_OFF, CLIMB = 0.7, 0.05
"""What a 429 leaves of the pace, and what of that comes back each second."""
SLOWEST_PER_S = 1 / 60
RECENT_S = 2.0
LONGEST_SLEEP_S = 0.1
"""A turn is looked at again after this long at most, since what others give back, or a stop, may change it."""
EXPECTED_LATENCY_S, MOST_AT_ONCE = 5.0, 256

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]


class Flow:
    """One limit; amounts are requests or tokens, times are seconds of the pacer's clock."""

    def __init__(self, per_minute: float) -> None:
        self.per_s, self._free_at = SHARE * per_minute / 60, float("-inf")

    def wait_s(self, now: float) -> float:
        """How long until something may go."""
        return self._free_at - now

    def take(self, amount: float, now: float) -> None:
        """Let an amount go."""
        self._free_at = max(self._free_at, now - SLACK_S) + amount / self.per_s

    def give_back(self, amount: float) -> None:
        """Take back what was not used; a negative amount is what was used beyond."""
        self._free_at -= amount / self.per_s


class Pace(Flow):
    """Requests a second as the endpoint seems to bear them: cut by a refusal, climbing again in time."""

    def __init__(self, per_s: float, now: float) -> None:
        super().__init__(60.0)
        self._base, self._since = max(per_s, SLOWEST_PER_S), now
        self.per_s = self._base

    def take(self, amount: float, now: float) -> None:
        """Let requests go, at the pace of this moment."""
        self.per_s = self._base * (1 + CLIMB * (now - self._since))
        super().take(amount, now)


class Permit(NamedTuple):
    """One request that may go: when that was, the tokens set aside for it, and whether all others wait for it."""

    at: float
    tokens: float
    is_probe: bool = False


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
        self._pace: Pace | None = None
        self._paused_until = self._cut_at = float("-inf")
        self._granted: deque[float] = deque(maxlen=4096)
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
        """A 429: nobody goes before the endpoint said so, and then more slowly.

        One wave of refusals is one sign: those of requests that went before the last cut are not counted.
        """
        now = self._clock()
        if permit.at > self._cut_at:
            self._cut_at = now
            refused = min(self._recent_per_s(now), self._pace.per_s if self._pace else float("inf"))
            self._pace = Pace(BACK_OFF * refused, now)
        self._paused_until = max(self._paused_until, now + (wait_s or 0.0))
        self.failed(permit)

    def close(self) -> None:
        """Nobody goes any more; who waits is told so within `LONGEST_SLEEP_S`."""
        self._closed = True

    def at_once(self, limits: Limits) -> int:
        """Requests in flight of a rater: as stated, else enough to use the limit at a usual latency."""
        if "concurrency" in limits.model_fields_set or not self.rpm:
            return limits.concurrency
        return max(limits.concurrency, min(MOST_AT_ONCE, ceil(self.rpm / 60 * EXPECTED_LATENCY_S)))

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
        self._granted.append(now)
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

    def _recent_per_s(self, now: float) -> float:
        """Requests a second of late: what the endpoint has just refused."""
        recent = sum(at > now - RECENT_S for at in self._granted)
        began = max(now - RECENT_S, self._granted[0]) if self._granted else now
        return recent / max(now - began, LONGEST_SLEEP_S)
