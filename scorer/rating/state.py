"""How a run stands, for people and for other processes: a small file that the run writes anew every second.

The store is opened for moments only and the journal is long, so whoever watches from elsewhere reads this file.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from pydantic import ValidationError

from scorer.domain.base import Frozen
from scorer.domain.rating import Status
from scorer.rating.progress import Progress

STATE = "state.json"
RUNNING, DRAINING, LOST, IN_BATCHES = "running", "draining", "interrupted", "in batches"


class Pace(Frozen):
    """How far, how fast, at what price. Money in USD; `minutes_left` is None where nothing is done yet.

    Attributes:
        failed: Cells whose attempts are spent.
        refused: 429s.
    """

    total: int
    done: int
    failed: int
    refused: int
    spent_usd: float
    per_minute: float
    minutes_left: float | None


class RaterPace(Pace):
    """The same of one rater; `oldest_s`: how long its oldest request is under way, None where none is."""

    rater: str
    oldest_s: float | None


class RunState(Pace):
    """How a run stands.

    Attributes:
        pid: the process that runs it.
        at: when this was written.
        state: `running`, `draining`, `in batches` where any process may go on, or how it ended.
        retried: attempts beyond the first of each Cell.
    """

    run_id: str
    pid: int
    at: datetime
    state: str
    retried: int
    raters: tuple[RaterPace, ...]

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or its process is gone and nobody else can go on."""
        if self.state == IN_BATCHES:
            return False
        return self.state not in {RUNNING, DRAINING} or not _lives(self.pid)

    @property
    def told(self) -> str:
        """Its state in a word; a run whose process is gone was interrupted."""
        return LOST if self.state in {RUNNING, DRAINING} and not _lives(self.pid) else self.state


def state_of(run_id: str, progress: Progress, ended: str | None = None) -> RunState:
    """How a run stands now; `ended` says how, once it has."""
    minutes = max(monotonic() - progress.started, 1e-9) / 60
    oldest: dict[str, float] = {}
    for flight, age in progress.oldest(most=len(progress.flights)):
        oldest.setdefault(flight.rater, age)
    raters = tuple(
        RaterPace(
            rater=rater,
            oldest_s=oldest.get(rater),
            **_pace(total, progress.done_by(rater), minutes),
            failed=progress.statuses[rater, Status.FAILED],
            refused=progress.refused[rater],
            spent_usd=progress.spent[rater],
        )
        for rater, total in progress.totals.items()
    )
    return RunState(
        run_id=run_id,
        pid=os.getpid(),
        at=datetime.now(UTC),
        state=ended or (DRAINING if progress.stopping else RUNNING),
        retried=progress.retried,
        **_pace(progress.total, progress.done, minutes) | {"minutes_left": _slowest(raters)},
        failed=sum(one.failed for one in raters),
        refused=progress.refused.total(),
        spent_usd=progress.cost_usd,
        raters=raters,
    )


class StateFile:
    """The file in the folder of a run; written at most every `every_s` seconds.

    A disk that takes no more stops the journal, not this.
    """

    def __init__(self, run_dir: Path, every_s: float = 1.0) -> None:
        self._path, self._every_s, self._last = run_dir / STATE, every_s, float("-inf")

    def tell(self, run_id: str, progress: Progress) -> None:
        """Write how the run stands, if it is time."""
        if monotonic() - self._last >= self._every_s:
            self._last = monotonic()
            self.write(state_of(run_id, progress))

    def write(self, state: RunState) -> None:
        """Write it whole: a reader never meets half a file."""
        beside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(state.model_dump_json(), encoding="utf-8")
            beside.replace(self._path)
        except OSError:
            return


def read_state(run_dir: Path) -> RunState | None:
    """How a run stands or stood; None where nobody wrote it down."""
    try:
        return RunState.model_validate_json((run_dir / STATE).read_bytes())
    except (OSError, ValidationError):
        return None


def states(runs_dir: Path) -> Iterator[RunState]:
    """Every run that wrote one down, latest first."""
    for path in sorted(runs_dir.glob(f"*/{STATE}"), reverse=True):
        if state := read_state(path.parent):
            yield state


def _pace(total: int, done: int, minutes: float) -> dict[str, float | None]:
    per_minute = done / minutes
    left = (total - done) / per_minute if per_minute else None
    return {"total": total, "done": done, "per_minute": per_minute, "minutes_left": left}


def _slowest(raters: tuple[RaterPace, ...]) -> float | None:
    """The time of the rater that needs most, since they work side by side; None where one's is not known."""
    left = [one.minutes_left for one in raters]
    return None if None in left else max((one for one in left if one is not None), default=None)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
