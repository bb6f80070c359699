"""Where finished Ratings go: the journal at once, the store every few seconds in one batch."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Protocol

from scorer.domain.rating import Rating
from scorer.errors import StoreBusyError
from scorer.rating.journal import Journal

FLUSH_ROWS = 1_000
"""Twice as many would save a thirtieth of a rating's processor time and cost 30 MB."""
FLUSH_S = 3.0


class Keeps(Protocol):
    """Whoever takes finished Ratings: the Sink of a run, or what stands for it elsewhere. See `Sink` for each."""

    def take(self, rating: Rating) -> None:
        """From here on its Cell is done."""
        ...

    async def keep_flushing(self) -> None:
        """Flush until closed."""
        ...

    def close(self) -> None:
        """Let `keep_flushing` end."""
        ...


class Sink:
    """Journal first, then batches; a busy store only means that the batch goes with the next one.

    Args:
        journal: durable at once.
        store: adds Ratings in one short open, work, close; runs in a thread, so that requests go on meanwhile.
        repairs: Cell hash -> the earlier rating of a Cell that is asked again, which the new one then names.
    """

    def __init__(
        self,
        journal: Journal,
        store: Callable[[Iterable[Rating]], int],
        repairs: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._journal, self._store, self._repairs = journal, store, repairs
        self._waiting: list[Rating] = []
        self._wake = asyncio.Event()
        self._closing = False

    def take(self, rating: Rating) -> None:
        """Make the Rating durable; from here on its Cell is done."""
        if earlier := self._repairs.get(rating.cell_hash):
            rating = rating.model_copy(update={"repairs_rating_id": earlier})
        self._journal.append(rating)
        self._waiting.append(rating)
        if len(self._waiting) >= FLUSH_ROWS:
            self._wake.set()

    async def keep_flushing(self) -> None:
        """Flush every few seconds, or sooner when many wait, until closed; then once more.

        Raises:
            StoreError: the store takes nothing; the journal still holds every Rating.
        """
        while not self._closing:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), FLUSH_S)
            self._wake.clear()
            with suppress(StoreBusyError):
                await self.flush()
        await self.flush()

    @property
    def is_empty(self) -> bool:
        """Whether the store has every Rating that was taken."""
        return not self._waiting

    def close(self) -> None:
        """Let `keep_flushing` end after a last flush. It is never cancelled: a flush under way must not be doubled."""
        self._closing = True
        self._wake.set()

    async def flush(self) -> None:
        """Hand what waits to the store.

        Raises:
            StoreError: the store takes nothing; the journal still holds every Rating.
        """
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        try:
            await asyncio.to_thread(self._store, batch)
        except Exception:
            self._waiting = batch + self._waiting
            raise
