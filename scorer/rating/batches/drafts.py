"""From Cells to batches: as many in each as a provider takes, its Cells on the disk and its money set aside."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from scorer.domain.batches import Batch
from scorer.domain.rating import Cell, Rater
from scorer.providers import BatchProvider
from scorer.rating.batches.files import CELLS, CellFile
from scorer.rating.estimate import usual_by_rule

MOST_CELLS = 50_000
MOST_BYTES = 200_000_000


class Draft(NamedTuple):
    """A batch that was never sent, and what was set aside for each of its Cells, by hash."""

    batch: Batch
    reserved: dict[str, float]


class Drafting:
    """Writes batches of one rater.

    Args:
        run_id: of which run.
        rater: who is asked.
        provider: says how long the line of a Cell is.
        folder: where the Cells are kept.
        set_aside: the money for a Cell; None where the budget does not bear it.
        number: of the first batch.
        attempt: see `Batch`.
        most_tokens: of one batch, beside what the rater's limits say.
    """

    def __init__(
        self,
        run_id: str,
        rater: Rater,
        provider: BatchProvider,
        folder: Path,
        *,
        set_aside: Callable[[Cell], float | None],
        number: int,
        attempt: int = 1,
        most_tokens: float | None = None,
    ) -> None:
        self._run_id, self._rater, self._provider, self._folder = run_id, rater, provider, folder
        self._set_aside, self._number, self._attempt = set_aside, number, attempt
        limits = (most_tokens, rater.limits.enqueued_tokens)
        self._most_tokens = min((one for one in limits if one is not None), default=float("inf"))
        self.is_out_of_money = False
        self._coming: Iterator[Cell] = iter(())
        self._next: Cell | None = None

    def drafts(self, cells: Iterable[Cell]) -> Iterator[Draft]:
        """Batch after batch, until the Cells or the money end; each has its file when it is given out."""
        self._coming = iter(cells)
        self._next = next(self._coming, None)
        while self._next is not None and not self.is_out_of_money:
            name = f"{self._run_id}.{self._number:03d}"
            with CellFile(self._folder / f"{name}{CELLS}") as file:
                reserved, tokens = self._fill(file)
                if not reserved:
                    return
                file.finish()
            self._number += 1
            yield Draft(self._batch(name, reserved, tokens), reserved)

    def _fill(self, file: CellFile) -> tuple[dict[str, float], float]:
        """Draw Cells into a file until it is full; gives what was set aside for each, and their tokens."""
        reserved: dict[str, float] = {}
        size, tokens = 0, 0.0
        while (cell := self._next) is not None:
            size += len(self._provider.line(cell)) + 1
            takes = usual_by_rule(cell, self._rater).input_tokens
            if reserved and self._is_full(len(reserved), size, tokens + takes):
                break
            usd = self._set_aside(cell)
            if usd is None:
                self.is_out_of_money = True
                break
            file.add(cell)
            reserved[cell.cell_hash] = usd
            tokens += takes
            self._next = next(self._coming, None)
        return reserved, tokens

    def _is_full(self, cells: int, size: int, tokens: float) -> bool:
        return cells >= MOST_CELLS or size > MOST_BYTES or tokens > self._most_tokens

    def _batch(self, name: str, reserved: dict[str, float], tokens: float) -> Batch:
        now = datetime.now(UTC)
        return Batch(
            batch=name,
            run_id=self._run_id,
            rater=self._rater.name,
            queue=queue_of(self._rater),
            cells=len(reserved),
            tokens=tokens,
            reserved_usd=sum(reserved.values()),
            attempt=self._attempt,
            drafted_at=now,
            noted_at=now,
        )


def queue_of(rater: Rater) -> str:
    """Host and model: what a provider counts waiting tokens by."""
    return f"{urlsplit(rater.base_url or '').hostname or 'openai'} {rater.model}"
