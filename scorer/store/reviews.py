"""The log of reviews: nothing in it changes, and what is said twice is kept once."""

from scorer.domain.evaluation import Label
from scorer.domain.review import ReviewEvent
from scorer.store.connection import StoreFile
from scorer.store.labels import LabelSource, append_labels
from scorer.store.sql import append, models, rows, transaction

_FIRST_ANSWER = """NOT EXISTS (
    SELECT 1 FROM review_event e
    WHERE e.act = 'answer' AND e.task_id = incoming.task_id AND e.rubric = incoming.rubric
        AND e.statement_sha256 = incoming.statement_sha256 AND e.reviewer = incoming.reviewer
)"""
_SAYS_SOMETHING_ELSE = """NOT EXISTS (
    SELECT 1 FROM review_resolution e
    WHERE e.task_id = incoming.task_id AND e.rubric = incoming.rubric
        AND e.statement_sha256 = incoming.statement_sha256 AND e.reviewer = incoming.reviewer
        AND e.category = incoming.category AND e.reason = incoming.reason
)"""


class ReviewTables:
    """The table `review_event`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def answer(self, event: ReviewEvent) -> bool:
        """Keep a blind answer; False where this reviewer has answered about this text before: the first one counts."""
        with self._file.session() as con, transaction(con):
            return bool(append(con, "review_event", [dict(event)], where=_FIRST_ANSWER))

    def resolve(self, event: ReviewEvent, label: Label, source: LabelSource) -> bool:
        """Keep a resolution and the label that it is, both or neither; False where it counts already."""
        with self._file.session() as con, transaction(con):
            added = append(con, "review_event", [dict(event)], where=_SAYS_SOMETHING_ELSE)
            append_labels(con, label.label_set, [label], source)
        return bool(added)

    def events(self, rubric: str | None = None) -> list[ReviewEvent]:
        """What was done, on one rubric or all, in the order in which it was done."""
        query = "SELECT * FROM review_event WHERE rubric = coalesce($rubric, rubric) ORDER BY rowid"
        with self._file.session() as con:
            return models(ReviewEvent, rows(con, query, {"rubric": rubric}))
