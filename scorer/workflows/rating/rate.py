"""Plan what is missing, and rate it."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from scorer.domain.base import sha256_json
from scorer.domain.money import BATCH
from scorer.domain.rating import Status
from scorer.errors import BudgetError, RunError, ScorerError, StoreError
from scorer.rating import (
    IN_BATCHES,
    Budget,
    EngineName,
    Job,
    Journal,
    Plan,
    Progress,
    Sink,
    StateFile,
    replay,
    run_lock,
    state_of,
)
from scorer.store import RunFacts
from scorer.version import VERSION
from scorer.workflows.rating.adopt import adopt
from scorer.workflows.rating.asked import Asked, Question, look_up
from scorer.workflows.rating.batches import carry_on, is_open
from scorer.workflows.rating.engines import check_engine, open_engine
from scorer.workflows.rating.outlook import FREELY, Outlook, Terms, agree, foresee
from scorer.workflows.workspace.bench import Bench


class RunReport(NamedTuple):
    """What a run did.

    Attributes:
        run_id: None where nothing was missing, so that nothing was run.
        present: Cells of the selection that had their answer before.
        recovered: Ratings that an earlier run had left in its journal.
        adopted: Ratings carried over from another name of the same rater.
        statuses: of this run's Ratings, by rater and status.
        problems: the first of each kind: why answers are not usable, or why there are none.
        left: Cells that are still missing, failed ones included, those in flight not.
        cost_usd: what was spent; requests that brought nothing and may have been billed are counted.
        stopped: it was interrupted, or its budget is spent; what comes after rating should not follow.
        budget_problem: where the budget is spent, what to do.
        in_flight: Cells in open batches, of this run and of earlier ones.
        reserved_usd: what is set aside for those of this run.
    """

    run_id: str | None
    present: int
    recovered: int
    adopted: int
    statuses: Counter[tuple[str, Status]]
    problems: Mapping[tuple[str, Status], str]
    left: int
    cost_usd: float
    stopped: bool = False
    budget_problem: str | None = None
    in_flight: int = 0
    reserved_usd: float = 0.0

    def go_on(self) -> None:
        """Raise RunError where the run was interrupted: whoever stopped it does not want the next step either."""
        if self.stopped:
            raise RunError(f"stopped with {self.left:,} cells still missing; run the same command again to go on")

    @property
    def complete(self) -> bool:
        """Whether every Cell of the selection has its answer now."""
        return self.left == self.in_flight == 0


def plan(bench: Bench, asked: Asked) -> Outlook:
    """The missing Cells of a selection and what they would take; nothing is sent."""
    return foresee(bench, look_up(bench, asked))


def rate(
    bench: Bench,
    asked: Asked,
    observe: Callable[[Progress], None],
    terms: Terms = FREELY,
    engine: EngineName = EngineName.LOCAL,
) -> RunReport:
    """Rate what the plan says is missing; resumable by running it again, with whichever engine.

    Raises:
        ConfigurationError: the engine cannot ask these raters; nothing was sent.
        RunError: another run is at work here, or the journal cannot be written.
        BudgetError: a price is not known, or the sum was not confirmed; nothing was sent.
        PermanentError: no attempt at this endpoint will ever succeed; everything that arrived before is kept.
    """
    return rate_question(bench, look_up(bench, asked), observe, terms, engine)


def rate_question(
    bench: Bench,
    question: Question,
    observe: Callable[[Progress], None],
    terms: Terms = FREELY,
    engine: EngineName = EngineName.LOCAL,
) -> RunReport:
    """Rate what is missing of a question whose names are looked up. See `rate`."""
    check_engine(engine, question.raters)
    with run_lock(bench.workspace.lock_path):
        recovered = replay(bench.workspace.runs_dir, bench.store.ratings.add)
        if engine is EngineName.BATCH:
            carry_on(bench, terms.tell)
        outlook = foresee(bench, question, BATCH if engine is EngineName.BATCH else None)
        missing = outlook.plan
        if not missing.queues:
            adopted = adopt(bench.store, missing.borrowed)
            return RunReport(
                None, missing.present, recovered, adopted, Counter(), {}, 0, 0.0, in_flight=missing.in_flight
            )
        budget = Budget(agree(bench, outlook, terms), outlook.cell_usd)
        run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        watch = _Watch(run_id, bench.workspace.runs_dir / run_id, missing, budget, observe)
        progress = _run(bench, engine, question, outlook, watch, terms=terms)
        adopted = adopt(bench.store, missing.borrowed)
    failed = sum(count for (_, status), count in progress.statuses.items() if status is Status.FAILED)
    left = progress.total - progress.done - progress.in_flight + failed
    return RunReport(
        run_id,
        missing.present,
        recovered,
        adopted,
        progress.statuses,
        progress.problems,
        left,
        budget.spent_usd,
        stopped=progress.stopping,
        budget_problem=budget.problem,
        in_flight=missing.in_flight + progress.in_flight,
        reserved_usd=budget.reserved_usd,
    )


class _Watch:
    """What is told of each step: the file for other processes, the budget when the run stops, and whoever looks on."""

    def __init__(
        self, run_id: str, run_dir: Path, missing: Plan, budget: Budget, observe: Callable[[Progress], None]
    ) -> None:
        totals = {name: len(queue) for name, queue in missing.queues.items()}
        self.latest = Progress(total=missing.missing, totals=totals)
        self.budget, self.run_id, self._file, self._observe = budget, run_id, StateFile(run_dir), observe
        self._file.tell(run_id, self.latest)

    def __call__(self, progress: Progress) -> None:
        self.latest = progress
        progress.cost_usd = self.budget.spent_usd
        if progress.stopping:
            self.budget.close()
        self._file.tell(self.run_id, progress)
        self._observe(progress)

    def end(self, how: str) -> None:
        """Write down how the run ended."""
        self._file.write(state_of(self.run_id, self.latest, ended=how))


def _run(
    bench: Bench, engine: EngineName, question: Question, outlook: Outlook, watch: _Watch, *, terms: Terms
) -> Progress:
    """One run, with its beginning and its end kept in the store."""
    store, run_id = bench.store, watch.run_id
    store.rubrics.add(question.rubrics)
    store.runs.start(run_id, _facts(question, outlook.plan, engine))
    journal = Journal(bench.workspace.runs_dir / run_id)
    sink = Sink(journal, store.ratings.add, store.ratings.earlier({Status.FAILED, *question.again}))
    try:
        progress = asyncio.run(_rate(bench, engine, _job(question, outlook, sink, watch, terms), outlook.plan, watch))
    except (ScorerError, asyncio.CancelledError) as error:
        journal.close(stored=False)
        how = "failed" if isinstance(error, ScorerError) else "aborted"
        with suppress(StoreError):  # on a full disk this fails too, and would hide what came first
            _end(bench, watch, how, {})
        if isinstance(error, asyncio.CancelledError):
            raise RunError("aborted; what was answered is kept: run the same command again to go on") from None
        raise
    journal.close(stored=sink.is_empty)
    counts = {f"{rater} {status.value}": count for (rater, status), count in sorted(progress.statuses.items())}
    how = "out of budget" if watch.budget.is_spent else "stopped" if progress.stopping else "complete"
    _end(bench, watch, how, counts)
    return progress


def _end(bench: Bench, watch: _Watch, how: str, counts: Mapping[str, int]) -> None:
    """Write down how a run ended. What is in flight keeps it open: whoever collects that writes down the end."""
    watch.end(how)
    if is_open(bench, watch.run_id):
        watch.end(IN_BATCHES)
    else:
        bench.store.runs.finish(watch.run_id, how, counts)


async def _rate(bench: Bench, engine: EngineName, job: Job, missing: Plan, watch: _Watch) -> Progress:
    async with open_engine(engine, bench, job) as opened:
        try:
            return await opened.rate(missing.queues)
        except BudgetError:
            watch.latest.stopping = True
            return watch.latest


def _job(question: Question, outlook: Outlook, sink: Sink, watch: _Watch, terms: Terms) -> Job:
    return Job(
        watch.run_id,
        raters={rater.name: rater for rater in question.raters if rater.name in outlook.plan.queues},
        rubrics={rubric.id: rubric for rubric in question.rubrics},
        prices=outlook.prices,
        budget=watch.budget,
        sink=sink,
        observe=watch,
        stays=terms.stays,
        tell=terms.tell,
    )


def _facts(question: Question, missing: Plan, engine: EngineName) -> RunFacts:
    """What fixes a run, for its row in the store. The hash is the plan's alone: the same by whichever engine."""
    plan = {
        "onet_release": question.release.name,
        "release_sha256": question.release.sha256,
        "rubrics": {rubric.id: rubric.sha256 for rubric in question.rubrics},
        "raters": {rater.name: rater.model_dump(mode="json") for rater in question.raters},
        "repeats": question.repeats,
        "variants": question.variants,
        "missing": [line._asdict() for line in missing.lines],
        "present": missing.present,
    }
    return RunFacts(scorer_version=VERSION, plan_hash=sha256_json(plan), plan={**plan, "engine": engine.value})
