"""From the files that a provider sends back to Ratings, and to further batches for what it did not answer."""

from collections.abc import Iterator
from typing import NamedTuple

from scorer.domain.batches import Batch, Stage
from scorer.domain.money import BATCH
from scorer.domain.rating import Cell, Rater, Rating, Reply, Status
from scorer.errors import PermanentError, TransientError
from scorer.providers import BatchProvider
from scorer.providers.batches import CANCELLED
from scorer.rating.assemble import failed_rating, rating_of
from scorer.rating.batches.clerk import Bureau
from scorer.rating.batches.drafts import Draft, Drafting
from scorer.rating.batches.files import ResultLines
from scorer.rating.seam import Job
from scorer.rating.sink import FLUSH_ROWS
from scorer.rubrics import read_answer

MOST_ATTEMPTS = 3
"""In how many batches a Cell is asked before it counts as failed; one that was never reached is not paid for."""
NO_ANSWER = "no line about this cell"


class Found(NamedTuple):
    """What became of the Cells of a batch.

    Attributes:
        unanswered: Cell hash -> why, of those that may be asked again.
        refused: the first word of the provider on Cells that it will never answer; None where there is none.
        spent_usd: what the answers cost.
    """

    unanswered: dict[str, str]
    refused: str | None
    spent_usd: float


class Collector:
    """Collects batches of one rater.

    Args:
        job: of the run; its sink takes the Ratings, its budget is settled.
        bureau: of the run.
        rater: who was asked.
        provider: the Batch API behind it.

    Attributes:
        problems: the first of its kind, by rater and status.
    """

    def __init__(self, job: Job, bureau: Bureau, rater: Rater, provider: BatchProvider) -> None:
        self._job, self._bureau, self._rater, self._provider = job, bureau, rater, provider
        self.problems: dict[tuple[str, Status], str] = {}

    async def collect(self, batch: Batch) -> None:
        """Turn what a batch brought into Ratings, and ask what it did not answer once more.

        Killed at any point it is done again: a Rating keeps its id, and what follows is noted at once with the end.

        Raises:
            PermanentError: some Cells will never be answered as they are asked; everything else is kept.
        """
        found = await self._read(batch)
        drafts = [] if self._is_unwanted(batch) else list(self._further(batch, found.unanswered))
        await self._job.sink.flush()
        problem = self._problem(batch, found, sum(len(draft.reserved) for draft in drafts))
        self._bureau.replace(batch, Stage.COLLECTED, drafts, spent_usd=found.spent_usd, problem=problem)
        if found.refused:
            raise PermanentError(found.refused)
        if problem:
            self._job.tell(f"batch {batch.batch}: {problem}")

    async def _read(self, batch: Batch) -> Found:
        reserved = self._bureau.ledger.cells(batch.batch)
        unanswered: dict[str, str] = {}
        refused, spent, taken = None, 0.0, 0
        with await self._lines(batch) as lines:
            for cell in self._bureau.cells(batch):
                cost: float | None = 0.0
                try:
                    rating = self._rating(batch, cell, lines)
                except TransientError as error:
                    unanswered[cell.cell_hash] = str(error)
                except PermanentError as error:
                    refused = refused or str(error)
                else:
                    self._keep(rating)
                    cost, taken = rating.cost_usd, taken + 1
                    if taken % FLUSH_ROWS == 0:
                        await self._job.sink.flush()
                aside = reserved.get(cell.cell_hash, 0.0)
                self._job.budget.settle(cell, aside, cost)
                spent += aside if cost is None else cost
        return Found(unanswered, refused, spent)

    async def _lines(self, batch: Batch) -> ResultLines:
        """Both files, fetched whole; either may be missing."""
        paths = []
        for kind, file_id in (("output", batch.output_file_id), ("errors", batch.error_file_id)):
            if file_id:
                path = self._bureau.folder / f"{batch.batch}.{kind}.jsonl"
                await self._provider.download(file_id, path)
                paths.append(path)
        return ResultLines(paths)

    def _rating(self, batch: Batch, cell: Cell, lines: ResultLines) -> Rating:
        """The Rating of a Cell; raises as asking it at once would."""
        line = lines.get(cell.cell_hash)
        if line is None:
            raise TransientError(NO_ANSWER)
        reply = self._provider.reply(cell, line)
        answer = read_answer(self._job.rubrics[cell.rubric], reply, self._rater.answer, cell.answer_schema)
        cost = self._cost_usd(reply)
        rating = rating_of(cell, self._job.run_id, reply, answer, attempts=batch.attempt, cost_usd=cost)
        return rating.model_copy(update={"service_tier": BATCH, "latency_ms": None})

    def _cost_usd(self, reply: Reply) -> float | None:
        """What a reply cost; a refusal of the prompt alone has no tokens and costs nothing."""
        if reply.usage.input_tokens is None and reply.text is None:
            return 0.0
        return self._job.prices[self._rater.name].cost_usd(reply.usage, BATCH)

    def _further(self, batch: Batch, unanswered: dict[str, str]) -> Iterator[Draft]:
        """Batches of what was not answered; what was asked often enough becomes a failed Rating instead."""
        if not unanswered:
            return
        cells = (cell for cell in self._bureau.cells(batch) if cell.cell_hash in unanswered)
        if batch.attempt >= MOST_ATTEMPTS:
            for cell in cells:
                why = f"in {batch.attempt} batches no answer: {unanswered[cell.cell_hash]}"
                self._keep(failed_rating(cell, self._job.run_id, why, batch.attempt))
            return
        reserved = self._bureau.ledger.cells(batch.batch)
        drafting = Drafting(
            self._job.run_id,
            self._rater,
            self._provider,
            self._bureau.folder,
            set_aside=lambda cell: self._job.budget.reserve_now(cell, reserved[cell.cell_hash]),
            number=self._bureau.next_number(self._job.run_id),
            attempt=batch.attempt + 1,
        )
        yield from drafting.drafts(cells)

    def _keep(self, rating: Rating) -> None:
        self._job.sink.take(rating)
        if rating.problem:
            self.problems.setdefault((rating.rater, rating.status), rating.problem)

    def _is_unwanted(self, batch: Batch) -> bool:
        """Somebody ended it, here or at the provider: what it did not answer is not asked again by itself."""
        return batch.stage is Stage.CANCELLING or batch.status == CANCELLED

    def _problem(self, batch: Batch, found: Found, drafted: int) -> str | None:
        """Why some of its Cells are missing again; None where none is."""
        left = len(found.unanswered) - drafted
        if left and self._is_unwanted(batch):
            return f"cancelled: {left:,} unanswered cells are missing again"
        if left and batch.attempt < MOST_ATTEMPTS:
            return f"the budget is spent: {left:,} unanswered cells are missing again"
        return found.refused
