"""What is missing: the Cells of a selection that have no answer yet, and why each one is asked.

An answer of any kind (a refusal, a truncated text, a category off the scale) is an answer: it is asked again only on
request. A Cell whose attempts were all used up without an answer (`failed`) is missing.

A Plan holds places of tasks, not prompts: a Cell is rendered when it is drawn, so a plan of any size stays small.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Protocol

from scorer.domain.catalogue import Task
from scorer.domain.past import NOTHING, Past, Standing
from scorer.domain.rating import Cell, Rater, Status
from scorer.rating.cells import Asking, Series


class Reason(StrEnum):
    """Why a Cell is asked."""

    NEW_RATER = "new rater"
    NEW_RUBRIC = "new rubric"
    NEW_TASK = "new task"
    NEW_VERSION = "new rubric version"
    CHANGED_TEXT = "changed text"
    NEW_ASKING = "new variant, repeat or occasion"
    FAILED_BEFORE = "failed before"
    AGAIN = "asked again on request"


class PlanLine(NamedTuple):
    """How many Cells of one rater, rubric and variant are missing for one reason."""

    rater: str
    rubric: str
    variant: str
    reason: Reason
    cells: int


class Queue(Protocol):
    """The Cells that one rater is to be asked: how many, and one after the other. A list of Cells is one."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __iter__(self) -> Iterator[Cell]:
        """Each of them, once, in the order of asking."""
        ...


class Places(NamedTuple):
    """Some of the tasks that a Series asks about; `characters` of the prompts in all."""

    series: Series
    at: "array[int]"
    characters: int = 0


class MissingCells:
    """The missing Cells of one rater, each rendered when it is drawn."""

    def __init__(self, asked: Asking, parts: tuple[Places, ...]) -> None:
        self._asked, self.parts = asked, parts

    def __len__(self) -> int:
        """How many are missing."""
        return sum(len(part.at) for part in self.parts)

    def __iter__(self) -> Iterator[Cell]:
        """Series by Series."""
        for part in self.parts:
            yield from self._asked.cells(part.series, part.at)


class Plan(NamedTuple):
    """The Cells still missing.

    Attributes:
        queues: those of each rater that has any, by its name, in the order of the raters.
        lines: their counts by rater, rubric, variant and reason.
        present: how many Cells of the selection have an answer already.
        borrowed: Cells that have their answer, or are asked now, under another name of the same rater.
        in_flight: how many have none and are in an open batch: they are not asked a second time.
    """

    queues: Mapping[str, MissingCells]
    lines: tuple[PlanLine, ...]
    present: int
    borrowed: "Borrowed"
    in_flight: int = 0

    @property
    def missing(self) -> int:
        """How many Cells are to be asked."""
        return sum(len(queue) for queue in self.queues.values())


class Borrowed:
    """Cells of raters that are asked under another rater's name: rater and Cell hash of each."""

    def __init__(self, asked: Asking, parts: tuple[Places, ...]) -> None:
        self._asked, self._parts = asked, parts

    def __iter__(self) -> Iterator[tuple[Rater, str]]:
        """Each, hashed when it is drawn."""
        for series, at, _ in self._parts:
            for place in at:
                yield series.rater, series.cell_hash(*self._asked.identity(series, place))


def make_plan(asked: Asking, past: Past = NOTHING, again: Collection[Status] = ()) -> Plan:
    """What is missing of the Cells that are asked for.

    Args:
        asked: the selection; a Cell that the names of several raters ask for is asked once.
        past: what was asked before.
        again: Cells whose rating has one of these statuses are asked again.
    """
    sorting = [_Sorting(series, past, again) for series in asked.series]
    first: dict[str, _Sorting] = {}
    for one in sorting:
        one.leads = first.setdefault(one.series.key, one) is one
    for _, group in groupby(sorted(sorting, key=_same_text), _same_text):
        members = list(group)
        for place in range(len(asked.tasks)):
            task_id, text = asked.identity(members[0].series, place)
            for one in members:
                one.take(place, asked.tasks[place], one.series.cell_hash(task_id, text), len(text))
    return _plan(asked, sorting)


class _Sorting:
    """The Cells of one Series, sorted by what becomes of them. Of Series that ask the same, the first one leads."""

    def __init__(self, series: Series, past: Past, again: Collection[Status]) -> None:
        self.series, self._past, self._again, self.leads = series, past, {Status.FAILED, *again}, True
        self.missing, self.borrowed, self.present, self.characters = array("L"), array("L"), 0, 0
        self.in_flight = 0
        self.reasons: Counter[Reason] = Counter()
        self._texts = past.texts.get((series.rater.name, series.rubric.name))

    def take(self, place: int, task: Task, cell_hash: str, characters: int) -> None:
        """Sort the Cell of the task at a place; its text has so many characters."""
        standing = self._past.standings.get(cell_hash)
        is_missing = standing is None or standing.status in self._again
        if is_missing and self.leads and cell_hash in self._past.in_flight:
            self.in_flight += 1
            return
        if is_missing and self.leads:
            self.missing.append(place)
            self.characters += self.series.frame_characters + self.series.requests * characters
            self.reasons[self._reason(standing, task)] += 1
            return
        self.present += self.leads
        if is_missing or not standing or self.series.rater.name not in standing.raters:
            self.borrowed.append(place)

    def _reason(self, standing: Standing | None, task: Task) -> Reason:
        if standing:
            return Reason.FAILED_BEFORE if standing.status is Status.FAILED else Reason.AGAIN
        if self._texts is None:
            return Reason.NEW_RUBRIC if self.series.rater.name in self._past.raters else Reason.NEW_RATER
        asked = self._texts.get(task.task_id, frozenset())
        if not asked:
            return Reason.NEW_TASK
        of_version = {text.statement_sha256 for text in asked if text.rubric == self.series.rubric.id}
        if not of_version:
            return Reason.NEW_VERSION
        if self.series.is_first and task.statement_sha256 in of_version:
            return Reason.CHANGED_TEXT  # of the occupation, which the prompt shows beside the task
        return Reason.NEW_ASKING if task.statement_sha256 in of_version else Reason.CHANGED_TEXT


def _same_text(one: _Sorting) -> tuple[str, bool]:
    """Series that are alike in this say the same about a task, so that it is rendered once."""
    return one.series.rubric.id, one.series.by_probes


def _plan(asked: Asking, sorting: Sequence[_Sorting]) -> Plan:
    parts: dict[str, list[Places]] = {}
    counts: Counter[tuple[str, str, str, Reason]] = Counter()
    for one in sorting:
        if one.missing:
            parts.setdefault(one.series.rater.name, []).append(Places(one.series, one.missing, one.characters))
        for reason, count in one.reasons.items():
            counts[one.series.rater.name, one.series.rubric.id, one.series.variant, reason] += count
    return Plan(
        queues={name: MissingCells(asked, tuple(found)) for name, found in parts.items()},
        lines=tuple(PlanLine(*key, count) for key, count in counts.items()),
        present=sum(one.present for one in sorting),
        borrowed=Borrowed(asked, tuple(Places(one.series, one.borrowed) for one in sorting if one.borrowed)),
        in_flight=sum(one.in_flight for one in sorting),
    )
