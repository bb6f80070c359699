"""The Batch API as an engine: Cells are drafted into batches, handed over, followed, and collected.

It may be left as soon as everything is handed over: any process goes on with the same rounds.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from scorer.domain.batches import Batch, Stage
from scorer.errors import PermanentError, TransientError
from scorer.providers import BatchProvider, RemoteBatch
from scorer.providers.batches import ENDED, FAILED, VALIDATING
from scorer.rating.batches.clerk import Bureau, Clerk
from scorer.rating.batches.collecting import Collector
from scorer.rating.batches.drafts import Drafting
from scorer.rating.batches.order import Order
from scorer.rating.interrupt import interruptible
from scorer.rating.plan import Queue
from scorer.rating.progress import Progress
from scorer.rating.seam import Job

SOON_S = 2.0
"""Seconds between two rounds while it is not known whether a batch was accepted."""
LEAST_SHARE = 4
"""A batch is not halved below this part of the stated limit: then it is others who fill the queue."""
LEAST_CELLS = 100
"""The same where no limit is stated."""


class Rounds(NamedTuple):
    """The time of the engine, in seconds.

    Attributes:
        every_s: between two rounds.
        accepted_s: how long it waits to hear whether batches were accepted, where it does not stay for their end.
    """

    every_s: float = 30.0
    accepted_s: float = 60.0


class BatchEngine:
    """Rates Cells by batches. See `seam.Engine`.

    Args:
        job: of the run.
        bureau: of the run.
        counted: how far the run is, from what is stored.
        rounds: how often to look; the job says whether to stay.
    """

    def __init__(self, job: Job, bureau: Bureau, counted: Callable[[], Progress], rounds: Rounds | None = None) -> None:
        self._job, self._bureau, self._counted, self._rounds = job, bureau, counted, rounds or Rounds()
        self._providers: dict[str, BatchProvider] = {}
        self._problems = Progress(total=0).problems
        self._stopping = asyncio.Event()

    async def rate(self, missing: Mapping[str, Queue]) -> Progress:
        """Draft what is missing, hand it over, and stay as long as was asked for. See `seam.Engine.rate`.

        Returns:
            How far it came; `in_flight` says how many Cells wait in batches.
        """
        for name in missing:
            await self._provider(name).check()
        totals = {name: len(queue) for name, queue in missing.items()}
        Order.of(self._job, totals).write(self._bureau.folder)
        with interruptible(self._stop):
            with self._bureau.turn():
                for name, queue in missing.items():
                    self._draft(name, queue)
            return await self._go_on()

    async def go_on(self) -> Progress:
        """Go on with the batches that are there already."""
        with interruptible(self._stop):
            return await self._go_on()

    async def cancel(self) -> None:
        """End every batch of the run; what was answered by then is collected as usual."""
        with self._bureau.turn():
            for batch in self._open():
                await self._clerk(batch).cancel(batch)

    async def aclose(self) -> None:
        """Give the connections back."""
        for provider in self._providers.values():
            await provider.aclose()

    def _draft(self, name: str, queue: Queue) -> None:
        drafting = Drafting(
            self._job.run_id,
            self._job.raters[name],
            self._provider(name),
            self._bureau.folder,
            set_aside=self._job.budget.reserve_now,
            number=self._bureau.next_number(self._job.run_id),
        )
        for draft in drafting.drafts(queue):
            self._bureau.ledger.draft({draft.batch: draft.reserved})
            if self._stopping.is_set():
                return

    async def _go_on(self) -> Progress:
        """Round after round."""
        begun = monotonic()
        while True:
            with self._bureau.turn():
                await self._round()
            progress, left = self._tell(), self._open()
            is_told = all(one.status != VALIDATING for one in left) or monotonic() - begun > self._rounds.accepted_s
            if not left:
                self._bureau.sweep(self._job.run_id)
            if not left or (is_told and not self._job.stays) or self._stopping.is_set():
                return progress
            await self._pause(self._rounds.every_s if is_told else min(self._rounds.every_s, SOON_S))

    async def _round(self) -> None:
        """Carry every open batch as far as it goes now; what keeps one keeps no other.

        Raises:
            PermanentError: the first one, after all were tried.
        """
        errors: list[PermanentError] = []
        for known in self._each():
            try:
                await self._carry(known)
            except TransientError as error:
                self._job.tell(str(error))
            except PermanentError as error:
                errors.append(error)
                self._withdraw(known.rater, str(error))
        if errors:
            self._tell()
            raise errors[0]

    def _each(self) -> Iterator[Batch]:
        """Every open batch once, those that are drafted meanwhile as well, until somebody stops the run."""
        seen: set[str] = set()
        while fresh := [batch for batch in self._open() if batch.batch not in seen]:
            for batch in fresh:
                if self._stopping.is_set():
                    return
                seen.add(batch.batch)
                yield batch

    async def _carry(self, batch: Batch) -> None:
        if not batch.is_open:
            return
        clerk = self._clerk(batch)
        if batch.stage not in {Stage.SUBMITTED, Stage.CANCELLING}:
            await clerk.send(batch)
            return
        batch, remote = await clerk.follow(batch)
        if batch.status == FAILED:
            self._refused(batch, remote, clerk)
        elif batch.status in ENDED:
            rater = self._job.raters[batch.rater]
            collector = Collector(self._job, self._bureau, rater, self._provider(batch.rater))
            await collector.collect(batch)
            self._problems = {**collector.problems, **self._problems}
            self._tell()

    def _refused(self, batch: Batch, remote: RemoteBatch, clerk: Clerk) -> None:
        """The provider did not accept a batch: nothing of it was asked, nothing is paid for."""
        if batch.stage is Stage.CANCELLING:
            self._bureau.note(batch, Stage.WITHDRAWN, problem="cancelled; it was never accepted")
        elif not remote.is_too_much:
            self._bureau.note(batch, Stage.WITHDRAWN, problem=remote.problem)
            raise PermanentError(
                f"rater `{batch.rater}`: the provider refused batch {batch.batch} "
                f"({remote.problem or 'it says no more'}): check `model` and `params`; nothing of it was asked"
            )
        elif part := self._part(batch, remote, alone=not clerk.others(batch)):
            self._split(batch, part)
        else:
            self._bureau.note(batch, Stage.UPLOADED, problem=remote.problem)
            self._job.tell(f"batch {batch.batch} waits: {remote.problem}")

    def _part(self, batch: Batch, remote: RemoteBatch, *, alone: bool) -> float | None:
        """Tokens of the parts into which to split a batch that is too large; None where waiting may help."""
        limit = remote.most_tokens
        if batch.cells == 1:
            return None
        if limit and batch.tokens > limit:
            return float(limit)
        is_small = batch.tokens * LEAST_SHARE <= limit if limit else batch.cells <= LEAST_CELLS
        return batch.tokens / 2 if alone and not is_small else None

    def _split(self, batch: Batch, tokens: float) -> None:
        reserved = self._bureau.ledger.cells(batch.batch)
        drafting = Drafting(
            batch.run_id,
            self._job.raters[batch.rater],
            self._provider(batch.rater),
            self._bureau.folder,
            set_aside=lambda cell: reserved[cell.cell_hash],
            number=self._bureau.next_number(batch.run_id),
            attempt=batch.attempt,
            most_tokens=tokens,
        )
        parts = list(drafting.drafts(self._bureau.cells(batch)))
        self._bureau.replace(batch, Stage.SPLIT, parts, problem=batch.problem)

    def _withdraw(self, rater: str, problem: str) -> None:
        """Give back the Cells of what was never sent: an endpoint that refuses one batch for good refuses them all."""
        for batch in self._open():
            if batch.rater == rater and not batch.is_sent:
                self._bureau.note(batch, Stage.WITHDRAWN, problem=problem)

    def _open(self) -> list[Batch]:
        return [batch for batch in self._bureau.ledger.open() if batch.run_id == self._job.run_id]

    def _clerk(self, batch: Batch) -> Clerk:
        limit = self._job.raters[batch.rater].limits.enqueued_tokens
        return Clerk(self._bureau, self._provider(batch.rater), limit)

    def _provider(self, name: str) -> BatchProvider:
        if name not in self._providers:
            self._providers[name] = self._bureau.reach(self._job.raters[name])
        return self._providers[name]

    def _tell(self) -> Progress:
        progress = self._counted()
        progress.stopping, progress.problems = self._stopping.is_set(), self._problems
        self._job.observe(progress)
        return progress

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _stop(self) -> None:
        self._stopping.set()
