"""How far a rater depends on the order in which a rubric is shown.

- `icc_variants`: ICC(2,1) of its answers over all wordings it was asked in: 1 where order does not matter.
- `position_bias`: half of the mean of what it says with the scale reversed minus what it says with it as written, in
  the numbers of the scale; above 0 it prefers what stands first, below 0 what stands last.

Both with intervals by bootstrap of occupations. Rows name the rater twice, as for its repeats.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from eval.agreement import agreement
from eval.answers import RaterColumn
from eval.columns import Frame
from scorer.domain.evaluation import Agreement
from scorer.domain.rating import BASE_VARIANT
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray, Metric, cluster_sums, estimate, icc, icc_sums, resample, stacks

REVERSED = "reversed-categories"


def order_sensitivity(rater: RaterColumn, frame: Frame, rubric: Rubric, seed: int) -> Iterator[Agreement]:
    """Rows of a rater that was asked in several wordings; none for one that was not."""
    sets = Counter(tuple(sorted(said)) for task, said in rater.wordings.items() if task in frame.place)
    if not sets:
        return
    commonest = max(sorted(sets), key=lambda names: sets[names])
    tasks, matrix = _answers(rater, frame, rubric, commonest)
    yield _row(rater, "icc_variants", frame, rubric, seed, tasks, icc_sums(matrix), icc)
    tasks, matrix = _answers(rater, frame, rubric, (BASE_VARIANT, REVERSED))
    if tasks:
        ends = rubric.categories[0].number, rubric.categories[-1].number
        towards_first = np.sign(ends[1] - ends[0]) * (matrix[:, 1] - matrix[:, 0]) / 2
        sums = np.column_stack([towards_first, np.ones(len(tasks))])
        yield _row(rater, "position_bias", frame, rubric, seed, tasks, sums, _mean)


def _answers(rater: RaterColumn, frame: Frame, rubric: Rubric, wordings: Sequence[str]) -> tuple[list[str], FloatArray]:
    """The tasks that were answered in all of these wordings, and the numbers, shape (tasks, wordings)."""
    tasks = [t for t, said in rater.wordings.items() if t in frame.place and all(name in said for name in wordings)]
    numbers = [[rubric.number(rater.wordings[task][name]) for name in wordings] for task in tasks]
    return tasks, np.array(numbers, dtype=np.float64).reshape(len(tasks), len(wordings))


def _row(  # noqa: PLR0917 - what a row needs, once
    rater: RaterColumn,
    name: str,
    frame: Frame,
    rubric: Rubric,
    seed: int,
    tasks: Sequence[str],
    terms: FloatArray,
    metric: Metric,
) -> Agreement:
    sums = cluster_sums(terms, frame.occupations[[frame.place[task] for task in tasks]])
    found = estimate(sums, metric, resample(sums, seed), len(tasks))
    return agreement((rater.name, rater.name), rubric, "all", name, found, n=len(tasks))


def _mean(sums: FloatArray) -> FloatArray:
    """Mean from totals of values and of ones, shape (..., 2)."""
    return stacks.ratio(sums[..., 0], sums[..., 1])
