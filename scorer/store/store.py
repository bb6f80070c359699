"""The working store of a workspace: one object, its tables by subject, nothing kept open between two calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scorer.store.batches import BatchTables
from scorer.store.catalogue import CatalogueTables
from scorer.store.connection import StoreFile
from scorer.store.contamination import ContaminationTable
from scorer.store.evidence import EvidenceTables
from scorer.store.facts import FactTables
from scorer.store.indices import IndexTables
from scorer.store.labels import LabelTables
from scorer.store.labour import LabourTables
from scorer.store.outcomes import OutcomeTables
from scorer.store.profiles import ProfileTables
from scorer.store.ratings import RatingTable
from scorer.store.register import RaterTable, RubricTable, RunTables
from scorer.store.release_writer import ReleaseChoice, ReleaseDraft, release_draft
from scorer.store.reviews import ReviewTables


class Store:
    """The working store, `.scorer/store.duckdb`; made on first use.

    Every method opens the file, works and closes it again, waiting while another process holds it.

    Args:
        path: the file.
        wait_s: how long to wait for other processes, in seconds.
    """

    def __init__(self, path: Path, wait_s: float = 10.0) -> None:
        self.path = path
        self.file = StoreFile(path, wait_s)
        self.catalogue = CatalogueTables(self.file)
        self.facts = FactTables(self.file)
        self.rubrics = RubricTable(self.file)
        self.raters = RaterTable(self.file)
        self.runs = RunTables(self.file)
        self.ratings = RatingTable(self.file)
        self.batches = BatchTables(self.file)
        self.labels = LabelTables(self.file)
        self.evidence = EvidenceTables(self.file)
        self.profiles = ProfileTables(self.file)
        self.contamination = ContaminationTable(self.file)
        self.labour = LabourTables(self.file)
        self.reviews = ReviewTables(self.file)
        self.outcomes = OutcomeTables(self.file)
        self.indices = IndexTables(self.file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the store over several calls, so that nobody changes it between them; keep it short."""
        with self.file.session():
            yield

    @contextmanager
    def release_draft(self, out: Path, choice: ReleaseChoice) -> Iterator[ReleaseDraft]:
        """A release of what is chosen; sealed in the block, it takes the place of `out` when the block ends."""
        with release_draft(self.file, out, choice) as draft:
            yield draft

    def counts(self) -> dict[str, int]:
        """Rows of every table."""
        with self.file.session() as con:
            names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()]
            return {name: con.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for name in names}  # noqa: S608 - our own names
