"""The one retry layer: what may pass is tried again, patiently and not for ever.

Capped by attempts and by elapsed time per Cell. A stated wait is believed; everything else waits exponentially with
jitter. The waiting itself is the Worklist's, so that a Cell which waits keeps no other.
"""

from typing import NamedTuple

from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_after_delay
from tenacity.wait import wait_random_exponential

from scorer.errors import PermanentError, RateLimitedError, TransientError
from scorer.rating.worklist import Trial


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


class Retries:
    """Decides whether and when a Cell is asked again.

    Args:
        patience: the caps.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._stop = stop_after_attempt(patience.attempts) | stop_after_delay(patience.elapsed_s)
        self._wait = wait_random_exponential(multiplier=patience.first_wait_s, max=patience.longest_wait_s)
        self._retrying = Retrying()

    def wait_s(self, trial: Trial, error: TransientError) -> float | None:
        """Seconds until the next attempt; None where patience has ended.

        Raises:
            PermanentError: the endpoint asks for a pause that is longer than one Cell is worth: hours, most likely.
        """
        if isinstance(error, RateLimitedError) and (error.retry_after or 0.0) > self._patience.elapsed_s:
            raise PermanentError(
                f"{error}; it asks us to wait {error.retry_after:,.0f} s: run the same command again then"
            )
        state = RetryCallState(self._retrying, None, (), {})
        state.attempt_number, state.start_time = trial.attempts, trial.began
        state.set_exception((type(error), error, error.__traceback__))
        if self._stop(state):
            return None
        return self._wait(state) if error.retry_after is None else error.retry_after
