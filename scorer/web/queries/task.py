"""One task: every answer about it, word for word, with what it cost; what people said; what came of it."""

from typing import NamedTuple

from scorer.domain.rating import Json
from scorer.store import ReleaseReader
from scorer.web.queries.occupation import Rows, occupations
from scorer.web.shelf import OpenRelease

MOST_ANSWERS = 400
"""Ratings of one task that a page shows, newest first; the release has all."""

_RATINGS = """
SELECT r.* FROM rating r WHERE r.task_id = $task
ORDER BY r.rubric, r.rater, r.variant, r.repeat, r.created_at DESC LIMIT $most
"""
_ACTIVITIES = "SELECT activity_id, activity FROM task_activity WHERE task_id = $task ORDER BY activity_id"
_EVENTS = "SELECT * FROM review_event WHERE task_id = $task ORDER BY rubric, rowid"
_TOLD = ("rating", "label", "review_event")
"""Tables that say something of a task that its occupation's page does not."""


class TaskStory(NamedTuple):
    """A task as the release has it.

    Attributes:
        row: of the table `task`: the current text, or the newest that answers refer to.
        older: its other texts, where answers or labels still refer to them.
        title: of its occupation.
        ratings: all of them, with everything that was kept.
        consensus, labels, disagreements: rows of their tables about it.
        resolved: labels of origin `review`: resolutions and adjudications, no part of agreement or gate.
        events: rows of `review_event`: what reviewers did about it, in order.
    """

    row: Json
    older: Rows
    title: str | None
    ratings: Rows
    consensus: Rows
    labels: Rows
    resolved: Rows
    disagreements: Rows
    activities: Rows
    events: Rows

    def cases(self) -> list[str]:
        """The rubrics on which it is, or was, a case of the review."""
        return sorted({row["rubric"] for row in (*self.disagreements, *self.events)})


def task_story(release: OpenRelease, task_id: str) -> TaskStory | None:
    """Read a task; None where the release has none of this id."""
    reader, known = release.reader(), {"task": task_id}
    texts = reader.rows("SELECT * FROM task WHERE task_id = $task ORDER BY is_current DESC, onet_release DESC", known)
    if not texts:
        return None
    its_occupation = occupations(release).get(texts[0]["occupation_code"], {})
    labels = reader.rows("SELECT * FROM label WHERE task_id = $task ORDER BY rubric, label_set, labeller", known)

    def of(table: str, query: str) -> Rows:
        return reader.rows(query, known) if table in release.tables else []

    return TaskStory(
        row=texts[0],
        older=texts[1:],
        title=its_occupation.get("title"),
        ratings=reader.rows(_RATINGS, {**known, "most": MOST_ANSWERS}),
        consensus=reader.rows("SELECT * FROM task_consensus WHERE task_id = $task ORDER BY rubric", known),
        labels=[one for one in labels if one["origin"] != "review"],
        resolved=[one for one in labels if one["origin"] == "review"],
        disagreements=reader.rows("SELECT * FROM disagreement WHERE task_id = $task ORDER BY rubric", known),
        activities=of("task_activity", _ACTIVITIES),
        events=of("review_event", _EVENTS),
    )


def told_tasks(reader: ReleaseReader, tables: set[str]) -> list[str]:
    """The tasks of which there is something to tell: answers, labels, what reviewers did; in order."""
    told = " UNION ".join(f"SELECT task_id FROM {table}" for table in _TOLD if table in tables)  # noqa: S608 - our own names
    query = f"SELECT task_id FROM ({told}) SEMI JOIN task USING (task_id) ORDER BY ALL"  # noqa: S608 - as above
    return [row["task_id"] for row in reader.rows(query)]
