"""Batches: Cells that were handed to a provider together, and how far each batch is, step by step."""

from datetime import datetime
from enum import StrEnum

from scorer.domain.base import Frozen


class Stage(StrEnum):
    """How far a batch is on our side; what ends in -ing was begun, and nobody knows yet whether it was done."""

    DRAFTED = "drafted"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    CREATING = "creating"
    SUBMITTED = "submitted"
    CANCELLING = "cancelling"
    COLLECTED = "collected"
    SPLIT = "split"
    WITHDRAWN = "withdrawn"


OVER = frozenset({Stage.COLLECTED, Stage.SPLIT, Stage.WITHDRAWN})
"""Nothing of such a batch is in flight any more."""

UNSENT = frozenset({Stage.DRAFTED, Stage.UPLOADING, Stage.UPLOADED})
"""The provider has no such batch, at most its file."""


class Batch(Frozen):
    """One batch as it stands.

    Attributes:
        batch: its name here: the run's id and a number.
        queue: which batches share the provider's limit of enqueued tokens: host and model.
        cells: how many.
        tokens: of input, as far as one can say before.
        reserved_usd: what was set aside for it.
        attempt: the how-manieth batch it is in which its Cells are asked; from 1.
        status: what the provider calls its state; None before it has one.
        file_id, batch_id, output_file_id, error_file_id: the provider's names.
        spent_usd: what its answers cost; None before they are collected.
        problem: why it is not further, or ended as it did.
    """

    batch: str
    run_id: str
    rater: str
    queue: str
    cells: int
    tokens: float
    reserved_usd: float
    attempt: int
    drafted_at: datetime
    stage: Stage = Stage.DRAFTED
    status: str | None = None
    file_id: str | None = None
    batch_id: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    spent_usd: float | None = None
    problem: str | None = None
    noted_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether its Cells are in flight."""
        return self.stage not in OVER

    @property
    def is_sent(self) -> bool:
        """Whether the provider has it, or may have it."""
        return self.is_open and self.stage not in UNSENT
