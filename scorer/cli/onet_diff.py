"""scorer onet diff: what changed between two releases, and which tasks must be rated again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scorer.catalogue import Change, OccupationChange, TaskChange, word_diff
from scorer.cli.options import AsJson, Rubrics
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.workflows.sources.onet_diff import DiffReport, diff_onet


def diff_command(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="A", help="A release that is here, such as 30.1.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The release to compare it with.")],
    rubric: Rubrics = None,
    only: Annotated[
        list[Change] | None,
        typer.Option("--only", metavar="CHANGE", help="new, retired, reworded, re-rated or moved; repeatable."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, metavar="N", help="So many changes of each kind; JSON has them all.")
    ] = 10,
    out: Annotated[
        Path | None,
        typer.Option("--write-tasks", metavar="FILE", help="CSV of the tasks to rate again, for --task-file."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed from one release to another, and which tasks a rubric asks about in other words."""
    report = diff_onet(bench_of(context), old, new, tuple(rubric or ()))
    if out is not None:
        _write_tasks(report, out)
    if as_json:
        show_json(_told(report))
        return
    for line in report.notes:
        note(line)
    _show_summary(report)
    for change in only or list(Change):
        rows = [one for one in report.diff.tasks if change in one.changes]
        if rows and limit:
            shown = "" if len(rows) <= limit else f", {limit} of {len(rows):,}"
            columns = ("task_id", "occupation", "change")
            show_table(f"{change.value}{shown}", columns, [_row(change, one) for one in rows[:limit]], as_json=False)


def _show_summary(report: DiffReport) -> None:
    diff = report.diff
    counts = [(change.value, diff.count(change)) for change in Change]
    if diff.recoded:
        counts.append(("under the code that took over", diff.recoded))
    counts.append(("unchanged", diff.unchanged))
    show_table(f"Tasks from {diff.old} to {diff.new}", ("change", "tasks"), counts, as_json=False)
    occupations = [(c.value, sum(one.change is c for one in diff.occupations)) for c in (Change.NEW, Change.RETIRED)]
    occupations.append(("other title or description", sum(one.change is Change.REWORDED for one in diff.occupations)))
    show_table("Occupations", ("change", "occupations"), occupations, as_json=False)
    for rubric, task_ids in report.rerate.items():
        say(f"{rubric}: {len(task_ids):,} tasks of {diff.new} are asked in words that {diff.old} has not: rate these")


def _row(change: Change, one: TaskChange) -> tuple[str, str, str]:
    task = one.new or one.old
    code = task.occupation_code if task else ""
    return one.task_id, code, _how(change, one)


def _how(change: Change, one: TaskChange) -> str:
    """In a few words, how a task changed in this respect."""
    match change, one.old, one.new:
        case Change.REWORDED, old, new if old and new:
            return word_diff(old.statement, new.statement)
        case Change.RERATED, _, _:
            return "; ".join(f"{name} {_figure(a)} -> {_figure(b)}" for name, (a, b) in one.ratings.items())
        case Change.MOVED, old, new if old and new:
            return f"{old.occupation_code} -> {new.occupation_code}"
        case _, old, new:
            task = new or old
            return task.statement if task else ""


def _figure(value: object) -> str:
    return "none" if value is None else str(value)


def _told(report: DiffReport) -> dict[str, object]:
    diff = report.diff
    return {
        "old": diff.old,
        "new": diff.new,
        "counts": {change.value: diff.count(change) for change in Change},
        "recoded": diff.recoded,
        "unchanged": diff.unchanged,
        "tasks": [_task(one) for one in diff.tasks],
        "occupations": [_occupation(one) for one in diff.occupations],
        "rerate": {rubric: list(task_ids) for rubric, task_ids in report.rerate.items()},
        "notes": list(report.notes),
    }


def _task(one: TaskChange) -> dict[str, object]:
    told: dict[str, object] = {"task_id": one.task_id, "changes": [change.value for change in one.changes]}
    for name, task in (("old", one.old), ("new", one.new)):
        told[name] = task.model_dump(mode="json", exclude={"task_id", "activities"}) if task else None
    if one.old and one.new and Change.REWORDED in one.changes:
        told["word_diff"] = word_diff(one.old.statement, one.new.statement)
    return told


def _occupation(one: OccupationChange) -> dict[str, object]:
    told = one.new or one.old
    titles = {name: side.title if side else None for name, side in (("old_title", one.old), ("new_title", one.new))}
    return {"occupation_code": told.occupation_code if told else None, "change": one.change.value, **titles}


def _write_tasks(report: DiffReport, out: Path) -> None:
    """Each task that any of the rubrics asks about in other words, once."""
    task_ids: Sequence[str] = list(dict.fromkeys(task_id for found in report.rerate.values() for task_id in found))
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("task_id",), *((task_id,) for task_id in task_ids)])
    note(f"{out}: {len(task_ids):,} tasks, for `scorer rate --task-file`")
