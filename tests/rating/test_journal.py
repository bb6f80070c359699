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


def exchange(text, response="yes", prompt="Rate it. " * 100):
    messages = [{"role": "system", "content": prompt}, {"role": "user", "content": text}]
    return {"request": {"model": "m", "messages": messages}, "response": response}


def test_what_was_appended_is_read_again_unchanged(tmp_path):
    """A Rating survives the journal field by field, whatever its texts hold and whatever it shares with others."""
    odd = '{"odd": "\u2028 \\n line \x00 \\" \n"}'
    raws = [(exchange(odd, odd),), (exchange("b"), exchange("c")), (exchange("d", prompt=odd),), (), ({"x": None},)]
    ratings = [rating(number) for number in range(3)]
    ratings += [rating(10 + number, raw=raw, blockers={"physical": True}) for number, raw in enumerate(raws)]
    with Journal(tmp_path) as journal:
        for one in ratings:
            journal.append(one)
    assert list(read_journal(tmp_path / JOURNAL)) == ratings


def test_what_many_share_is_written_once(tmp_path):
    """The prompt of a run stands in its journal once, a second process that goes on writes it once more."""
    prompt = "Rate it. " * 100
    for part in range(2):
        with Journal(tmp_path) as journal:
            for number in range(5):
                journal.append(rating(5 * part + number, raw=(exchange(f"Task {number}.", prompt=prompt),)))
    path = tmp_path / JOURNAL
    assert path.read_text().count(prompt) == 2  # one a process
    assert [one.raw[0]["request"]["messages"][0]["content"] for one in read_journal(path)] == [prompt] * 10


def test_a_frame_that_found_no_room_is_written_with_the_next_rating(tmp_path):
    """A full disk that takes half of a line leaves a journal that takes the next one whole."""
    with Journal(tmp_path) as journal:
        whole, journal._file = journal._file, HalfFull(journal._file)
        with pytest.raises(RunError, match="full"):
            journal.append(rating(1, raw=(exchange("a"),)))
        journal._file = whole
        journal.append(rating(2, raw=(exchange("a"),)))
    assert [one.rating_id for one in read_journal(tmp_path / JOURNAL)] == ["id-2"]


class HalfFull:
    """A file on a disk that has room for half of what it is given."""

    def __init__(self, file):
        self._file = file

    def write(self, text):
        return self._file.write(text[: len(text) // 2])

    def __getattr__(self, name):
        return getattr(self._file, name)


def test_a_journal_that_holds_exchanges_whole_is_read(tmp_path):
    """What an older version left to replay is not lost."""
    path = tmp_path / JOURNAL
    path.write_text(rating(1).model_dump_json() + "\n")
    assert list(read_journal(path)) == [rating(1)]


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
