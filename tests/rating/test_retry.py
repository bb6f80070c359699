"""The one retry layer: patient with what may pass, at once with what will not."""

import asyncio

import pytest

from scorer.errors import PermanentError, RateLimitedError, TransientError
from scorer.rating.retry import Patience, with_patience

QUICK = Patience(attempts=4, elapsed_s=5.0, first_wait_s=0.001, longest_wait_s=0.002)


class Endpoint:
    """Answers what it is told to, in order."""

    def __init__(self, *outcomes):
        self.outcomes, self.asked = list(outcomes), 0

    async def __call__(self):
        self.asked += 1
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def attempt(endpoint, patience=QUICK, *, stopping=False):
    """Run one retried call; returns the outcome and the attempts counted."""

    async def run():
        stop, attempts = asyncio.Event(), []
        if stopping:
            stop.set()
        return await with_patience(endpoint, patience, attempts.append, stop), attempts

    return asyncio.run(run())


def test_a_transient_error_is_tried_again_and_each_attempt_is_counted():
    """Two time-outs and an answer make three requests."""
    endpoint = Endpoint(TransientError("slow"), TransientError("slow"), "answer")
    assert attempt(endpoint) == ("answer", [1, 2, 3])


def test_attempts_are_capped():
    """The fifth request is never sent when four are allowed."""
    endpoint = Endpoint(*[TransientError(str(number)) for number in range(9)])
    with pytest.raises(TransientError, match="3"):
        attempt(endpoint)
    assert endpoint.asked == 4


def test_elapsed_time_is_capped():
    """A Cell whose time is up is not tried again, however many attempts are left."""
    endpoint = Endpoint(*[RateLimitedError("wait", retry_after=0.02) for _ in range(99)])
    with pytest.raises(RateLimitedError):
        attempt(endpoint, Patience(attempts=99, elapsed_s=0.05))
    assert endpoint.asked < 9


def test_a_permanent_error_is_never_tried_again():
    """A bad key stays a bad key."""
    endpoint = Endpoint(PermanentError("bad key"), "never")
    with pytest.raises(PermanentError, match="bad key"):
        attempt(endpoint)
    assert endpoint.asked == 1


def test_a_stated_wait_is_waited():
    """Retry-After is believed, although the exponential wait would be shorter."""

    async def run():
        loop = asyncio.get_running_loop()
        started = loop.time()
        endpoint = Endpoint(RateLimitedError("wait", retry_after=0.2), "answer")
        await with_patience(endpoint, QUICK, lambda _number: None, asyncio.Event())
        return loop.time() - started

    assert asyncio.run(run()) >= 0.2


def test_a_stopping_run_makes_no_second_attempt():
    """Draining means that nothing new is sent, retries included."""
    endpoint = Endpoint(TransientError("slow"), "never")
    with pytest.raises(TransientError):
        attempt(endpoint, stopping=True)
    assert endpoint.asked == 1
