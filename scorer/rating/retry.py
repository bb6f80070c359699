"""The one retry layer: transient errors are tried again, patiently and not for ever.

Capped by attempts and by elapsed time per Cell. A 429 that says how long to wait is believed; everything else waits
exponentially with jitter. Permanent errors pass through at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, stop_after_delay
from tenacity.wait import wait_random_exponential

from scorer.errors import RateLimitedError, TransientError

Outcome = TypeVar("Outcome")


class Patience(NamedTuple):
    """How long one Cell is worth trying.

    Attributes:
        attempts: requests at most, the first one included.
        elapsed_s: seconds since the first request after which no other is sent.
        first_wait_s, longest_wait_s: bounds of the exponential wait, in seconds.
    """

    attempts: int = 6
    elapsed_s: float = 300.0
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0


async def with_patience(
    ask: Callable[[], Awaitable[Outcome]],
    patience: Patience,
    attempted: Callable[[int], None],
    stopping: asyncio.Event,
) -> Outcome:
    """Ask until there is an answer, patience ends, or the run is stopping.

    Args:
        ask: sends one request.
        patience: the caps.
        attempted: told the number of each attempt before it is made.
        stopping: set when the run drains: no wait goes on and no other attempt is made.

    Raises:
        TransientError: the last one, when patience has ended; any, when the run is stopping.
        PermanentError: at once.
    """
    spent = stop_after_attempt(patience.attempts) | stop_after_delay(patience.elapsed_s)
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(TransientError),
        stop=lambda state: stopping.is_set() or spent(state),
        wait=_Wait(patience),
        sleep=lambda seconds: _wait_or_stop(stopping, seconds),
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            attempted(attempt.retry_state.attempt_number)
            return await ask()
    raise AssertionError("tenacity ends with an answer or an error")


async def _wait_or_stop(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
        # Tenacity would make the next attempt now; nothing new is sent by a run that is stopping.
        raise TransientError("the run was stopped before another attempt")


class _Wait:
    """Retry-After where the endpoint gave one, exponential with jitter elsewhere; seconds."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._exponential = wait_random_exponential(multiplier=patience.first_wait_s, max=patience.longest_wait_s)

    def __call__(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RateLimitedError) and error.retry_after is not None:
            return min(error.retry_after, self._patience.elapsed_s)
        return self._exponential(state)
