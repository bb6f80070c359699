"""Reviews: what people say about tasks on which raters disagree, as a log that only grows."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scorer.domain.base import Frozen


class ReviewAct(StrEnum):
    """What a reviewer did: answered without having seen a score, or settled the case after having seen all."""

    ANSWER = "answer"
    RESOLVE = "resolve"


class Answer(NamedTuple):
    """What somebody says about a task, before it is looked at: name, category, and why."""

    reviewer: str
    category: str
    reason: str | None = None


class ReviewEvent(Frozen):
    """One act of one reviewer about one task.

    Attributes:
        statement_sha256: the text that was judged; of a task that is reworded nothing is settled.
        category: as the rubric spells it. score: its number in the rubric's primary measure.
        reason: in the reviewer's words; a resolution always has one.
        created_at: when, UTC.
    """

    task_id: str
    rubric: str
    statement_sha256: str
    act: ReviewAct
    reviewer: str
    category: str
    score: float
    reason: str | None = None
    created_at: datetime


def answers(events: Iterable[ReviewEvent]) -> tuple[ReviewEvent, ...]:
    """The blind answers among the events of a case, in the order given; a reviewer has one."""
    return tuple(event for event in events if event.act is ReviewAct.ANSWER)


def resolution(events: Iterable[ReviewEvent]) -> ReviewEvent | None:
    """The resolution that counts, the last one; None while the case is open."""
    settled = [event for event in events if event.act is ReviewAct.RESOLVE]
    return settled[-1] if settled else None
