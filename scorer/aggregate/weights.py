"""How much each task counts in its occupation, by a named scheme.

Refuses to guess: a task whose survey ratings are missing has no weight under a scheme that needs them (never a
middling one), stands outside the weighted set, and is counted in the reasons of its occupation's score. Where no task
of an occupation has them, as O*NET has not surveyed it yet, its tasks count the same, and every row says so.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from scorer.domain.catalogue import Task, TaskKind
from scorer.errors import ConfigurationError

CORE_ALONE = frozenset({"outlook"})
"""Rubrics on which an occupation's number is about its core tasks: a forecast of the work that makes the occupation."""

CORE_WEIGHT = 2.0  # Eloundou et al. (2023), section 3: core tasks count twice the supplemental ones


class TaskWeights(NamedTuple):
    """The weights of some tasks under one scheme.

    Attributes:
        scheme: its name, as tables print it.
        needs: what a task must have to get a weight, in words.
        by_task: task_id -> weight >= 0; a task that is not here has none.
        fallback: the occupations of which no task has what the scheme needs: there all tasks weigh 1.
    """

    scheme: str
    needs: str
    by_task: Mapping[str, float]
    fallback: frozenset[str] = frozenset()


class _Scheme(NamedTuple):
    needs: str
    weigh: Callable[[Task], float | None]


def _core2(task: Task) -> float:
    return CORE_WEIGHT if task.kind is TaskKind.CORE else 1.0


def _relevance_importance(task: Task) -> float | None:
    if task.relevance is None or task.importance is None:
        return None
    return task.relevance / 100 * task.importance


def _time(task: Task) -> float | None:
    return task.frequency


def _equal(_: Task) -> float:
    return 1.0


_SCHEMES = {
    "core2": _Scheme("a task type", _core2),
    "relevance-importance": _Scheme("a relevance and an importance rating", _relevance_importance),
    "time": _Scheme("a frequency rating", _time),
    "equal": _Scheme("nothing", _equal),
}
SCHEMES = tuple(_SCHEMES)


def counted_tasks(tasks: Iterable[Task], rubric: str) -> list[Task]:
    """The tasks over which an occupation's number on a rubric is taken.

    Args:
        tasks: of any number of occupations.
        rubric: its name, or a version such as `outlook@1`.

    Returns:
        All of them; on a rubric of `CORE_ALONE` the core ones alone of every occupation that has any, as custom
        occupations and those that O*NET has not surveyed may have none.
    """
    every = list(tasks)
    if rubric.partition("@")[0] not in CORE_ALONE:
        return every
    has_core = {task.occupation_code for task in every if task.kind is TaskKind.CORE}
    return [task for task in every if task.kind is TaskKind.CORE or task.occupation_code not in has_core]


def task_weights(tasks: Iterable[Task], scheme: str = "core2") -> TaskWeights:
    """Weigh tasks by a named scheme.

    Args:
        tasks: of any number of occupations.
        scheme: `core2` (core 2, supplemental and unclassified 1), `relevance-importance` (RT/100 x IM, so 0 to 5),
            `time` (expected frequency, 1 yearly or less to 7 hourly or more), `equal` (1).

    Returns:
        The weights; tasks that lack what the scheme needs are left out, unless all tasks of their occupation do.

    Raises:
        ConfigurationError: no such scheme.
    """
    if scheme not in _SCHEMES:
        raise ConfigurationError(f"unknown task weights `{scheme}`; choose one of {', '.join(SCHEMES)}")
    needs, weigh = _SCHEMES[scheme]
    weighed = [(task, weigh(task)) for task in tasks]
    surveyed = {task.occupation_code for task, weight in weighed if weight}
    by_task: dict[str, float] = {}
    for task, weight in weighed:
        if task.occupation_code not in surveyed:
            by_task[task.task_id] = 1.0
        elif weight is not None:
            by_task[task.task_id] = weight
    fallback = frozenset(task.occupation_code for task, _ in weighed) - surveyed
    return TaskWeights(scheme, needs, by_task, fallback)
