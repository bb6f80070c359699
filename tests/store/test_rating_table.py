"""Ratings: kept all, counted once, the latest answer to each asking."""

from datetime import timedelta
from time import perf_counter

import duckdb
import pytest
from store_samples import MORNING, RATERS, SENTENCES, cell, onet_release, rating, ratings

from scorer.domain.catalogue import ReleaseKind
from scorer.domain.rating import Status
from scorer.store import RatingCount, Store

GOOD, POOR = RATERS
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store


def test_a_rating_comes_back_whole(store):
    """Every field, exchanges and times included, is what it was."""
    store.ratings.add(ratings())
    expected = {r.rating_id: r for r in ratings()}
    assert {r.rating_id: r for r in store.ratings.load(r.cell_hash for r in ratings())} == expected


def test_a_replayed_journal_doubles_nothing(store):
    """The same ratings again, also within one batch, are no new rows."""
    assert store.ratings.add([*ratings(), *ratings()]) == 6
    assert store.ratings.add(ratings()) == 0
    assert store.ratings.add([]) == 0
    assert store.counts()["rating"] == 6


def test_many_ratings_are_kept_part_by_part_and_all_or_none(store, monkeypatch):
    """Parts that are made ready while others are written all arrive; where one cannot be written, none does."""
    monkeypatch.setattr("scorer.store.ratings.BATCH_ROWS", 2)
    asked = [rating(cell("1", GOOD, repeat)) for repeat in range(5)]
    too_many = asked[4].model_copy(update={"rating_id": "other", "attempts": 2**40})
    with pytest.raises(duckdb.Error):
        store.ratings.add([*asked, too_many])
    assert store.counts()["rating"] == 0
    assert store.ratings.add(asked) == 5
    assert {one.rating_id for one in store.ratings.load(r.cell_hash for r in asked)} == {r.rating_id for r in asked}


def test_the_latest_rating_of_a_cell_counts(store):
    """A failure that was made good later is known as rated, in whatever order rows arrive."""
    asked = cell("1", GOOD)
    second = rating(asked, "100", run_id="run-2", created_at=LATER)
    store.ratings.add([second])
    store.ratings.add([rating(asked, status=Status.FAILED)])
    assert store.ratings.known() == {asked.cell_hash: Status.RATED}
    assert store.ratings.load([asked.cell_hash]) == [second]
    (row,) = store.ratings.usable("coverage@1")
    assert (row.status, row.category, row.score) == (Status.RATED, "100", 100.0)
    assert store.counts()["rating"] == 2


def test_cells_can_be_asked_for_by_rater(store):
    """Who needs the rows under one name gets these only."""
    store.ratings.add(ratings())
    assert len(store.ratings.known()) == 6
    assert set(store.ratings.known("poor")) == {cell(task_id, POOR).cell_hash for task_id in "123"}


def test_what_failed_is_a_row_without_a_number(store):
    """An unparsable answer has neither category nor score, not 0."""
    store.ratings.add(ratings())
    failed = next(r for r in store.ratings.usable("coverage@1") if (r.task_id, r.rater) == ("3", "poor"))
    assert (failed.status, failed.category, failed.score) == (Status.UNPARSABLE, None, None)


def test_repeats_are_rows_of_their_own(store):
    """Two askings of one Cell's question are two answers."""
    store.ratings.add([rating(cell("1", GOOD)), rating(cell("1", GOOD, repeat=1), "0")])
    assert [(r.repeat, r.score) for r in store.ratings.usable("coverage@1")] == [(0, 50.0), (1, 0.0)]


def test_other_occasions_stay_out(store):
    """What was asked anew is not mixed with the first asking."""
    again = cell("1", GOOD).model_copy(update={"occasion": "drift-1"})
    store.ratings.add([rating(cell("1", GOOD)), rating(again, "0", occasion="drift-1")])
    assert [r.score for r in store.ratings.usable("coverage@1")] == [50.0]
    assert [r.score for r in store.ratings.usable("coverage@1", occasion="drift-1")] == [0.0]


def test_a_reworded_task_is_another_question(store):
    """For a release only answers about its own text count; answers about no stated text count too."""
    reworded = onet_release("30.2", {**SENTENCES, "1": "Sort the lanterns."})
    store.catalogue.add(onet_release())
    store.catalogue.add(reworded)
    new = rating(cell("1", GOOD, release=reworded), "100")
    unstated = rating(cell("2", GOOD)).model_copy(update={"statement_sha256": None})
    store.ratings.add([rating(cell("1", GOOD), "0"), new, unstated])
    scores = {name: {r.score for r in store.ratings.usable("coverage@1", name)} for name in ("30.1", "30.2", None)}
    assert scores == {"30.1": {0.0, 50.0}, "30.2": {100.0, 50.0}, None: {0.0, 100.0, 50.0}}


def test_ratings_of_tasks_a_release_does_not_have_stay_out_of_it(store):
    """A retired task's rating is kept, and no part of the release that retired it."""
    store.catalogue.add(onet_release("30.2", {"1": SENTENCES["1"]}, ReleaseKind.ONET))
    store.ratings.add(ratings())
    assert {r.task_id for r in store.ratings.usable("coverage@1", "30.2")} == {"1"}


def test_counts_are_by_rater_rubric_and_status(store):
    """What went wrong is counted beside what went right."""
    store.ratings.add(ratings())
    assert store.ratings.counts() == [
        RatingCount("good", "coverage@1", Status.RATED, 3),
        RatingCount("poor", "coverage@1", Status.RATED, 2),
        RatingCount("poor", "coverage@1", Status.UNPARSABLE, 1),
    ]


def test_a_large_batch_arrives_whole(store, capsys):
    """Twelve thousand rows go in as they are; the speed is printed, not asserted."""
    one = rating(cell("1", GOOD)).model_copy(update={"raw": ()})
    batch = [one.model_copy(update={"rating_id": f"{i:064}", "cell_hash": f"{i:064x}"}) for i in range(12_000)]
    started = perf_counter()
    assert store.ratings.add(batch) == 12_000
    speed = len(batch) / (perf_counter() - started)
    with capsys.disabled():
        print(f" [{speed:,.0f} ratings/s]", end="")  # noqa: T201 - the figure is the point
    assert len(store.ratings.known()) == 12_000
