"""Runs, as the store and their own files know them; all of it works while one is going on."""

from datetime import datetime
from typing import NamedTuple

from scorer.domain.batches import Batch
from scorer.domain.names import hint
from scorer.errors import RunError
from scorer.rating import EngineName, RunState, read_state
from scorer.store import RunRecord, RunSum
from scorer.workflows.rating.batches import Tell, cancel_batches, open_runs
from scorer.workflows.workspace.bench import Bench

LATEST = "latest"


class RunLine(NamedTuple):
    """One run in the list. `done` and `total` are Cells; None where the run wrote nothing down."""

    run_id: str
    started_at: datetime
    state: str
    done: int | None
    total: int | None
    spent_usd: float | None
    raters: tuple[str, ...]
    engine: str


class RunView(NamedTuple):
    """All that is known of one run.

    Attributes:
        sums: what its ratings are and took, by rater and status.
        state: how it stands or stood; None where it wrote nothing down.
        batches: those that it handed to providers.
    """

    line: RunLine
    record: RunRecord
    sums: tuple[RunSum, ...]
    state: RunState | None
    batches: tuple[Batch, ...]


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
    sums, batches = bench.store.ratings.of_run(record.run_id), bench.store.batches.all(record.run_id)
    return RunView(_line(bench, record), record, tuple(sums), state, tuple(batches))


def cancel_run(bench: Bench, name: str, tell: Tell, *, give_up: bool = False) -> int:
    """End the batches of a run; see `cancel_batches`. How many of its Cells are still in flight.

    Raises:
        RunError: no such run, or it has no open batch.
    """
    latest = open_runs(bench)[-1:]
    run_id = latest[0] if name == LATEST and latest else _find(bench.store.runs.all(), name).run_id
    return sum(batch.cells for batch in cancel_batches(bench, run_id, tell, give_up=give_up))


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
        engine=str(record.plan.get("engine", EngineName.LOCAL.value)),
    )
