"""Where batches are written down: what the engine needs of the store."""

from collections.abc import Mapping
from typing import Protocol

from scorer.domain.batches import Batch


class Ledger(Protocol):
    """Keeps every step of every batch; durable when a call returns."""

    def draft(self, drafts: Mapping[Batch, Mapping[str, float]], instead_of: Batch | None = None) -> None:
        """Keep new batches (Cell hash -> USD set aside), and what became of the one that they come from."""
        ...

    def note(self, batch: Batch) -> None:
        """Keep how a batch stands now."""
        ...

    def all(self, run_id: str | None = None) -> list[Batch]:
        """Every batch, in the order of drafting."""
        ...

    def open(self) -> list[Batch]:
        """Those of all runs whose Cells are in flight."""
        ...

    def cells(self, batch: str) -> dict[str, float]:
        """Cell hash -> USD set aside for it."""
        ...
