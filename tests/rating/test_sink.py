"""The sink: journal first, store in batches, and a store that fails loses nothing."""

import asyncio
import json
import resource
import time
from contextlib import contextmanager

import pytest
from engine_room import RUN, Endpoint, asked, rater

from scorer.domain.rating import Status
from scorer.errors import RunError, StoreBusyError, StoreError
from scorer.rating import Journal, Sink, replay
from scorer.rating.assemble import failed_rating
from scorer.rating.journal import JOURNAL

WHO = rater(concurrency=2)


class FakeStore:
    """Keeps batches; first raises what it is told to."""

    def __init__(self, *errors):
        self.errors, self.batches = list(errors), []

    def __call__(self, ratings):
        if self.errors:
            raise self.errors.pop(0)
        self.batches.append(list(ratings))
        return len(self.batches[-1])

    @property
    def ids(self):
        return [one.rating_id for batch in self.batches for one in batch]


@pytest.fixture
def quick(monkeypatch):
    """Flush after five ratings, or a hundredth of a second."""
    monkeypatch.setattr("scorer.rating.sink.FLUSH_ROWS", 5)
    monkeypatch.setattr("scorer.rating.sink.FLUSH_S", 0.01)


def some(n):
    return [failed_rating(cell, RUN, "invented", 1) for cell in asked(n)]


def fill(tmp_path, store, ratings, *, pause=0.0):
    """Take ratings one by one, with a flusher at work."""

    async def work():
        with Journal(tmp_path / RUN) as journal:
            sink = Sink(journal, store)
            flusher = asyncio.create_task(sink.keep_flushing())
            for one in ratings:
                sink.take(one)
                await asyncio.sleep(pause)
            sink.close()
            await flusher

    asyncio.run(work())


@pytest.mark.usefixtures("quick")
def test_many_ratings_are_flushed_at_once_and_few_after_a_while(tmp_path):
    """Batches form by number and by time; every rating is in one of them, once, in order."""
    store, ratings = FakeStore(), some(12)
    fill(tmp_path, store, ratings, pause=0.004)
    assert store.ids == [one.rating_id for one in ratings]
    assert 2 <= len(store.batches) < 12


@pytest.mark.usefixtures("quick")
def test_a_rating_is_in_the_journal_before_the_store_sees_it(tmp_path):
    """At the moment a batch arrives in the store, each of its ratings stands in the journal."""
    early = []

    def store(ratings):
        lines = (tmp_path / RUN / JOURNAL).read_text().splitlines()
        known = {json.loads(line)["rating_id"] for line in lines}
        early.extend(one for one in ratings if one.rating_id not in known)
        return 0

    fill(tmp_path, store, some(12))
    assert early == []


@pytest.mark.usefixtures("quick")
def test_a_busy_store_only_means_that_the_batch_goes_with_the_next(tmp_path):
    """Two flushes that find the store held lose nothing, double nothing and keep the order."""
    store, ratings = FakeStore(StoreBusyError("held"), StoreBusyError("held")), some(12)
    fill(tmp_path, store, ratings, pause=0.004)
    assert store.ids == [one.rating_id for one in ratings]


def test_a_store_still_busy_at_the_end_is_an_error_and_the_journal_holds_all(tmp_path):
    """The last flush says who holds the store; the next start stores what the journal kept."""
    with pytest.raises(StoreBusyError, match="held"):
        fill(tmp_path, FakeStore(*[StoreBusyError("held")] * 9), some(3))
    store = FakeStore()
    assert replay(tmp_path, store) == 3


def test_a_slow_store_does_not_stop_the_loop(tmp_path, monkeypatch):
    """While a batch is written requests go on: the loop turns many times during one slow write."""
    monkeypatch.setattr("scorer.rating.sink.FLUSH_ROWS", 1)
    turns, writing = [], []

    def store(_ratings):
        writing.append(len(turns))
        time.sleep(0.1)
        writing.append(len(turns))
        return 0

    async def work():
        with Journal(tmp_path / RUN) as journal:
            sink = Sink(journal, store)
            flusher = asyncio.create_task(sink.keep_flushing())
            sink.take(some(1)[0])
            while len(writing) < 2:
                turns.append(1)
                await asyncio.sleep(0.001)
            sink.close()
            await flusher

    asyncio.run(work())
    assert writing[1] - writing[0] > 5


@pytest.mark.usefixtures("quick")
def test_a_run_whose_store_takes_nothing_for_good_stops_early(room):
    """No more is paid for than was under way: dispatch ends, the error is raised, the journal holds every answer."""
    endpoint, todo = Endpoint(latency_s=0.002), asked(400, WHO)

    def broken(_ratings):
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        room.rate(todo, (WHO, endpoint), store=broken)
    assert len(endpoint.requests) < 200
    assert sorted(int(one.task_id) for one in room.journalled()) == sorted(endpoint.answered)
    assert replay(room.runs_dir, room.store.ratings.add) == len(endpoint.answered)


@pytest.mark.usefixtures("quick")
def test_a_store_that_is_busy_for_a_while_does_not_stop_a_run(room):
    """Every Cell is rated and stored although the first flushes find the store held."""
    held, add = [StoreBusyError("held")] * 3, room.store.ratings.add

    def busy_at_first(ratings):
        if held:
            raise held.pop()
        return add(ratings)

    progress = room.rate(asked(40, WHO), (WHO, Endpoint(latency_s=0.001)), store=busy_at_first)
    assert progress.statuses == {("scripted", Status.RATED): 40}
    assert room.rows() == 40


@contextmanager
def files_no_longer_than(size):
    """What a full disk does: a write is cut short, the next one is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_cuts_no_line_in_two(tmp_path):
    """A line that does not fit is refused whole: what is appended once there is space again can be read."""
    ratings = some(4)
    line = len(ratings[0].model_dump_json()) + 1
    with Journal(tmp_path / RUN) as journal:
        journal.append(ratings[0])
        with files_no_longer_than(line + 50):
            for one in ratings[1:3]:
                with pytest.raises(RunError, match="disk"):
                    journal.append(one)
        journal.append(ratings[3])
    store = FakeStore()
    replay(tmp_path, store)
    assert store.ids == [ratings[0].rating_id, ratings[3].rating_id]


def test_a_store_on_a_full_disk_is_one_clear_error_and_keeps_its_rows(room):
    """The commit fails: none of the batch is stored, what was stored stays, and the batch can be added later."""
    batch = some(300)
    room.store.ratings.add(batch[:10])
    with files_no_longer_than(50_000), pytest.raises(StoreError, match="the disk is not full"):
        room.store.ratings.add(batch)
    assert room.rows() == 10
    assert room.store.ratings.add(batch) == 290


def test_a_journal_that_takes_no_more_stops_the_run_with_its_own_error(room, monkeypatch):
    """A full disk is one clear error, not a group of errors; what was journalled is stored."""
    append, room_for = Journal.append, [1] * 10

    def full_after_ten(journal, rating):
        if not room_for:
            raise RunError("cannot write the journal: the disk is full")
        room_for.pop()
        append(journal, rating)

    monkeypatch.setattr(Journal, "append", full_after_ten)
    endpoint = Endpoint(latency_s=0.001)
    with pytest.raises(RunError, match="the disk is full"):
        room.rate(asked(100, WHO), (WHO, endpoint))
    assert len(endpoint.requests) <= 12
    assert room.rows() == 10
