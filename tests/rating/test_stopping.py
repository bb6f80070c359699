"""Interrupted, killed, run again: what was answered is kept, and nothing is paid for twice."""

import asyncio
import signal

import pytest
from engine_room import Endpoint, asked, fails, rater, says

from scorer.rating import Patience, replay

WHO = rater(concurrency=3)


class Interrupting(Endpoint):
    """Sends signals to this process while it answers the n-th request; from then on it answers in its own time."""

    def __init__(self, at, signals=1, after_s=0.1):
        super().__init__()
        self.at, self.signals, self.after_s = at, signals, after_s

    async def wait(self, _task):
        number = len(self.requests)
        if number == self.at:
            for _ in range(self.signals):
                signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(self.after_s if number >= self.at - 2 else 0)


@pytest.fixture
def handlers():
    """The handlers of signals before and after."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    yield
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@pytest.mark.usefixtures("handlers")
def test_the_first_interrupt_drains(room):
    """Nothing is sent after it, the three requests in flight are answered and stored, and the watcher is told."""
    seen, todo, endpoint = [], asked(40, WHO), Interrupting(at=9)
    progress = room.rate(todo, (WHO, endpoint), observe=lambda p: seen.append((p.stopping, p.done)))
    assert len(endpoint.requests) == len(endpoint.answered) == 9
    assert room.rows() == progress.done == 9
    assert progress.stopping
    assert (True, 6) in seen
    assert len(room.missing(todo)) == 31


@pytest.mark.usefixtures("handlers")
def test_the_second_interrupt_aborts_and_keeps_what_arrived(room):
    """Requests that hang are given up; journal and store hold every answer that had arrived."""
    todo, endpoint = asked(40, WHO), Interrupting(at=9, signals=2, after_s=60)
    with pytest.raises(asyncio.CancelledError):
        room.rate(todo, (WHO, endpoint))
    arrived = sorted(endpoint.answered)
    assert len(arrived) == 6
    assert sorted(int(one.task_id) for one in room.journalled()) == arrived
    assert sorted(int(one.task_id) for one in room.stored(todo)) == arrived


@pytest.mark.usefixtures("handlers")
def test_an_interrupt_sends_no_second_attempt(room):
    """A Cell that waits for its next attempt is not asked again by a run that stops, and is no failure either."""

    class Refusing(Endpoint):
        async def wait(self, task):
            await asyncio.sleep(0.1 if task else 0)
            if task == 1:
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(0.1)

    endpoint = Refusing(lambda task, _attempt: says() if task else fails(503, **{"retry-after": "300"}))
    todo, who = asked(10, rater(concurrency=2)), rater(concurrency=2)
    progress = room.rate(todo, (who, endpoint), patience=Patience(attempts=9, elapsed_s=600.0))
    assert dict(endpoint.attempts) == {0: 1, 1: 1}
    assert progress.done == room.rows() == 1
    assert "0" in {cell.task_id for cell in room.missing(todo)}


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("signals", [1, 2])
def test_an_interrupted_run_is_completed_by_the_next(room, signals):
    """Whatever the next run's order of tasks, it asks the missing Cells and no other: Cells are known by hash."""
    todo, endpoint = asked(30, WHO), Interrupting(at=12, signals=signals)
    try:
        room.rate(todo, (WHO, endpoint))
    except asyncio.CancelledError:
        assert signals == 2
    had, again = set(endpoint.answered), Endpoint()
    room.rate(room.missing(todo[::-1]), (WHO, again), run_id="run-2")
    assert sorted(again.answered) == sorted(set(range(30)) - had)
    assert room.rows() == 30
    assert room.missing(todo) == []


def test_a_killed_run_is_completed_from_its_journal(room):
    """Nothing had reached the store when the process died: the journal is replayed and only the rest is asked."""
    todo, lost = asked(12, WHO), []
    room.rate(todo[:7], (WHO, Endpoint()), store=lambda batch: lost.extend(batch) or 0)
    assert room.rows() == 0
    assert replay(room.runs_dir, room.store.ratings.add) == 7
    again = Endpoint()
    room.rate(room.missing(todo), (WHO, again), run_id="run-2")
    assert sorted(again.answered) == list(range(7, 12))
    assert room.rows() == 12


def test_the_same_model_under_another_name_is_not_asked_again(room):
    """A Cell is known by what is asked and of which model, so a renamed rater finds its answers."""
    todo = asked(4, WHO)
    room.rate(todo, (WHO, Endpoint()))
    renamed = WHO.model_copy(update={"name": "renamed", "base_url": "https://mirror.example/v1"})
    assert room.missing(asked(4, renamed)) == []
