"""Runs, as the store and their own files know them; all of it works while one is going on."""

from collections.abc import Iterator
from datetime import datetime
from time import sleep
from typing import NamedTuple

from scorer.domain.names import hint
from scorer.errors import RunError
from scorer.rating import RunState, read_state, states
from scorer.store import RunRecord, RunSum
from scorer.workflows.bench import Bench

LATEST = "latest"
LOOK_EVERY_S = 0.5


class RunLine(NamedTuple):
    """One run in the list. `done` and `total` are Cells; None where the run wrote nothing down."""

    run_id: str
    started_at: datetime
    state: str
    done: int | None
    total: int | None
    spent_usd: float | None
    raters: tuple[str, ...]


class RunView(NamedTuple):
    """All that is known of one run.

    Attributes:
        sums: what its ratings are and took, by rater and status.
        state: how it stands or stood; None where it wrote nothing down.
    """

    line: RunLine
    record: RunRecord
    sums: tuple[RunSum, ...]
    state: RunState | None


def list_runs(bench: Bench) -> list[RunLine]:
    """Every run, latest first."""
    return [_line(bench, record) for record in bench.store.runs.all()]


def show_run(bench: Bench, name: str = LATEST) -> RunView:
    """One run.

    Args:
        bench: the workspace.
        name: its id, the beginning of it, or `latest`.

    Raises:
        RunError: there is no such run, or several begin so.
    """
    record = _find(bench.store.runs.all(), name)
    state = read_state(bench.workspace.runs_dir / record.run_id)
    return RunView(_line(bench, record), record, tuple(bench.store.ratings.of_run(record.run_id)), state)


def watch_run(bench: Bench, name: str = LATEST) -> Iterator[RunState]:
    """How a run stands, again and again until it is over; the store is not opened.

    Raises:
        RunError: no such run has written down how it stands.
    """
    known = list(states(bench.workspace.runs_dir))
    found = next((one for one in known if name in {LATEST, one.run_id} or one.run_id.startswith(name)), None)
    if found is None:
        raise RunError(f"no run `{name}` here{hint(name, [one.run_id for one in known])}; `scorer runs list` shows all")
    told = None
    while True:
        state = read_state(bench.workspace.runs_dir / found.run_id) or found
        if state != told:
            told = state
            yield state
        if state.is_over:
            return
        sleep(LOOK_EVERY_S)


def _find(records: list[RunRecord], name: str) -> RunRecord:
    matching = records[:1] if name == LATEST else [one for one in records if one.run_id.startswith(name)]
    if len(matching) > 1:
        raise RunError(f"{len(matching)} runs begin with `{name}`: write more of the id; `scorer runs list` shows all")
    if not matching:
        raise RunError(
            f"no run `{name}` here{hint(name, [one.run_id for one in records])}; `scorer runs list` shows all"
        )
    return matching[0]


def _line(bench: Bench, record: RunRecord) -> RunLine:
    state = read_state(bench.workspace.runs_dir / record.run_id)
    told = state.told if state and record.finished_at is None else record.state
    return RunLine(
        run_id=record.run_id,
        started_at=record.started_at,
        state=told,
        done=state.done if state else None,
        total=state.total if state else None,
        spent_usd=state.spent_usd if state else None,
        raters=tuple(record.plan.get("raters", ())),
    )
