"""What to review first: the tasks whose disagreement moves an occupation most.

Urgency = spread / span x share of the occupation's weight x (1 + nearness). The first two say how far the occupation's
number would go if one rater were right and the other wrong; nearness, 0 to 1, says whether that would carry it over a
cut-off of the policy: 0 where the nearest cut-off is further away than that, 1 where the number stands on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from eval import load_policy
from scorer.aggregate import counted_tasks, disagreements, task_consensus, task_scores, task_weights
from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.evaluation import Disagreement, TaskConsensus
from scorer.domain.names import hint
from scorer.domain.review import ReviewEvent
from scorer.domain.review_cases import Case, Queue
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.store import RatingCount
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


class _Basis(NamedTuple):
    """What a ranking rests on: while it is the same, so is the ranking. counts: of ratings, where all are compared."""

    rubric: str
    releases: tuple[tuple[str, str], ...]
    weights: str
    policy: str
    aggregation_id: str | None
    counts: tuple[RatingCount, ...] = ()


def _all_cases(bench: Bench, name: str | None) -> tuple[list[Case], list[str]]:
    """The cases in no order, and the rubrics on which all raters were compared."""
    counts = tuple(bench.store.ratings.counts())
    if name is None and not counts:
        return [], []
    latest = bench.store.outcomes.current_aggregation()
    releases = tuple((one.name, one.sha256) for one in bench.store.catalogue.summaries())
    settings = bench.settings
    policy = load_policy(settings.gate.policy).policy_hash
    cases: list[Case] = []
    by_all: list[str] = []
    for rubric in _chosen(rated_rubrics(bench), name):
        basis = _Basis(
            rubric.id, releases, settings.aggregate.weights, policy, latest.aggregation_id if latest else None
        )
        if not any(row.spread is not None for row in _of_panel(bench, basis)):
            basis = basis._replace(counts=counts)
            by_all.append(rubric.id)
        events = _events(bench, rubric)
        for case in _ranked(bench, rubric, basis):
            known = events.get((case.task.task_id, case.task.statement_sha256))
            cases.append(case._replace(events=tuple(known)) if known else case)
    return cases, by_all


@lru_cache(maxsize=8)
def _of_panel(bench: Bench, basis: _Basis) -> Sequence[TaskConsensus]:
    return bench.store.outcomes.current_consensus(basis.rubric)


@lru_cache(maxsize=1)
def _catalogue(bench: Bench, _: tuple[tuple[str, str], ...]) -> OnetRelease:
    """The current catalogue; read once for all rubrics, as long as the same releases are there."""
    return bench.store.catalogue.load()


@lru_cache(maxsize=8)
def _ranked(bench: Bench, rubric: Rubric, basis: _Basis) -> Sequence[Case]:
    """The cases of a rubric without their events; kept, since over a whole release this takes seconds."""
    release = _catalogue(bench, basis.releases)
    rows = _of_all_raters(bench, rubric, release.name) if basis.counts else _of_panel(bench, basis)
    tasks = counted_tasks(release.tasks, rubric.name)
    weights = task_weights(tasks, basis.weights)
    found = disagreements(rows, tasks, weights, rubric)
    return _cases(bench, rubric, release, found, _occupation_numbers(rows, tasks, weights.by_task))


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
    bench: Bench, rubric: Rubric, release: OnetRelease, found: Sequence[Disagreement], numbers: Mapping[str, float]
) -> list[Case]:
    """The cases of disagreements; numbers: of the occupations."""
    tasks = {task.task_id: task for task in release.tasks}
    occupations = {one.occupation_code: one for one in release.occupations}
    cut_offs = load_policy(bench.settings.gate.policy).bands.get(rubric.name, {}).values()
    cases: list[Case] = []
    for one in found:
        task = tasks[one.task_id]
        moves = one.priority * rubric.span
        near = nearness(numbers[task.occupation_code], moves, cut_offs)
        occupation = occupations[task.occupation_code]
        cases.append(Case(rubric, task, occupation, one.spread, moves, near, one.priority * (1 + near), ()))
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
    rows: Iterable[TaskConsensus], tasks: Iterable[Task], weights: Mapping[str, float]
) -> dict[str, float]:
    """The weighted mean of each occupation over its tasks with a number."""
    codes = {task.task_id: task.occupation_code for task in tasks}
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        if row.score is not None and row.task_id in weights:
            of_occupation = sums[codes[row.task_id]]
            of_occupation[0] += weights[row.task_id] * row.score
            of_occupation[1] += weights[row.task_id]
    return {code: total / weight for code, (total, weight) in sums.items() if weight}
