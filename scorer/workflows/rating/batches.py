"""Batches at providers: opened for a run that begins, and gone on with by whichever process comes later."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from scorer.domain.batches import Batch, Stage
from scorer.domain.rating import Status
from scorer.errors import RunError, ScorerError
from scorer.providers import open_batches, price_list
from scorer.rating import IN_BATCHES, Budget, Job, Journal, Progress, Sink, StateFile, run_lock, state_of
from scorer.rating.batches import BatchEngine, Bureau, Order, Rounds
from scorer.workflows.workspace.bench import Bench

FOLDER = "batches"
TURN_S = 900.0
"""How long one process waits for another one's round: the largest batch is collected in a few minutes."""
UNUSABLE = frozenset(Status) - {Status.RATED}

Tell = Callable[[str], None]


def batch_engine(bench: Bench, job: Job) -> BatchEngine:
    """The engine of a run, new or begun."""
    bureau = Bureau(
        bench.store.batches,
        bench.workspace.runs_dir / job.run_id / FOLDER,
        reach=open_batches,
        turn=partial(run_lock, bench.workspace.batches_lock_path, TURN_S),
    )
    return BatchEngine(job, bureau, counted=partial(_counted, bench, job.run_id), rounds=Rounds())


def open_runs(bench: Bench) -> list[str]:
    """The runs that have open batches, oldest first."""
    return list(dict.fromkeys(batch.run_id for batch in bench.store.batches.open()))


def go_on(bench: Bench, run_id: str, observe: Callable[[Progress], None], tell: Tell, *, stays: bool) -> Progress:
    """Go on with the batches of a run: hand over, follow, collect, ask again what expired or failed.

    Args:
        bench: the workspace.
        run_id: a run that has open batches.
        observe: told after each round.
        tell: told, in a line, of what a person should know.
        stays: until all is collected; else for one round.

    Raises:
        PermanentError, ConfigurationError: an endpoint cannot be asked; what arrived before is kept.
        RunError: its files are gone or damaged.
    """
    order = Order.read(bench.workspace.runs_dir / run_id / FOLDER)
    bench.store.raters.add(order.raters)
    with _sink(bench, run_id) as sink:
        job = _job(bench, order, sink, observe, tell, stays=stays)
        try:
            return asyncio.run(_go_on(bench, job))
        finally:
            settle(bench, run_id)


def carry_on(bench: Bench, tell: Tell) -> None:
    """One round over the batches of every run; what keeps one run keeps no other."""
    for run_id in open_runs(bench):
        tell(f"run {run_id} has open batches: a round over them first")
        try:
            go_on(bench, run_id, lambda _progress: None, tell, stays=False)
        except ScorerError as error:
            tell(f"run {run_id}: {error}")


def cancel_batches(bench: Bench, run_id: str, tell: Tell, *, give_up: bool) -> list[Batch]:
    """End the batches of a run.

    Args:
        bench: the workspace.
        run_id: a run.
        tell: as above.
        give_up: forget them at once, whatever the provider still answers: for what cannot be collected any more.

    Returns:
        Those that are still open: what they answered until they end is to be collected.

    Raises:
        RunError: the run has no open batch.
    """
    if not any(batch.run_id == run_id for batch in bench.store.batches.open()):
        raise RunError(
            f"run {run_id} has no open batches; a run that is at work on this machine is stopped with Ctrl-C"
        )
    if give_up:
        _forget(bench, run_id)
    else:
        order = Order.read(bench.workspace.runs_dir / run_id / FOLDER)
        with _sink(bench, run_id) as sink:
            asyncio.run(_cancel(bench, _job(bench, order, sink, lambda _progress: None, tell, stays=False)))
    settle(bench, run_id)
    return [batch for batch in bench.store.batches.open() if batch.run_id == run_id]


def is_open(bench: Bench, run_id: str) -> bool:
    """Whether Cells of a run are in flight."""
    return run_id in open_runs(bench)


def settle(bench: Bench, run_id: str) -> None:
    """Write down how a run stands that was handed over: in batches, or how it ended."""
    progress = _counted(bench, run_id)
    how = IN_BATCHES if progress.in_flight else "complete" if progress.done == progress.total else "incomplete"
    StateFile(bench.workspace.runs_dir / run_id).write(state_of(run_id, progress, ended=how))
    if not progress.in_flight:
        counts = {f"{rater} {status.value}": count for (rater, status), count in sorted(progress.statuses.items())}
        bench.store.runs.finish(run_id, how, counts)


async def _go_on(bench: Bench, job: Job) -> Progress:
    engine = batch_engine(bench, job)
    try:
        return await engine.go_on()
    finally:
        await engine.aclose()


async def _cancel(bench: Bench, job: Job) -> None:
    engine = batch_engine(bench, job)
    try:
        await engine.cancel()
    finally:
        await engine.aclose()


def _forget(bench: Bench, run_id: str) -> None:
    with run_lock(bench.workspace.batches_lock_path, TURN_S):
        bureau = Bureau(bench.store.batches, bench.workspace.runs_dir / run_id / FOLDER, reach=open_batches)
        for batch in bench.store.batches.open():
            if batch.run_id == run_id:
                bureau.note(batch, Stage.WITHDRAWN, problem="given up")


@contextmanager
def _sink(bench: Bench, run_id: str) -> Iterator[Sink]:
    """Where the Ratings of a run go that another process began."""
    store = bench.store.ratings
    journal = Journal(bench.workspace.runs_dir / run_id / FOLDER)  # not where a starting run looks for lost ones
    sink = Sink(journal, store.add, store.earlier(UNUSABLE))
    try:
        yield sink
    finally:
        journal.close(stored=sink.is_empty)


def _job(
    bench: Bench, order: Order, sink: Sink, observe: Callable[[Progress], None], tell: Tell, *, stays: bool
) -> Job:
    """The job of a run that was ordered by another process, or by this one earlier."""
    batches = bench.store.batches.all(order.run_id)
    waiting = [batch for batch in batches if batch.is_open]
    budget = Budget(order.limit_usd)
    budget.recall(
        spent_usd=sum(batch.spent_usd or 0.0 for batch in batches),
        reserved_usd=sum(batch.reserved_usd for batch in waiting),
        cells=sum(batch.cells for batch in waiting),
    )
    return Job(
        order.run_id,
        raters={rater.name: rater for rater in order.raters},
        rubrics={rubric.id: rubric for rubric in order.rubrics},
        prices={rater.name: price_list(rater) for rater in order.raters},
        budget=budget,
        sink=sink,
        observe=observe,
        stays=stays,
        tell=tell,
    )


def _counted(bench: Bench, run_id: str) -> Progress:
    """How far a run is, from what is stored: whoever asks, and however often a batch was collected."""
    try:
        totals = Order.read(bench.workspace.runs_dir / run_id / FOLDER).totals
    except RunError:
        totals = {}
    sums, batches = bench.store.ratings.of_run(run_id), bench.store.batches.all(run_id)
    done = sum(one.ratings for one in sums)
    progress = Progress(total=sum(totals.values()) or done, totals=totals, done=done)
    progress.statuses = Counter({(one.rater, one.status): one.ratings for one in sums})
    progress.in_flight = sum(batch.cells for batch in batches if batch.is_open)
    progress.cost_usd = sum(batch.spent_usd or 0.0 for batch in batches)
    if batches:  # the pace is that of the run, not of the process that looks
        age = datetime.now(UTC) - min(batch.drafted_at for batch in batches)
        progress.started = monotonic() - age.total_seconds()
    for one in sums:
        progress.spent[one.rater] += one.cost_usd or 0.0
    return progress
