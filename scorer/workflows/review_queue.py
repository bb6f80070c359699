"""What to review first: the tasks whose disagreement moves an occupation most.

Urgency = spread / span x share of the occupation's weight x (1 + nearness). The first two say how far the occupation's
number would go if one rater were right and the other wrong; nearness, 0 to 1, says whether that would carry it over a
cut-off of the policy: 0 where the nearest cut-off is further away than that, 1 where the number stands on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from eval import load_policy
from scorer.aggregate import disagreements, task_consensus, task_scores, task_weights
from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.evaluation import Disagreement, TaskConsensus
from scorer.domain.names import hint
from scorer.domain.review import ReviewEvent
from scorer.domain.review_cases import Case, Queue
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.workflows.bench import Bench, rated_rubrics


def review_queue(bench: Bench, rubric: str | None = None) -> Queue:
    """The queue as it stands.

    Disagreements are those of the panel, as the current aggregation has them. Where fewer than two raters of a rubric
    passed there is no panel to disagree, and all raters are compared: reviewers then see why the gate holds them.

    Args:
        bench: the workspace.
        rubric: only cases of this one, with or without its version.

    Raises:
        LabelError: no such rubric was rated.
        CatalogueError, ConfigurationError: no release, or no ratings on the rubric that was named.
    """
    with bench.store.held():
        cases, by_all = _all_cases(bench, rubric)
    ordered = sorted(cases, key=lambda case: (-case.urgency, case.rubric.id, case.task.task_id))
    return Queue(tuple(ordered), tuple(by_all))


def _all_cases(bench: Bench, rubric: str | None) -> tuple[list[Case], list[str]]:
    """The cases in no order, and the rubrics on which all raters were compared."""
    if rubric is None and not bench.store.ratings.counts():
        return [], []
    release, rubrics = bench.store.catalogue.load(), _chosen(rated_rubrics(bench), rubric)
    weights = bench.settings.aggregate.weights
    cases: list[Case] = []
    by_all: list[str] = []
    for one in rubrics:
        rows = bench.store.outcomes.current_consensus(one.id)
        if not any(row.spread is not None for row in rows):
            rows = _of_all_raters(bench, one, release.name)
            by_all.append(one.id)
        found = disagreements(rows, release.tasks, task_weights(release.tasks, weights), one)
        cases += _cases(bench, one, release, found, rows)
    return cases, by_all


def _chosen(rated: Sequence[Rubric], name: str | None) -> list[Rubric]:
    chosen = [one for one in rated if name in {None, one.id, one.name}]
    if not chosen:
        known = [one.id for one in rated]
        raise LabelError(f"no ratings on `{name}`{hint(name or '', known)}; rated here: {', '.join(known)}")
    return chosen


def _of_all_raters(bench: Bench, rubric: Rubric, onet_release: str) -> list[TaskConsensus]:
    scores = task_scores(bench.store.ratings.usable(rubric.id, onet_release), rubric)
    return task_consensus(scores, {score.rater for score in scores}, rubric)


def _cases(
    bench: Bench, rubric: Rubric, release: OnetRelease, found: Sequence[Disagreement], rows: Iterable[TaskConsensus]
) -> list[Case]:
    tasks = {task.task_id: task for task in release.tasks}
    occupations = {one.occupation_code: one for one in release.occupations}
    numbers = _occupation_numbers(rows, tasks, task_weights(release.tasks, bench.settings.aggregate.weights).by_task)
    cut_offs = load_policy(bench.settings.gate.policy).bands.get(rubric.name, {}).values()
    events = _events(bench, rubric)
    cases: list[Case] = []
    for one in found:
        task = tasks[one.task_id]
        moves = one.priority * rubric.span
        near = nearness(numbers[task.occupation_code], moves, cut_offs)
        cases.append(
            Case(
                rubric,
                task,
                occupations[task.occupation_code],
                one.spread,
                moves,
                near,
                one.priority * (1 + near),
                tuple(events.get((task.task_id, task.statement_sha256), ())),
            )
        )
    return cases


def _events(bench: Bench, rubric: Rubric) -> Mapping[tuple[str, str], Sequence[ReviewEvent]]:
    """What was done about each text of each task."""
    by_text: defaultdict[tuple[str, str], list[ReviewEvent]] = defaultdict(list)
    for event in bench.store.reviews.events(rubric.id):
        by_text[event.task_id, event.statement_sha256].append(event)
    return by_text


def nearness(number: float, moves: float, cut_offs: Iterable[float]) -> float:
    """How surely a move carries a number over the nearest cut-off: 1 on it, 0 where it lies further than the move."""
    away = min((abs(number - cut) for cut in cut_offs), default=float("inf"))
    return max(0.0, 1 - away / moves) if moves > 0 else 0.0


def _occupation_numbers(
    rows: Iterable[TaskConsensus], tasks: Mapping[str, Task], weights: Mapping[str, float]
) -> dict[str, float]:
    """The weighted mean of each occupation over its tasks with a number."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        if row.score is not None and row.task_id in weights:
            of_occupation = sums[tasks[row.task_id].occupation_code]
            of_occupation[0] += weights[row.task_id] * row.score
            of_occupation[1] += weights[row.task_id]
    return {code: total / weight for code, (total, weight) in sums.items() if weight}
