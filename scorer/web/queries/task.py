"""One task: every answer about it, word for word, with what it cost; what people said; what came of it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scorer.domain.rating import Json
from scorer.store import ReleaseReader
from scorer.web.queries.occupation import Rows, grouped, occupations
from scorer.web.shelf import OpenRelease

MOST_ANSWERS = 400
"""Ratings of one task that a page shows; the release has all."""

_ABOUT = "SELECT * FROM {table} WHERE task_id IN (SELECT unnest($tasks)) ORDER BY task_id, {order}"
_RATINGS = """
SELECT * FROM rating WHERE task_id IN (SELECT unnest($tasks))
QUALIFY row_number() OVER (PARTITION BY task_id ORDER BY rubric, rater, variant, repeat, created_at DESC) <= $most
ORDER BY task_id, rubric, rater, variant, repeat, created_at DESC
"""
_TOLD = ("rating", "label", "review_event")
"""Tables that say something of a task that its occupation's page does not."""


class TaskStory(NamedTuple):
    """A task as the release has it.

    Attributes:
        row: of the table `task`: the current text, or the newest that answers refer to.
        older: its other texts, where answers or labels still refer to them.
        title: of its occupation.
        ratings: the first `MOST_ANSWERS` of them, with everything that was kept.
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
    return next(iter(task_stories(release, [task_id])), None)


def task_stories(release: OpenRelease, task_ids: Sequence[str]) -> Iterator[TaskStory]:
    """Read tasks, in the order given; what the release does not have is left out.

    Many at a time cost little more than one: a site has thousands of them.
    """
    reader, known = release.reader(), occupations(release)

    def about(table: str, order: str) -> dict[str, Rows]:
        if table not in release.tables:
            return {}
        return grouped(reader.rows(_ABOUT.format(table=table, order=order), {"tasks": list(task_ids)}), "task_id")

    texts = about("task", "is_current DESC, onet_release DESC")
    consensus, disagreements = about("task_consensus", "rubric"), about("disagreement", "rubric")
    labels = about("label", "rubric, label_set, labeller")
    activities, events = about("task_activity", "activity_id"), about("review_event", "rubric, rowid")
    ratings = grouped(reader.rows(_RATINGS, {"tasks": list(task_ids), "most": MOST_ANSWERS}), "task_id")
    for task_id in task_ids:
        if task_id not in texts:
            continue
        row, *older = texts[task_id]
        said = labels.get(task_id, [])
        yield TaskStory(
            row=row,
            older=older,
            title=known.get(row["occupation_code"], {}).get("title"),
            ratings=ratings.get(task_id, []),
            consensus=consensus.get(task_id, []),
            labels=[one for one in said if one["origin"] != "review"],
            resolved=[one for one in said if one["origin"] == "review"],
            disagreements=disagreements.get(task_id, []),
            activities=activities.get(task_id, []),
            events=events.get(task_id, []),
        )


def told_tasks(reader: ReleaseReader, tables: set[str]) -> list[str]:
    """The tasks of which there is something to tell: answers, labels, what reviewers did; in order."""
    told = " UNION ".join(f"SELECT task_id FROM {table}" for table in _TOLD if table in tables)  # noqa: S608 - our own names
    query = f"SELECT task_id FROM ({told}) SEMI JOIN task USING (task_id) ORDER BY ALL"  # noqa: S608 - as above
    return [row["task_id"] for row in reader.rows(query)]
