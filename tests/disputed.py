"""A workspace in which two raters disagree: one is right about every task, the other a step off on every sixth."""

import csv
from pathlib import Path

from road import CATEGORIES, invented_tasks, write_labels

from scorer.domain.evaluation import LabellerKind
from scorer.workflows.evaluation.evaluate import evaluate_ratings
from scorer.workflows.evaluation.labels import import_labels
from scorer.workflows.publication.aggregate import aggregate_ratings
from scorer.workflows.rating.imported import import_ratings
from scorer.workflows.workspace.bench import Bench

TASKS = invented_tasks(occupations_per_group=1)
EVERY = 6
DISPUTED = TASKS[::EVERY]


def a_step_off(category: str) -> str:
    """The neighbour of a category on the scale."""
    place = CATEGORIES.index(category)
    return CATEGORIES[place - 1 if place else 1]


def write_ratings(path: Path, categories: list[str]) -> Path:
    """A file of ratings from elsewhere, one a task."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("task_id", "category", "rationale"))
        writer.writerows((t.task_id, c, f"Rated so because of {c}.") for t, c in zip(TASKS, categories, strict=True))
    return path


def rate_both(workspace: Path) -> None:
    """The ratings of both raters, in a workspace that knows the tasks."""
    right = [task.category for task in TASKS]
    off = [a_step_off(task.category) if i % EVERY == 0 else task.category for i, task in enumerate(TASKS)]
    for rater, categories in (("right", right), ("off", off)):
        import_ratings(Bench(workspace), write_ratings(workspace / f"{rater}.csv", categories), rater, "coverage")


def judge_both(workspace: Path, kind: LabellerKind = LabellerKind.PERSON) -> None:
    """Labels, verdicts and an aggregation: both raters pass and make the panel."""
    import_labels(Bench(workspace), str(write_labels(workspace / "people.csv", TASKS)), kind=kind)
    evaluate_ratings(Bench(workspace), policy=None if kind is LabellerKind.PERSON else "exploratory")
    aggregate_ratings(Bench(workspace))
