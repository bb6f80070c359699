"""How a run stands: the same figures for the one who runs it and for those who look on."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from time import monotonic

from engine_room import asked

from scorer.domain.rating import Rating, Status
from scorer.rating import Progress, StateFile, read_state, state_of, states
from scorer.rating.state import DRAINING, LOST, RUNNING

(CELL,) = asked(1)


def progress(done=3, failed=1):
    """A run of one minute: some Cells of `a` are done, none of `b`."""
    made = Progress(total=20, totals={"a": 10, "b": 10}, started=monotonic() - 60)
    for number in range(done):
        status = Status.FAILED if number < failed else Status.RATED
        made.count(
            Rating(
                rating_id=str(number),
                run_id="r",
                task_id="1",
                rubric="coverage@1",
                rater="a",
                cell_hash="c",
                status=status,
                cost_usd=0.5,
                attempts=2,
                created_at=datetime.now(UTC),
            )
        )
    made.refused["a"] = 2
    return made


def test_a_state_counts_by_rater_and_in_all():
    """Done, failed, refused, spent and speed of each rater and of the run; the slowest rater tells the time left."""
    state = state_of("r", progress())
    first, second = state.raters
    assert (first.rater, first.done, first.failed, first.refused, first.spent_usd) == ("a", 3, 1, 2, 1.5)
    assert 2.9 < first.per_minute < 3.1
    assert 2.2 < first.minutes_left < 2.5
    assert (second.done, second.minutes_left) == (0, None)
    assert (state.done, state.total, state.failed, state.retried, state.minutes_left) == (3, 20, 1, 3, None)
    assert (state.state, state.is_over) == (RUNNING, False)


def test_the_oldest_request_is_told():
    """Of several under way the oldest counts, rater by rater."""
    made = progress()
    with made.flight(CELL):
        made.totals = {CELL.rater: 1}
        (one,) = state_of("r", made).raters
    assert one.oldest_s >= 0
    assert state_of("r", made).raters[0].oldest_s is None


def test_the_file_is_read_back_whole(tmp_path):
    """What is written is what is read; a half-written or foreign file is no state."""
    file = StateFile(tmp_path / "run-1")
    file.tell("run-1", progress())
    file.tell("run-1", progress(done=9))
    read = read_state(tmp_path / "run-1")
    assert (read.run_id, read.done) == ("run-1", 3)
    (tmp_path / "run-2").mkdir()
    (tmp_path / "run-2" / "state.json").write_text('{"run_id": "run-2", "do')
    assert [one.run_id for one in states(tmp_path)] == ["run-1"]
    assert read_state(tmp_path / "run-3") is None


def test_a_run_without_its_process_was_interrupted():
    """A state that says running is believed as long as its process lives."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    made = progress()
    made.stopping = True
    running = state_of("r", made)
    assert (running.state, running.told, running.pid) == (DRAINING, DRAINING, os.getpid())
    lost = running.model_copy(update={"pid": gone.pid})
    assert (lost.told, lost.is_over) == (LOST, True)
    ended = state_of("r", made, ended="complete")
    assert (ended.told, ended.is_over) == ("complete", True)


def test_a_disk_that_takes_nothing_does_not_stop_a_run(tmp_path):
    """The journal says what must be said about a full disk; the state file keeps quiet."""
    (tmp_path / "file").write_text("in the way")
    StateFile(tmp_path / "file" / "run").tell("r", progress())
    assert read_state(tmp_path / "file" / "run") is None
