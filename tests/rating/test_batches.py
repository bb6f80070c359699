"""The batch engine below the commands: what is cut where, and that no step lost or taken twice changes what is kept."""

import asyncio
from contextlib import suppress
from itertools import count

import httpx2
import pytest
from engine_room import RUBRIC, by_rater, question, rater
from fake_batches import FakeBatches

from scorer.domain.batches import Batch, Stage
from scorer.domain.money import FREE
from scorer.domain.rating import Rating, Status
from scorer.providers import open_batches
from scorer.rating import Budget, Job, Journal, Progress, Sink
from scorer.rating.batches import BatchEngine, Bureau, Rounds

RATER = rater(api_key_env="BATCH_KEY")


class Killed(BaseException):
    """The process ends here."""


class Memory:
    """What a store keeps of batches and Ratings, without the disk; a step is taken before and after each note."""

    def __init__(self) -> None:
        self.drafted: dict[str, dict[str, float]] = {}
        self.stands: dict[str, Batch] = {}
        self.ratings: dict[str, Rating] = {}
        self.step = lambda *_: None

    def draft(self, drafts, instead_of=None) -> None:
        self.step()
        for batch, cells in drafts.items():
            self.drafted[batch.batch], self.stands[batch.batch] = cells, batch
        if instead_of:
            self.stands[instead_of.batch] = instead_of
        self.step()

    def note(self, batch) -> None:
        self.step()
        self.stands[batch.batch] = batch
        self.step()

    def all(self, _run_id=None) -> list[Batch]:
        return list(self.stands.values())

    def open(self) -> list[Batch]:
        return [batch for batch in self.stands.values() if batch.is_open]

    def cells(self, batch) -> dict[str, float]:
        return self.drafted[batch]

    def add(self, ratings) -> int:
        self.ratings = {rating.rating_id: rating for rating in ratings} | self.ratings
        return len(self.ratings)


class Desk:
    """One run with its batches; each call of `go` is a process of its own."""

    def __init__(self, place, account: FakeBatches, who=RATER) -> None:
        self.folder, self.account, self.rater = place / "batches", account, who
        self.memory = Memory()

    def go(self, cells=None, die_at: int | None = None) -> None:
        """Begin with these Cells, or go on; killed before the n-th step that it takes."""
        steps = count()

        def step(*_):
            if next(steps) == die_at:
                raise Killed

        self.account.before = self.account.after = self.memory.step = step
        asyncio.run(self._go(cells))

    async def _go(self, cells) -> None:
        with Journal(self.folder) as journal:
            job = Job(
                "run-1",
                raters={self.rater.name: self.rater},
                rubrics={RUBRIC.id: RUBRIC},
                prices={self.rater.name: FREE},
                budget=Budget(),
                sink=Sink(journal, self.memory.add),
                observe=lambda _progress: None,
            )
            async with httpx2.AsyncClient(transport=self.account.transport()) as client:
                bureau = Bureau(self.memory, self.folder, lambda who: open_batches(who, client))
                engine = BatchEngine(job, bureau, lambda: Progress(total=0), Rounds(every_s=0.0))
                await (engine.go_on() if cells is None else engine.rate(by_rater(cells)))


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    monkeypatch.setenv("BATCH_KEY", "sk-test-a1b2c3d4e5")
    monkeypatch.setattr("scorer.rating.batches.engine.SOON_S", 0.0)


def test_killed_before_any_step_nothing_is_lost_or_bought_twice(tmp_path):
    """Killed before and after each call and each note, and started again: each Cell is asked once and kept once."""
    # The first batch expires with half of it answered, so that collecting and asking again are among the steps.
    cells = list(question(4, RATER))
    for steps in count():
        account = FakeBatches(ends=["expired", "completed"])
        desk = Desk(tmp_path / str(steps), account)
        with suppress(Killed):
            desk.go(cells, die_at=steps)
            break
        if desk.memory.stands:  # else nothing was drafted, and the Cells are missing as before
            desk.go()
            assert sorted(rating.cell_hash for rating in desk.memory.ratings.values()) == sorted(
                cell.cell_hash for cell in cells
            )
            assert {rating.status for rating in desk.memory.ratings.values()} == {Status.RATED}
            assert set(account.asked.values()) == {1}, steps
            assert desk.memory.open() == []
            assert list(desk.folder.glob("run-1.*")) == []
    assert steps > 30


def test_a_batch_holds_no_more_than_its_limits(tmp_path, monkeypatch):
    """Requests, bytes and waiting tokens each close a batch; every Cell is in exactly one."""
    cells = list(question(10, RATER))
    line = len(open_batches(RATER).line(cells[0])) + 1
    monkeypatch.setattr("scorer.rating.batches.drafts.MOST_CELLS", 4)
    small = rater(api_key_env="BATCH_KEY", limits={"enqueued_tokens": 1})
    for name, who, most_bytes, expected in (
        ("cells", RATER, 10**9, [4, 4, 2]),
        ("bytes", RATER, 3 * line + line // 2, [3, 3, 3, 1]),
        ("tokens", small, 10**9, [1] * 10),
    ):
        monkeypatch.setattr("scorer.rating.batches.drafts.MOST_BYTES", most_bytes)
        desk = Desk(tmp_path / name, FakeBatches(), who)
        desk.go(list(question(10, who)))
        assert [len(inside) for inside in desk.memory.drafted.values()] == expected, name
        assert {one.stage for one in desk.memory.all()} == {Stage.COLLECTED}
        assert len({rating.cell_hash for rating in desk.memory.ratings.values()}) == len(cells)
