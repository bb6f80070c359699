"""What several raters make of a task together, and where they are furthest apart.

Refuses to call one voice a spread: with fewer than two scores for a task there is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median_low

import numpy as np

from scorer.aggregate.combination import combine
from scorer.aggregate.weights import TaskWeights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Disagreement, TaskConsensus, TaskScore
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray


def score_matrix(
    scores: Iterable[TaskScore], task_ids: Sequence[str], raters: Sequence[str], measure: str
) -> FloatArray:
    """Scores as an array of shape (tasks, raters) in the orders given; NaN where there is none (in here only)."""
    row = {task_id: i for i, task_id in enumerate(task_ids)}
    column = {rater: j for j, rater in enumerate(raters)}
    matrix = np.full((len(row), len(column)), np.nan)
    for score in scores:
        if score.measure == measure and score.score is not None and score.rater in column and score.task_id in row:
            matrix[row[score.task_id], column[score.rater]] = score.score
    return matrix


def task_consensus(
    scores: Sequence[TaskScore],
    members: Iterable[str],
    rubric: Rubric,
    how: str = "mean",
    rationales: Mapping[tuple[str, str], str] | None = None,
) -> list[TaskConsensus]:
    """The panel's number of each task in the primary measure.

    Args:
        scores: TaskScores, any raters and measures.
        members: the raters that are combined.
        rubric: gives the primary measure.
        how: `mean`, `median`, `mode` or `dawid-skene`.
        rationales: (task_id, rater) -> text; a task shows the text of its median rater (the lower one of two).

    Returns:
        One row per task that a member attempted, in order of task_id. A member without a score for a task is left out
        of that task, so `n_raters` may differ between tasks.
    """
    raters = sorted(set(members))
    tried = sorted({s.task_id for s in scores if s.rater in raters and s.measure == rubric.primary})
    matrix = score_matrix(scores, tried, raters, rubric.primary)
    reduced = combine(matrix, matrix, rubric, rubric.primary, how).scores
    told = rationales or {}
    return [
        _consensus(task_id, rubric.id, dict(zip(raters, numbers, strict=True)), number, told)
        for task_id, numbers, number in zip(tried, matrix.tolist(), reduced.tolist(), strict=True)
    ]


def disagreements(
    consensus_rows: Iterable[TaskConsensus], tasks: Iterable[Task], weights: TaskWeights, rubric: Rubric
) -> list[Disagreement]:
    """Tasks on which raters differ, the most consequential first.

    Returns:
        `weight` is the task's share of its occupation's weight, 0 to 1; `priority` = spread / span x weight: how far
        the occupation's score would move, in units of the scale, if one rater were right and the other wrong. Tasks
        without a weight or not among `tasks` are left out.
    """
    shares = _weight_shares(tasks, weights)
    rows = [
        Disagreement(
            task_id=row.task_id,
            rubric=row.rubric,
            spread=row.spread,
            weight=shares[row.task_id],
            priority=row.spread / rubric.span * shares[row.task_id],
        )
        for row in consensus_rows
        if row.spread and row.task_id in shares
    ]
    return sorted(rows, key=lambda row: (-row.priority, row.task_id))


def _consensus(
    task_id: str, rubric: str, numbers: Mapping[str, float], reduced: float, told: Mapping[tuple[str, str], str]
) -> TaskConsensus:
    present = {rater: number for rater, number in numbers.items() if not np.isnan(number)}
    return TaskConsensus(
        task_id=task_id,
        rubric=rubric,
        score=reduced if present else None,
        spread=max(present.values()) - min(present.values()) if len(present) > 1 else None,
        n_raters=len(present),
        rationale=_median_rationale(task_id, present, told),
    )


def _median_rationale(task_id: str, present: Mapping[str, float], told: Mapping[tuple[str, str], str]) -> str | None:
    """The text of a rater that stands at the (lower) median; of those the first in name that gave one."""
    if not present:
        return None
    middle = median_low(present.values())
    texts = (told.get((task_id, rater)) for rater, number in present.items() if number == middle)
    return next((text for text in texts if text), None)


def _weight_shares(tasks: Iterable[Task], weights: TaskWeights) -> dict[str, float]:
    """task_id -> its share of the weight of its occupation, 0 to 1."""
    weighed = {task.task_id: task.occupation_code for task in tasks if task.task_id in weights.by_task}
    total: dict[str, float] = {}
    for task_id in sorted(weighed):
        total[weighed[task_id]] = total.get(weighed[task_id], 0.0) + weights.by_task[task_id]
    return {t: weights.by_task[t] / total[code] for t, code in weighed.items() if total[code] > 0}
