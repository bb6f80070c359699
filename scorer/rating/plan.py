"""What is missing: the Cells of a selection that have no answer yet, and why each one is asked.

An answer of any kind (a refusal, a truncated text, a category off the scale) is an answer: it is asked again only on
request. A Cell whose attempts were all used up without an answer (`failed`) is missing.

A Plan holds places of tasks, not prompts: a Cell is rendered when it is drawn, so a plan of any size stays small.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Protocol

from scorer.domain.past import Standing
from scorer.domain.rating import Cell, Rater, Status
from scorer.rating.cells import Asking, Series


class Reason(StrEnum):
    """Why a Cell is asked."""

    NEW = "new"
    FAILED_BEFORE = "failed before"


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
    """Some of the tasks that a Series asks about."""

    series: Series
    at: "array[int]"


class MissingCells:
    """The missing Cells of one rater, each rendered when it is drawn."""

    def __init__(self, asked: Asking, parts: tuple[Places, ...]) -> None:
        self._asked, self._parts = asked, parts

    def __len__(self) -> int:
        """How many are missing."""
        return sum(len(part.at) for part in self._parts)

    def __iter__(self) -> Iterator[Cell]:
        """Series by Series."""
        for part in self._parts:
            yield from self._asked.cells(part.series, part.at)


class Plan(NamedTuple):
    """The Cells still missing.

    Attributes:
        queues: those of each rater that has any, by its name, in the order of the raters.
        lines: their counts by rater, rubric, variant and reason.
        present: how many Cells of the selection have an answer already.
        borrowed: Cells that have their answer, or are asked now, under another name of the same rater.
    """

    queues: Mapping[str, Queue]
    lines: tuple[PlanLine, ...]
    present: int
    borrowed: "Borrowed"

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
        for series, at in self._parts:
            for place in at:
                yield series.rater, series.cell_hash(*self._asked.identity(series, place))


def make_plan(asked: Asking, known: Mapping[str, Standing]) -> Plan:
    """What is missing of the Cells that are asked for.

    Args:
        asked: the selection; a Cell that the names of several raters ask for is asked once.
        known: how it stands with Cells that were asked before, by Cell hash.
    """
    sorting = [_Sorting(series, known) for series in asked.series]
    first: dict[str, _Sorting] = {}
    for one in sorting:
        one.leads = first.setdefault(one.series.key, one) is one
    for _, group in groupby(sorted(sorting, key=_same_text), _same_text):
        members = list(group)
        for place in range(len(asked.tasks)):
            task_id, text = asked.identity(members[0].series, place)
            for one in members:
                one.take(place, one.series.cell_hash(task_id, text))
    return _plan(asked, sorting)


def reason_to_ask(status: Status | None) -> Reason | None:
    """Why a Cell with this latest status is asked; None where it has its answer."""
    if status is None:
        return Reason.NEW
    return Reason.FAILED_BEFORE if status is Status.FAILED else None


class _Sorting:
    """The Cells of one Series, sorted by what becomes of them. Of Series that ask the same, the first one leads."""

    def __init__(self, series: Series, known: Mapping[str, Standing]) -> None:
        self.series, self._known, self.leads = series, known, True
        self.missing, self.borrowed, self.present = array("L"), array("L"), 0
        self.reasons: Counter[Reason] = Counter()

    def take(self, place: int, cell_hash: str) -> None:
        """Sort the Cell of the task at a place."""
        standing = self._known.get(cell_hash)
        reason = reason_to_ask(standing.status if standing else None)
        if reason and self.leads:
            self.missing.append(place)
            self.reasons[reason] += 1
            return
        self.present += self.leads
        if reason or not standing or self.series.rater.name not in standing.raters:
            self.borrowed.append(place)


def _same_text(one: _Sorting) -> tuple[str, bool]:
    """Series that are alike in this say the same about a task, so that it is rendered once."""
    return one.series.rubric.id, one.series.by_probes


def _plan(asked: Asking, sorting: Sequence[_Sorting]) -> Plan:
    parts: dict[str, list[Places]] = {}
    counts: Counter[tuple[str, str, str, Reason]] = Counter()
    for one in sorting:
        if one.missing:
            parts.setdefault(one.series.rater.name, []).append(Places(one.series, one.missing))
        for reason, count in one.reasons.items():
            counts[one.series.rater.name, one.series.rubric.id, one.series.variant, reason] += count
    return Plan(
        queues={name: MissingCells(asked, tuple(found)) for name, found in parts.items()},
        lines=tuple(PlanLine(*key, count) for key, count in counts.items()),
        present=sum(one.present for one in sorting),
        borrowed=Borrowed(asked, tuple(Places(one.series, one.borrowed) for one in sorting if one.borrowed)),
    )
