"""What stands against AI in an occupation: the share of its task weight for which raters name a blocker.

A blocker is a yes or no that comes with a rating; repeats and variants of a rater are averaged, and so are the raters
of the panel. Nobody labels blockers, so no gate looks at them: a share is as good as the score it explains, and is held
where that is. Refuses to read silence as no: a task without a usable answer has no part in the share.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from scorer.aggregate.census import Census, Summary
from scorer.aggregate.weights import counted_tasks, task_weights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import BlockerShare, OccupationScore
from scorer.domain.panel import PANEL
from scorer.domain.rating import Status
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

Columns = Mapping[str, Mapping[str, FloatArray]]


class BlockedRow(Protocol):
    """What is read of a Rating; see the table `rating` for the meanings."""

    @property
    def task_id(self) -> str:
        """The task, as the catalogue names it."""

    @property
    def rater(self) -> str:
        """Who answered."""

    @property
    def status(self) -> str:
        """A Status."""

    @property
    def blockers(self) -> Mapping[str, bool] | None:
        """Blocker -> whether it stands against this task; None where the rater was not asked."""


def blocker_shares(
    ratings: Iterable[BlockedRow],
    tasks: Sequence[Task],
    rubric: Rubric,
    scores: Iterable[OccupationScore],
    panel: Sequence[str],
) -> list[BlockerShare]:
    """Weigh the blockers of every occupation that has a score row.

    share = sum(w x) / sum(w) over the weighted tasks with an answer, x being the share of a rater's answers (for the
    panel: the mean of its raters' shares) that name the blocker; completeness = their part of the whole weight.

    Args:
        ratings: of this rubric, in any order; only those that are `rated` count.
        tasks: all tasks of the release.
        rubric: names the blockers; without them there are no rows.
        scores: the occupation scores of the same ratings: they say how tasks are weighted, and what is held.
        panel: the raters that were combined.

    Returns:
        One row per occupation score of the primary measure x blocker; `share` is None where no task has an answer.
    """
    leading = [score for score in scores if score.measure == rubric.primary]
    if not rubric.blockers or not leading:
        return []
    counted = counted_tasks(tasks, rubric.name)
    census = Census.take(counted, task_weights(counted, leading[0].weights))
    columns = _columns(census, ratings, rubric.blockers)
    summaries = {
        rater: {blocker: census.summarise(answers) for blocker, answers in of_rater.items()}
        for rater, of_rater in {**columns, PANEL: _mean(columns, panel, rubric.blockers)}.items()
    }
    place = {code: i for i, code in enumerate(census.codes)}
    return [
        _row(score, blocker, summary, place[score.occupation_code])
        for score in leading
        for blocker, summary in summaries.get(score.rater, {}).items()
    ]


def _columns(census: Census, ratings: Iterable[BlockedRow], blockers: Sequence[str]) -> Columns:
    """By rater and blocker: the share of its answers that say yes, shape (tasks,), NaN where there is none."""
    place = {task_id: i for i, task_id in enumerate(census.task_ids)}
    said: defaultdict[str, defaultdict[int, list[Mapping[str, bool]]]] = defaultdict(lambda: defaultdict(list))
    for row in ratings:
        if row.status == Status.RATED and row.blockers and row.task_id in place:
            said[row.rater][place[row.task_id]].append(row.blockers)
    found: dict[str, dict[str, FloatArray]] = {}
    for rater, answers in sorted(said.items()):
        found[rater] = {blocker: np.full(len(place), np.nan) for blocker in blockers}
        for i, given in answers.items():
            for blocker in blockers:
                found[rater][blocker][i] = sum(one.get(blocker, False) for one in given) / len(given)
    return found


def _mean(columns: Columns, panel: Sequence[str], blockers: Sequence[str]) -> dict[str, FloatArray]:
    """The mean of the panel's raters, task by task; raters without an answer to a task are left out of it."""
    members = [columns[rater] for rater in panel if rater in columns]
    return {blocker: _present_mean(np.stack([one[blocker] for one in members])) for blocker in blockers if members}


def _present_mean(rows: FloatArray) -> FloatArray:
    present = ~np.isnan(rows)
    count = present.sum(axis=0)
    whole = np.where(present, rows, 0.0).sum(axis=0)
    return np.asarray(np.divide(whole, count, out=np.full(rows.shape[1], np.nan), where=count > 0))


def _row(score: OccupationScore, blocker: str, summary: Summary, place: int) -> BlockerShare:
    share = float(summary.score[place])
    return BlockerShare(
        occupation_code=score.occupation_code,
        rubric=score.rubric,
        rater=score.rater,
        blocker=blocker,
        share=None if math.isnan(share) else share,
        n_tasks=int(summary.n_scored[place]),
        completeness=float(summary.completeness[place]),
        weights=score.weights,
        status=score.status,
    )
