"""The whole room in one call: ratings and labels in; scores of tasks, occupations and groups, and their doubts out."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scorer.aggregate.consensus import disagreements, task_consensus
from scorer.aggregate.groups import group_scores
from scorer.aggregate.method import Method
from scorer.aggregate.multiverse import multiverse
from scorer.aggregate.occupations import occupation_scores
from scorer.aggregate.panel import seats
from scorer.aggregate.reduction import RatingRow, rationales, task_scores, variant_scores
from scorer.aggregate.variance import variance_split
from scorer.aggregate.weights import counted_tasks, task_weights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Disagreement, Label, OccupationScore, TaskConsensus, TaskScore, Verdict
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import GroupScore, Specification, VarianceComponent


class Aggregation(NamedTuple):
    """All that is derived from the ratings of one rubric; `panel` names the raters that were combined."""

    task_scores: list[TaskScore]
    consensus: list[TaskConsensus]
    disagreements: list[Disagreement]
    occupation_scores: list[OccupationScore]
    group_scores: list[GroupScore]
    variance: list[VarianceComponent]
    multiverse: list[Specification]
    panel: tuple[str, ...]


def aggregate(
    ratings: Iterable[RatingRow],
    tasks: Sequence[Task],
    rubric: Rubric,
    verdicts: Sequence[Verdict],
    method: Method | None = None,
    *,
    labels: Sequence[Label] = (),
) -> Aggregation:
    """Aggregate the ratings of one rubric.

    Consensus and disagreements are those of the panel: raters that the gate held have no say in either.

    Args:
        ratings: of this rubric and one occasion, in any order, failed ones too.
        tasks: all tasks of the release that the numbers are about; of these `counted_tasks` count.
        rubric: the rubric.
        verdicts: of the label sets on which the decision rests; every one of them counts.
        method: the choices; the defaults where None.
        labels: of any rubrics; those by people correct the means of groups.

    Raises:
        ConfigurationError: unknown weights or reducer.
    """
    method = method or Method()
    rows = list(ratings)
    tasks = counted_tasks(tasks, rubric.name)
    scores = task_scores(rows, rubric)
    members = seats({row.rater for row in rows}, verdicts, rubric.id, method.panel)
    consensus = task_consensus(scores, members, rubric, method.reduce, rationales(rows))
    return Aggregation(
        task_scores=scores,
        consensus=consensus,
        disagreements=disagreements(consensus, tasks, task_weights(tasks, method.weights), rubric),
        occupation_scores=occupation_scores(
            tasks, scores, rubric, verdicts, method, variants=variant_scores(rows, rubric)
        ),
        group_scores=group_scores(tasks, scores, rubric, verdicts, labels, method=method),
        variance=variance_split(rows, rubric, members),
        multiverse=multiverse(tasks, scores, rubric, verdicts, method),
        panel=members,
    )
