"""One side of a comparison: whose numbers, on which rubric, about which tasks and with which weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class SideTask(NamedTuple):
    """A task as one side has it. weight: in its occupation, >= 0; None where the scheme gives it none."""

    occupation_code: str
    statement_sha256: str
    weight: float | None


class TaskAnswer(NamedTuple):
    """A rater's number about a text under a rubric: the mean of n usable ratings."""

    rater: str
    rubric: str
    task_id: str
    statement_sha256: str
    score: float
    n: int


@dataclass(frozen=True)
class Side:
    """Everything that the numbers of one side rest on, its answers apart.

    Attributes:
        name: as it was asked for.
        onet_release: whose tasks.
        raters: of the panel, or the one rater.
        reduce: how several raters become one number: `mean`, `median` or `mode`.
        weights: scheme of the task weights.
        tasks: the current ones by task_id.
        published: occupations that have a published score on this side.
    """

    name: str
    onet_release: str
    rubric: str
    measure: str
    raters: tuple[str, ...]
    reduce: str
    weights: str
    tasks: Mapping[str, SideTask]
    published: frozenset[str]


class Answers:
    """What both sides know of who said what: the union, so that a rater of one side can speak for the other's texts."""

    def __init__(self, answers: Iterable[TaskAnswer] = ()) -> None:
        self._known: dict[tuple[str, str, str, str], TaskAnswer] = {}
        for one in answers:
            key = (one.rater, one.rubric, one.task_id, one.statement_sha256)
            before = self._known.get(key)
            if before is None or one.n > before.n:
                self._known[key] = one

    def get(self, rater: str, rubric: str, task_id: str, statement_sha256: str) -> TaskAnswer | None:
        """The answer of a rater about a text; None where there is none."""
        return self._known.get((rater, rubric, task_id, statement_sha256))
