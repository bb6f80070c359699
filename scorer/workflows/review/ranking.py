"""The cases of the review in their order, as arrays: a whole release has a hundred thousand of them, a page shows few.

Urgency = spread / span x share of the occupation's weight x (1 + nearness). The first two say how far the occupation's
number would go if one rater were right and the other wrong; nearness, 0 to 1, says whether that would carry it over a
cut-off of the policy: 0 where the nearest cut-off is further away than that, 1 where the number stands on it.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scorer.aggregate import counted_tasks, task_weights
from scorer.domain.catalogue import OnetRelease
from scorer.domain.review_cases import Case, TaskSpread
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray


class Ground:
    """A catalogue as arrays stand on it: its tasks in the order of their ids, and the occupation of each."""

    def __init__(self, release: OnetRelease) -> None:
        self.name = release.name
        self.tasks = sorted(release.tasks, key=lambda task: task.task_id)
        self.place = {task.task_id: place for place, task in enumerate(self.tasks)}
        self.occupations = {one.occupation_code: one for one in release.occupations}
        codes = [task.occupation_code for task in self.tasks]
        self._occupation = np.unique(codes, return_inverse=True)[1]

    def column(self, numbers: Iterable[tuple[str, float | None]]) -> FloatArray:
        """Numbers by task_id as an array over the tasks; NaN (in here only) where there is none."""
        column = np.full(len(self.tasks), np.nan)
        for task_id, number in numbers:
            if number is not None and task_id in self.place:
                column[self.place[task_id]] = number
        return column

    def sums(self, column: FloatArray) -> FloatArray:
        """The sum over its occupation, at each task; what has no number adds nothing."""
        whole: FloatArray = np.bincount(self._occupation, np.nan_to_num(column)).astype(float)
        return whole[self._occupation]


class Part(NamedTuple):
    """The cases on one rubric, in the order of their task ids: places of their tasks in `ground`, and four numbers."""

    ground: Ground
    rubric: Rubric
    tasks: npt.NDArray[np.intp]
    spread: FloatArray
    moves: FloatArray
    nearness: FloatArray
    urgency: FloatArray


def part_of(ground: Ground, rubric: Rubric, said: Iterable[TaskSpread], scheme: str, cut_offs: Iterable[float]) -> Part:
    """The tasks on which raters differ.

    Args:
        ground: the tasks; what is no task of it, or has no weight, is left out.
        rubric: gives the unit of the numbers.
        said: mean and spread of tasks.
        scheme: of the weights.
        cut_offs: of the rubric, on its scale.
    """
    rows = list(said)
    spread = ground.column((row.task_id, row.spread) for row in rows)
    number = ground.column((row.task_id, row.score) for row in rows)
    weighed = task_weights(counted_tasks(ground.tasks, rubric.name), scheme).by_task
    weight = ground.column(weighed.items())
    at = np.flatnonzero((spread > 0) & (weight > 0))
    of_numbered = np.where(np.isfinite(number), weight, np.nan)
    mean = ground.sums(of_numbered * number)[at] / ground.sums(of_numbered)[at]
    moves = spread[at] * weight[at] / ground.sums(weight)[at]
    near = nearness(mean, moves, cut_offs)
    return Part(ground, rubric, at, spread[at], moves, near, moves / rubric.span * (1 + near))


def nearness(number: npt.ArrayLike, moves: npt.ArrayLike, cut_offs: Iterable[float]) -> FloatArray:
    """How surely a move carries a number over the nearest cut-off: 1 on it, 0 where it lies further than the move."""
    numbers, reach = np.asarray(number, dtype=float), np.asarray(moves, dtype=float)
    away = np.full(numbers.shape, np.inf)
    for cut in cut_offs:
        away = np.minimum(away, np.abs(numbers - cut))
    in_moves = np.divide(away, reach, out=np.full(numbers.shape, np.inf), where=reach > 0)
    near: FloatArray = np.maximum(0.0, 1 - in_moves)
    return near


class Ranking:
    """Every case of some rubrics, the most urgent first, with nobody's events; a Case is made when it is looked at.

    Of equal urgency the rubric that comes first in `parts` goes first, then the task by its id.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        lengths = [len(part.tasks) for part in parts]
        urgency = np.concatenate([np.empty(0), *(part.urgency for part in parts)])
        self._order = np.argsort(-urgency, kind="stable")
        self._part = np.repeat(np.arange(len(parts)), lengths)
        self._within = np.concatenate([np.empty(0, np.intp), *(np.arange(length) for length in lengths)])
        place = np.empty_like(self._order)
        place[self._order] = np.arange(len(urgency))
        self._places = [place[start:end] for start, end in pairwise(np.cumsum([0, *lengths]))]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._order)

    def __getitem__(self, place: int, /) -> Case:
        """The case at a place."""
        case = self._order[place]
        part, i = self._parts[self._part[case]], self._within[case]
        task = part.ground.tasks[part.tasks[i]]
        return Case(
            rubric=part.rubric,
            task=task,
            occupation=part.ground.occupations[task.occupation_code],
            spread=float(part.spread[i]),
            moves=float(part.moves[i]),
            nearness=float(part.nearness[i]),
            urgency=float(part.urgency[i]),
            events=(),
        )

    def places(self, rubric: str, task_id: str) -> list[int]:
        """Where the cases of a task stand on a rubric, named with or without its version."""
        found = []
        for part, places in zip(self._parts, self._places, strict=True):
            task = part.ground.place.get(task_id)
            if task is None or rubric not in {part.rubric.id, part.rubric.name}:
                continue
            i = int(np.searchsorted(part.tasks, task))
            if i < len(part.tasks) and part.tasks[i] == task:
                found.append(int(places[i]))
        return found
