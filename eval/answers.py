"""A rater's answers, one a task: repeats and variants of ratings reduced, with what they were reduced from beside.

Of several texts of a task the one rated last counts. Refuses nothing: what is off a scale is refused where it is
encoded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scorer.domain.rating import BASE_VARIANT, Status
from scorer.domain.rubric import Rubric


@dataclass(frozen=True)
class RaterColumn:
    """A rater's answers, one a task (repeats and variants already reduced; see `rater_column`).

    Attributes:
        answers: task_id -> category, usable answers only.
        statuses: task_id -> Status of every task that was asked; left empty where only answers are known.
        statement_hashes: task_id -> sha256 of the text that was rated, where known.
        evidence: task_id -> what the rater says its answer rests on, where it was asked.
        repeats: task_id -> categories of all its usable repeats in the rubric's own wording, in order of repeat.
        wordings: task_id -> variant -> commonest category, of tasks answered in several variants.
    """

    name: str
    answers: Mapping[str, str]
    statuses: Mapping[str, Status] = field(default_factory=dict)
    statement_hashes: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Answered(Protocol):
    """What `rater_column` reads of a rating."""

    @property
    def task_id(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def variant(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def repeat(self) -> int: ...  # noqa: D102 - as in Rating
    @property
    def status(self) -> Status: ...  # noqa: D102 - as in Rating
    @property
    def category(self) -> str | None: ...  # noqa: D102 - as in Rating
    @property
    def evidence(self) -> str | None: ...  # noqa: D102 - as in Rating
    @property
    def statement_sha256(self) -> str | None: ...  # noqa: D102 - as in Rating


def rater_column(name: str, rubric: Rubric, ratings: Iterable[Answered]) -> RaterColumn:
    """One answer a task from ratings, oldest first: of the text rated last, the commonest category (a tie: the lower).

    A task without a usable rating has the Status of its last one.
    """
    latest: dict[str, list[Answered]] = {}
    for rating in ratings:
        same_text = [r for r in latest.get(rating.task_id, []) if r.statement_sha256 == rating.statement_sha256]
        latest[rating.task_id] = [*same_text, rating]
    answers = {task: _commonest(rubric, said) for task, of in latest.items() if (said := _categories(of))}
    return RaterColumn(
        name,
        answers,
        {task: Status.RATED if task in answers else of[-1].status for task, of in latest.items()},
        {task: sha for task, of in latest.items() if (sha := of[-1].statement_sha256)},
        {task: claim for task, of in latest.items() if task in answers and (claim := _evidence(of))},
        {task: repeats for task, of in latest.items() if len(repeats := _repeats(of)) > 1},
        {task: apart for task, of in latest.items() if len(apart := _wordings(rubric, of)) > 1},
    )


def _categories(ratings: Sequence[Answered]) -> list[str]:
    return [r.category for r in ratings if r.status is Status.RATED and r.category is not None]


def _commonest(rubric: Rubric, categories: Sequence[str]) -> str:
    if len(categories) == 1:
        return categories[0]
    return max(set(categories), key=lambda c: (categories.count(c), -rubric.number(c), c))


def _evidence(ratings: Sequence[Answered]) -> str | None:
    """What the last usable answer claims."""
    return next((r.evidence for r in reversed(ratings) if r.status is Status.RATED and r.evidence), None)


def _repeats(ratings: Sequence[Answered]) -> tuple[str, ...]:
    own = sorted((r for r in ratings if r.variant == BASE_VARIANT), key=lambda r: r.repeat)
    return tuple(_categories(own))


def _wordings(rubric: Rubric, ratings: Sequence[Answered]) -> dict[str, str]:
    apart = {name: _categories([r for r in ratings if r.variant == name]) for name in {r.variant for r in ratings}}
    return {name: _commonest(rubric, apart[name]) for name in sorted(apart) if apart[name]}
