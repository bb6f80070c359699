"""The journal: durable at once, torn lines left out, replayed once."""

from datetime import UTC, datetime

import pytest

from scorer.domain.rating import Rating, Status
from scorer.errors import RunError
from scorer.rating.journal import JOURNAL, Journal, read_journal, replay


def rating(number, **changes):
    fields = {
        "rating_id": f"id-{number}",
        "run_id": "run",
        "task_id": str(number),
        "rubric": "coverage@1",
        "rater": "a",
        "cell_hash": f"cell-{number}",
        "status": Status.RATED,
        "category": "50",
        "score": 50.0,
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
        "raw": ({"request": {"messages": []}, "response": '{"odd": "\u2028 \\n line"}'},),
    }
    return Rating(**(fields | changes))


class FakeStore(dict):
    """Keeps Ratings by id, as the store does."""

    def __call__(self, ratings):
        before = len(self)
        self.update((one.rating_id, one) for one in ratings)
        return len(self) - before


def test_what_was_appended_is_read_again_unchanged(tmp_path):
    """A Rating survives the journal field by field, whatever line breaks its texts hold."""
    ratings = [rating(number) for number in range(3)]
    with Journal(tmp_path) as journal:
        for one in ratings:
            journal.append(one)
    assert list(read_journal(tmp_path / JOURNAL)) == ratings


@pytest.mark.parametrize("kept", [1, 40, 200])
def test_a_torn_last_line_is_left_out(tmp_path, kept):
    """A process killed in mid-write loses the line it was writing and no other."""
    with Journal(tmp_path) as journal:
        journal.append(rating(1))
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes() + rating(2).model_dump_json().encode()[:kept])
    assert [one.rating_id for one in read_journal(path)] == ["id-1"]


def test_a_damaged_line_in_the_middle_is_named(tmp_path):
    """Damage is never skipped in silence: the message gives the line."""
    path = tmp_path / JOURNAL
    path.write_text("{broken}\n" + rating(1).model_dump_json() + "\n")
    with pytest.raises(RunError, match="line 1"):
        list(read_journal(path))


def test_replay_stores_each_rating_once(tmp_path):
    """What a killed run left is stored at the next start; a second replay finds nothing to do."""
    store = FakeStore()
    store([rating(1)])
    with Journal(tmp_path / "run-1") as journal:
        journal.append(rating(1))
        journal.append(rating(2))
    assert replay(tmp_path, store) == 1
    assert replay(tmp_path, store) == 0
    assert sorted(store) == ["id-1", "id-2"]


def test_a_journal_whose_ratings_are_stored_is_not_replayed(tmp_path):
    """Closing as stored leaves nothing for the next start."""
    journal = Journal(tmp_path / "run-1")
    journal.append(rating(1))
    journal.close(stored=True)
    assert replay(tmp_path, FakeStore()) == 0
