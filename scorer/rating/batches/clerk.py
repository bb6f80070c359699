"""Carries batches on, step by step; each step is noted before and after the call that it makes.

A call that was begun and whose end nobody knows is settled first: a file is sent once more, which costs nothing; a
batch is looked for at the provider by its file before another one is ordered, since that would be paid for twice.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from scorer.domain.batches import UNSENT, Batch, Stage
from scorer.domain.rating import Cell, Rater
from scorer.errors import PermanentError, RateLimitedError
from scorer.providers import BatchProvider, RemoteBatch, write_requests
from scorer.rating.batches.drafts import Draft
from scorer.rating.batches.files import CELLS, read_cells
from scorer.rating.batches.ledger import Ledger

TRY_AGAIN_AFTER = timedelta(minutes=5)
"""How long a batch that was refused for the tokens that wait is not ordered again."""


class Bureau(NamedTuple):
    """Where the batches of one run are kept, and how a provider is reached.

    Attributes:
        ledger: where every step is written down.
        folder: of the run's batches: their Cells, and for a time what goes up and comes down.
        reach: opens the Batch API behind a rater.
        turn: held while a process is at work on batches, so that no other one takes the same step.
    """

    ledger: Ledger
    folder: Path
    reach: Callable[[Rater], BatchProvider]
    turn: Callable[[], AbstractContextManager[None]] = nullcontext

    def cells(self, batch: Batch) -> Iterable[Cell]:
        """The Cells of a batch."""
        return read_cells(self.folder / f"{batch.batch}{CELLS}")

    def note(self, batch: Batch, stage: Stage, **changed: object) -> Batch:
        """Keep the next step of a batch; what is not named stays as it was, but for the problem."""
        noted = _changed(batch, stage, **changed)
        self.ledger.note(noted)
        if not noted.is_open:
            self._clear(noted)
        return noted

    def replace(self, batch: Batch, stage: Stage, drafts: Iterable[Draft], **changed: object) -> None:
        """Keep how a batch ended and the batches that take its place: both or neither."""
        ended = _changed(batch, stage, **changed)
        self.ledger.draft({draft.batch: draft.reserved for draft in drafts}, ended)
        self._clear(ended)

    def next_number(self, run_id: str) -> int:
        """Of the next batch of a run."""
        return len(self.ledger.all(run_id)) + 1

    def sweep(self, name: str) -> None:
        """Remove what is left on the disk of a batch, or of all batches of a run, that is over."""
        for path in self.folder.glob(f"{name}.*"):
            path.unlink(missing_ok=True)

    def _clear(self, batch: Batch) -> None:
        """What a batch that is over leaves on the disk is not needed: its Ratings hold what was sent and came back."""
        self.sweep(batch.batch)


def _changed(batch: Batch, stage: Stage, **changed: object) -> Batch:
    return batch.model_copy(update={"problem": None, **changed, "stage": stage, "noted_at": datetime.now(UTC)})


class Clerk:
    """Sends, follows and cancels batches of one rater. What they answered is the Collector's.

    Args:
        bureau: of the run.
        provider: the Batch API behind the rater.
        most_tokens: that may wait in one queue; None: not stated.
    """

    def __init__(self, bureau: Bureau, provider: BatchProvider, most_tokens: float | None) -> None:
        self._bureau, self._provider, self._most_tokens = bureau, provider, most_tokens

    async def send(self, batch: Batch) -> Batch:
        """Hand a batch over, from whichever step it stands at; it stays where it is while there is no room for it.

        Raises:
            TransientError: the provider cannot be reached; the next round goes on.
            PermanentError: it will never take this batch.
        """
        if not self._has_room(batch):
            return batch
        if batch.stage is Stage.CREATING and (found := await self._found(batch)):
            return found
        if batch.stage in {Stage.DRAFTED, Stage.UPLOADING} or batch.file_id is None:
            batch = await self._upload(batch)
        return await self._create(batch)

    async def follow(self, batch: Batch) -> tuple[Batch, RemoteBatch]:
        """Ask how a batch stands, and note it where that changed."""
        remote = await self._provider.retrieve(str(batch.batch_id))
        changed = self._remote(remote)
        if any(getattr(batch, name) != value for name, value in changed.items()):
            batch = self._bureau.note(batch, batch.stage, **changed)
        return batch, remote

    async def cancel(self, batch: Batch) -> Batch:
        """End a batch: one that was never sent at once, another one as soon as the provider has done so."""
        if batch.stage is Stage.CREATING:
            batch = await self._found(batch) or batch.model_copy(update={"stage": Stage.UPLOADED})
        if batch.stage in UNSENT:
            return self._bureau.note(batch, Stage.WITHDRAWN, problem="cancelled before it was sent")
        batch = self._bureau.note(batch, Stage.CANCELLING)
        return self._bureau.note(
            batch, Stage.CANCELLING, **self._remote(await self._provider.cancel(str(batch.batch_id)))
        )

    @asynccontextmanager
    async def _requests(self, batch: Batch) -> AsyncIterator[Path]:
        """The file that goes up; it is made anew for each attempt and not kept."""
        path = self._bureau.folder / f"{batch.batch}.requests.jsonl"
        try:
            write_requests(path, self._provider, self._bureau.cells(batch))
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def _upload(self, batch: Batch) -> Batch:
        batch = self._bureau.note(batch, Stage.UPLOADING)
        async with self._requests(batch) as path:
            file_id = await self._provider.upload(path)
        return self._bureau.note(batch, Stage.UPLOADED, file_id=file_id)

    async def _create(self, batch: Batch) -> Batch:
        batch = self._bureau.note(batch, Stage.CREATING, status=None, batch_id=None)
        try:
            remote = await self._provider.create(str(batch.file_id), batch.batch)
        except (RateLimitedError, PermanentError) as error:  # refused: there is no such batch
            self._bureau.note(batch, Stage.UPLOADED, problem=str(error))
            raise
        return self._bureau.note(batch, Stage.SUBMITTED, **self._remote(remote))

    async def _found(self, batch: Batch) -> Batch | None:
        """The batch that was ordered by a call whose end nobody saw."""
        remote = await self._provider.find(str(batch.file_id))
        return self._bureau.note(batch, Stage.SUBMITTED, **self._remote(remote)) if remote else None

    def _has_room(self, batch: Batch) -> bool:
        """Whether the provider may take it beside what waits there of ours, whichever run that belongs to."""
        if batch.stage is Stage.CREATING:
            return True
        if batch.problem and datetime.now(UTC) - batch.noted_at < TRY_AGAIN_AFTER:
            return False
        if self._most_tokens is None:
            return True
        others = self.others(batch)
        return not others or sum(one.tokens for one in [batch, *others]) <= self._most_tokens

    def others(self, batch: Batch) -> list[Batch]:
        """What of ours waits at the provider beside a batch."""
        waiting = (one for one in self._bureau.ledger.open() if one.is_sent and one.queue == batch.queue)
        return [one for one in waiting if one.batch != batch.batch]

    @staticmethod
    def _remote(told: RemoteBatch) -> dict[str, object]:
        """What a provider tells of a batch, as it is noted."""
        return {
            "batch_id": told.batch_id,
            "status": told.status,
            "output_file_id": told.output_file_id,
            "error_file_id": told.error_file_id,
            "problem": told.problem,
        }
