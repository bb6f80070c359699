"""All tasks of the occupations in one order with their weights: the denominator of every share and mean.

Refuses to forget: a task that nobody rated stays in the census, so a sample of tasks shows as low completeness.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.weights import TaskWeights
from scorer.domain.catalogue import Task
from scorer.statistics import FloatArray

ROUNDING = 1e-9
"""Slack of comparisons with a cut-off, in units of the scale: sums of floats must not move a headline."""


class Summary(NamedTuple):
    """Per occupation, arrays of shape (occupations,). score and share: NaN where no weighted task has a number."""

    score: FloatArray
    share: FloatArray
    completeness: FloatArray
    n_scored: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Census:
    """Tasks sorted by occupation, then task_id.

    Attributes:
        task_ids: shape (tasks,).
        codes: the occupations, sorted, shape (occupations,).
        occupation: index into `codes` of each task, shape (tasks,), ascending.
        weight: shape (tasks,); 0 where the scheme gives none.
        has_weight: shape (tasks,).
    """

    task_ids: tuple[str, ...]
    codes: tuple[str, ...]
    occupation: NDArray[np.intp]
    weight: FloatArray
    has_weight: NDArray[np.bool_]

    @classmethod
    def take(cls, tasks: Sequence[Task], weights: TaskWeights) -> "Census":
        """Count in all tasks, weighted or not."""
        ordered = sorted(tasks, key=lambda task: (task.occupation_code, task.task_id))
        codes, occupation = np.unique([task.occupation_code for task in ordered], return_inverse=True)
        given = [weights.by_task.get(task.task_id) for task in ordered]
        return cls(
            task_ids=tuple(task.task_id for task in ordered),
            codes=tuple(str(code) for code in codes),
            occupation=occupation,
            weight=np.array([weight or 0.0 for weight in given], dtype=float),
            has_weight=np.array([weight is not None for weight in given], dtype=bool),
        )

    def total(self, values: FloatArray | NDArray[np.bool_]) -> FloatArray:
        """Sum of `values`, shape (tasks,), by occupation."""
        return np.asarray(np.bincount(self.occupation, weights=values, minlength=len(self.codes)), dtype=np.float64)

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """How many tasks of each occupation are in `mask`, shape (tasks,)."""
        return np.bincount(self.occupation[mask], minlength=len(self.codes))

    def place(self, occupation: int) -> slice:
        """Where the tasks of one occupation (an index into `codes`) stand."""
        first, last = np.searchsorted(self.occupation, [occupation, occupation + 1])
        return slice(int(first), int(last))

    def summarise(self, scores: FloatArray, share_at: float | None = None) -> Summary:
        """Weighted mean, share at or above a cut and completeness of every occupation.

        S = sum(w x) / sum(w) over the weighted tasks with a score; completeness = their weight over the weight of all.

        Args:
            scores: shape (tasks,), NaN where there is none.
            share_at: the cut, in units of the scale; compared with a slack of `ROUNDING`.
        """
        scored = ~np.isnan(scores) & self.has_weight
        filled = np.where(scored, scores, 0.0)
        weight = np.where(scored, self.weight, 0.0)
        above = weight * (filled >= share_at - ROUNDING) if share_at is not None else np.full(len(weight), np.nan)
        return Summary(
            score=_ratio(self.total(weight * filled), self.total(weight)),
            share=_ratio(self.total(above), self.total(weight)),
            completeness=np.nan_to_num(_ratio(self.total(weight), self.total(self.weight))),
            n_scored=self.count(scored),
        )


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Quotient of two sums, NaN where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))
