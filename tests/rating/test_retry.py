"""The one retry layer: patient with what may pass, and not for ever."""

from time import monotonic

import pytest
from engine_room import asked

from scorer.errors import PermanentError, RateLimitedError, TransientError
from scorer.rating.retry import Patience, Retries
from scorer.rating.worklist import Trial

RETRIES = Retries(Patience(attempts=4, elapsed_s=100.0, first_wait_s=1.0, longest_wait_s=8.0))


def tried(attempts: int, ago_s: float = 0.0) -> Trial:
    return Trial(asked(1)[0], attempts, monotonic() - ago_s)


def test_waits_grow_and_stay_within_their_bounds():
    """Exponential with jitter: never more than 1, 2, 4 s after the first, second and third attempt."""
    for attempts, bound in ((1, 1.0), (2, 2.0), (3, 4.0)):
        waits = [RETRIES.wait_s(tried(attempts), TransientError("slow")) for _ in range(50)]
        assert 0 <= min(waits) < max(waits) <= bound


def test_a_stated_wait_is_believed():
    """Retry-After is the wait, although the exponential one would be shorter."""
    assert RETRIES.wait_s(tried(1), TransientError("busy", 30.0)) == 30.0


def test_attempts_are_capped():
    """After the fourth attempt of four there is no other."""
    assert RETRIES.wait_s(tried(3), TransientError("slow")) is not None
    assert RETRIES.wait_s(tried(4), TransientError("slow")) is None


def test_elapsed_time_is_capped():
    """A Cell whose time is up is not tried again, however many attempts are left."""
    assert RETRIES.wait_s(tried(1, ago_s=101.0), TransientError("slow")) is None


def test_an_endpoint_that_asks_for_hours_stops_the_run():
    """A 429 with a wait beyond what a Cell is worth says when to come back instead of failing Cell after Cell."""
    with pytest.raises(PermanentError, match="wait 3,600 s: run the same command again then"):
        RETRIES.wait_s(tried(1), RateLimitedError("429", 3600.0))
