"""The store: what a workspace knows (`.scorer/store.duckdb`) and publishes (`results.duckdb`); duckdb's only door.

Append-only: nothing that was rated, labelled or decided is ever overwritten; what is current is a view. It refuses to
guess: NULL is never 0, a name never changes its meaning, a file of a newer scorer is not touched.
"""

import duckdb

from scorer.store.batches import BatchTables
from scorer.store.catalogue import CatalogueTables, ReleaseSummary
from scorer.store.evidence import EvidenceRegistry, EvidenceTables
from scorer.store.facts import FactSource, FactTables
from scorer.store.indices import IndexSource, IndexTables
from scorer.store.labels import LabelSetSummary, LabelSource, LabelTables
from scorer.store.labour import LabourSource, LabourTables, Reach
from scorer.store.outcomes import Aggregation, AggregationRecord, EvaluationRecord, OutcomeTables
from scorer.store.profiles import ProfileTables
from scorer.store.ratings import RatingCount, RatingRow, RatingTable, RunSum
from scorer.store.register import RaterRecord, RaterTable, RubricTable, RunFacts, RunRecord, RunTables
from scorer.store.release_profiles import ShownProfile, evidence_addresses, shown_profiles
from scorer.store.release_reader import ExportKind, ReleaseReader, open_release
from scorer.store.release_schema import ReleaseSchema, Table, release_schema, tables_page
from scorer.store.release_writer import Fingerprint, ReleaseChoice, ReleaseDraft, ReleaseHead
from scorer.store.reviews import ReviewTables
from scorer.store.store import Store

ENGINE_VERSION: str = duckdb.__version__
"""Version of DuckDB that reads and writes here."""

__all__ = [
    "ENGINE_VERSION",
    "Aggregation",
    "AggregationRecord",
    "BatchTables",
    "CatalogueTables",
    "EvaluationRecord",
    "EvidenceRegistry",
    "EvidenceTables",
    "ExportKind",
    "FactSource",
    "FactTables",
    "Fingerprint",
    "IndexSource",
    "IndexTables",
    "LabelSetSummary",
    "LabelSource",
    "LabelTables",
    "LabourSource",
    "LabourTables",
    "OutcomeTables",
    "ProfileTables",
    "RaterRecord",
    "RaterTable",
    "RatingCount",
    "RatingRow",
    "RatingTable",
    "Reach",
    "ReleaseChoice",
    "ReleaseDraft",
    "ReleaseHead",
    "ReleaseReader",
    "ReleaseSchema",
    "ReleaseSummary",
    "ReviewTables",
    "RubricTable",
    "RunFacts",
    "RunRecord",
    "RunSum",
    "RunTables",
    "ShownProfile",
    "Store",
    "Table",
    "evidence_addresses",
    "open_release",
    "release_schema",
    "shown_profiles",
    "tables_page",
]
