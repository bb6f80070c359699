"""Batches at providers: what each holds and every step taken with it, so that any process can go on with it."""

from collections.abc import Mapping

from scorer.domain.batches import Batch
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

_DRAFT = ("batch", "run_id", "rater", "queue", "cells", "tokens", "reserved_usd", "attempt", "drafted_at")
_STEP = (
    "batch",
    "stage",
    "status",
    "file_id",
    "batch_id",
    "output_file_id",
    "error_file_id",
    "spent_usd",
    "problem",
    "noted_at",
)


class BatchTables:
    """The tables `batch_draft`, `batch_cell` and `batch_step`, read together as the view `batch`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def draft(self, drafts: Mapping[Batch, Mapping[str, float]], instead_of: Batch | None = None) -> None:
        """Keep new batches, each with its Cells, and what became of the one that they come from: all or nothing.

        Args:
            drafts: batch -> Cell hash -> USD set aside for it.
            instead_of: the batch that they were part of, as it stands now.
        """
        cells = [
            {"batch": draft.batch, "cell_hash": cell_hash, "reserved_usd": usd}
            for draft, inside in drafts.items()
            for cell_hash, usd in inside.items()
        ]
        steps = [*drafts, *([instead_of] if instead_of else [])]
        with self._file.session() as con, transaction(con):
            append(con, "batch_draft", [{name: getattr(one, name) for name in _DRAFT} for one in drafts])
            append(con, "batch_cell", cells)
            append(con, "batch_step", [{name: getattr(one, name) for name in _STEP} for one in steps])

    def note(self, batch: Batch) -> None:
        """Keep how a batch stands now."""
        with self._file.session() as con, transaction(con):
            append(con, "batch_step", [{name: getattr(batch, name) for name in _STEP}])

    def all(self, run_id: str | None = None) -> list[Batch]:
        """Every batch (of a run, where it is named) as it stands, in the order of drafting."""
        query = "SELECT * FROM batch WHERE run_id = coalesce($run_id, run_id) ORDER BY batch"
        with self._file.session() as con:
            return models(Batch, rows(con, query, {"run_id": run_id}))

    def open(self) -> list[Batch]:
        """Those whose Cells are in flight, in the order of drafting."""
        with self._file.session() as con:
            return models(Batch, rows(con, "SELECT * FROM batch_open ORDER BY batch"))

    def in_flight(self) -> frozenset[str]:
        """The hashes of the Cells in open batches."""
        with self._file.session() as con:
            found = con.execute("SELECT cell_hash FROM batch_cell SEMI JOIN batch_open USING (batch)").fetchall()
        return frozenset(cell_hash for (cell_hash,) in found)

    def cells(self, batch: str) -> dict[str, float]:
        """The Cells of a batch: hash -> USD set aside for it."""
        with self._file.session() as con:
            query = "SELECT cell_hash, reserved_usd FROM batch_cell WHERE batch = ?"
            return dict(con.execute(query, [batch]).fetchall())
