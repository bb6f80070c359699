"""TaskScores laid along the census: one column of numbers per rater and measure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.census import Census
from scorer.domain.evaluation import TaskScore
from scorer.statistics import FloatArray


@dataclass(frozen=True, eq=False)
class Column:
    """One rater in one measure, arrays of shape (tasks,).

    Attributes:
        scores: NaN where there is none.
        sd: of the answers behind each score; NaN where there are fewer than two.
        n: usable answers.
        attempted: whether the rater was asked at all.
    """

    scores: FloatArray
    sd: FloatArray
    n: NDArray[np.intp]
    attempted: NDArray[np.bool_]

    @classmethod
    def empty(cls, size: int) -> "Column":
        """Nothing asked of `size` tasks."""
        nothing, nobody = np.full(size, np.nan), np.zeros(size, dtype=bool)
        return cls(nothing, nothing.copy(), np.zeros(size, dtype=np.intp), nobody)

    def enter(self, place: int, score: TaskScore) -> None:
        """Write one TaskScore at its place."""
        self.attempted[place] = True
        self.n[place] = score.n
        self.scores[place] = np.nan if score.score is None else score.score
        self.sd[place] = np.nan if score.sd is None else score.sd


def columns(census: Census, scores: Iterable[TaskScore]) -> dict[str, dict[str, Column]]:
    """Columns by measure, then rater in order of name; scores of tasks outside the census are passed over."""
    place = {task_id: i for i, task_id in enumerate(census.task_ids)}
    found: dict[str, dict[str, Column]] = {}
    for score in scores:
        if score.task_id in place:
            of_measure = found.setdefault(score.measure, {})
            if score.rater not in of_measure:
                of_measure[score.rater] = Column.empty(len(place))
            of_measure[score.rater].enter(place[score.task_id], score)
    return {measure: dict(sorted(by_rater.items())) for measure, by_rater in found.items()}
