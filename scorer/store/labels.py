"""Hand labels: a changed label is appended and counts from then on, the old one stays."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import duckdb

from scorer.domain.base import Frozen, sha256_json
from scorer.domain.evaluation import Label, LabelOrigin
from scorer.domain.names import hint
from scorer.domain.uncertainty import LabelDraw
from scorer.errors import LabelError
from scorer.store.connection import StoreFile
from scorer.store.sql import append, models, rows, transaction

_CHANGED = """NOT EXISTS (
    SELECT 1 FROM label_current c
    WHERE c.label_set = incoming.label_set AND c.task_id = incoming.task_id AND c.rubric = incoming.rubric
        AND c.labeller = incoming.labeller AND c.origin = incoming.origin AND c.content_sha256 = incoming.content_sha256
)"""
_SETS = """
SELECT s.*, count(*) AS n_labels, count(DISTINCT l.task_id) AS n_tasks,
    list_sort(list(DISTINCT l.rubric)) AS rubrics,
    list_sort(coalesce(
        list(DISTINCT l.labeller) FILTER (l.origin <> 'review'), list(DISTINCT l.labeller)
    )) AS labellers,
    list_sort(coalesce(
        list(DISTINCT l.labeller_kind) FILTER (l.origin <> 'review'), list(DISTINCT l.labeller_kind)
    )) AS labeller_kinds,
    list_sort(list(DISTINCT l.origin)) AS origins
FROM label_set_current s JOIN label_current l ON l.label_set = s.name
GROUP BY ALL ORDER BY s.name
"""


class LabelSource(Frozen):
    """Where a label set comes from.

    Attributes:
        kind: `import` (a file or a known source), `sample` (drawn to be labelled), `review`.
        source: what was read, for people: a file's name, an address.
        sha256: of the file's bytes, where there was one file.
        credit: the line that a release must carry for using it; None where none is owed.
        is_private: judges raters here and is never handed out: in no release, export or prompt. A set that was private
            once stays private.
    """

    source: str
    kind: str = "import"
    sha256: str | None = None
    credit: str | None = None
    is_private: bool = False


class LabelSetSummary(Frozen):
    """One label set in figures; only current labels are counted.

    Attributes:
        labellers, labeller_kinds: without those who only settled what others labelled.
    """

    name: str
    kind: str
    source: str
    sha256: str | None
    credit: str | None
    is_private: bool
    imported_at: datetime
    n_labels: int
    n_tasks: int
    rubrics: tuple[str, ...]
    labellers: tuple[str, ...]
    labeller_kinds: tuple[str, ...]
    origins: tuple[str, ...]

    @property
    def can_decide(self) -> bool:
        """Whether it holds more than resolutions of reviewers, which never judge a rater."""
        return set(self.origins) != {LabelOrigin.REVIEW.value}


class LabelTables:
    """The tables `label_set`, `label` and `label_sample`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, label_set: str, labels: Iterable[Label], source: LabelSource) -> int:
        """Append the labels that are new or say something else than before.

        One label is a set, task, rubric, labeller and origin; named twice in `labels`, the later counts.

        Returns:
            How many were appended.

        Raises:
            LabelError: a label belongs to another set.
        """
        with self._file.session() as con, transaction(con):
            return append_labels(con, label_set, labels, source)

    def sets(self) -> list[LabelSetSummary]:
        """Every label set in figures, by name."""
        with self._file.session() as con:
            return models(LabelSetSummary, rows(con, _SETS))

    def find(self, name: str) -> LabelSetSummary:
        """One label set in figures.

        Raises:
            LabelError: there is none of this name.
        """
        known = {one.name: one for one in self.sets()}
        if name not in known:
            raise LabelError(f"no label set `{name}`{hint(name, sorted(known))}; `scorer labels list` shows them")
        return known[name]

    def in_file_order(self, label_set: str, rubric: str) -> list[str]:
        """The tasks of a set in the order in which they were read."""
        query = """SELECT task_id FROM label WHERE label_set = ? AND rubric = ? AND origin <> 'review'
            GROUP BY task_id ORDER BY min(rowid)"""
        with self._file.session() as con:
            return [task_id for (task_id,) in con.execute(query, [label_set, rubric]).fetchall()]

    def add_sample(self, draws: Sequence[LabelDraw]) -> bool:
        """Keep a sample whole; False where it is here already (the same choices draw the same sample)."""
        with self._file.session() as con, transaction(con):
            if con.execute("SELECT 1 FROM label_sample WHERE sample_id = ?", [draws[0].sample_id]).fetchone():
                return False
            append(con, "label_sample", [dict(draw) for draw in draws])
            return True

    def samples(self) -> list[LabelDraw]:
        """Every draw of every sample, in order of sample and place."""
        with self._file.session() as con:
            return models(LabelDraw, rows(con, "SELECT * FROM label_sample ORDER BY sample_id, place"))

    def load(self, rubric: str, label_set: str | None = None) -> list[Label]:
        """The current labels on a rubric, of one set or all, in order of set, task and labeller."""
        query = """SELECT * EXCLUDE (content_sha256) FROM label_current
            WHERE rubric = $rubric AND label_set = coalesce($label_set, label_set)
            ORDER BY label_set, task_id, labeller, origin"""
        with self._file.session() as con:
            return models(Label, rows(con, query, {"rubric": rubric, "label_set": label_set}))


def append_labels(con: duckdb.DuckDBPyConnection, label_set: str, labels: Iterable[Label], source: LabelSource) -> int:
    """Append the labels that say something new, and where they come from, in the caller's transaction; see `add`."""
    unique = {_key(label): _row(label) for label in labels}
    if strangers := {str(row["label_set"]) for row in unique.values()} - {label_set}:
        raise LabelError(f"labels of {', '.join(sorted(strangers))} cannot enter the set {label_set}: add them apart")
    added = append(con, "label", list(unique.values()), where=_CHANGED)
    if added or source.is_private:
        append(con, "label_set", [{"name": label_set, **dict(source), "imported_at": datetime.now(UTC)}])
    return added


def _key(label: Label) -> tuple[str, ...]:
    return label.label_set, label.task_id, label.rubric, label.labeller, label.origin


def _row(label: Label) -> dict[str, object]:
    said = label.model_dump(mode="json", exclude={"created_at"})
    return {**dict(label), "content_sha256": sha256_json(said)}
