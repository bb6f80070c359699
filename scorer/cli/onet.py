"""scorer onet: O*NET releases, imported side by side and looked at."""

from collections.abc import Sequence
from typing import Annotated

import typer

from scorer.catalogue import REFUSED, find_occupations
from scorer.cli.options import AsJson, OnetReleaseName
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.catalogue import Occupation, OnetRelease, Task, TaskKind
from scorer.workflows.onet import import_onet

app = typer.Typer(no_args_is_help=True, help="O*NET releases: import, list, show.")

NOTES_SHOWN = 10


@app.command("import")
def import_release(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="PATH", help="Official text directory or zip; or onet-26.1, the pinned copy.")
    ],
    release: Annotated[
        str | None, typer.Option("--release", metavar="N.N", help="Its name, where the path does not tell.")
    ] = None,
) -> None:
    """Import a release. Rows that cannot be used are refused one by one, exit status 1."""
    found, is_new = import_onet(bench_of(context), source, release)
    with_tasks = len({task.occupation_code for task in found.tasks})
    core = sum(task.kind is TaskKind.CORE for task in found.tasks)
    say(
        f"O*NET {found.name}: {len(found.occupations):,} occupations, {with_tasks:,} with tasks; "
        f"{len(found.tasks):,} tasks, {core:,} core{'' if is_new else ' (was here already)'}"
    )
    for line in found.notes[:NOTES_SHOWN]:
        note(line)
    if len(found.notes) > NOTES_SHOWN:
        note(f"and {len(found.notes) - NOTES_SHOWN:,} more notes: scorer onet list --json")
    if refused := sum(line.startswith(REFUSED) for line in found.notes):
        note(f"{refused:,} rows were refused, the others are here")
        raise typer.Exit(1)


@app.command("list")
def list_releases(context: typer.Context, as_json: AsJson = False) -> None:
    """List the releases here. The current one is meant where no other is named."""
    rows = bench_of(context).store.catalogue.summaries()
    if as_json:
        show_json([row.model_dump(mode="json") for row in rows])
        return
    columns = ("release", "kind", "current", "occupations", "with_tasks", "tasks", "core", "source", "imported")
    show_table(
        "Catalogue",
        columns,
        [
            (
                r.name,
                r.kind.value,
                r.is_current,
                r.n_occupations,
                r.n_occupations_with_tasks,
                r.n_tasks,
                r.n_core,
                r.source,
                r.added_at,
            )
            for r in rows
        ],
        as_json=False,
    )


@app.command()
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="O*NET-SOC code, such as 15-1252.00, or '15-*'.")],
    onet_release: OnetReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Show an occupation and its tasks. Where a pattern fits several, list them."""
    release = bench_of(context).store.catalogue.load(onet_release)
    occupations = find_occupations(release, (code,))
    tasks = {one.occupation_code: list[Task]() for one in occupations}
    for task in release.tasks:
        if task.occupation_code in tasks:
            tasks[task.occupation_code].append(task)
    if as_json:
        show_json([_told(one, tasks[one.occupation_code]) for one in occupations])
        return
    if len(occupations) == 1:
        _show_one(occupations[0], tasks[occupations[0].occupation_code], release)
    else:
        rows = [(one.occupation_code, one.title, one.job_zone, len(tasks[one.occupation_code])) for one in occupations]
        show_table(f"O*NET {release.name}", ("code", "title", "job_zone", "tasks"), rows, as_json=False)
    note(release.attribution)


def _told(occupation: Occupation, tasks: Sequence[Task]) -> dict[str, object]:
    return {**occupation.model_dump(mode="json"), "tasks": [task.model_dump(mode="json") for task in tasks]}


def _show_one(occupation: Occupation, tasks: Sequence[Task], release: OnetRelease) -> None:
    say(f"{occupation.occupation_code} {occupation.title} (O*NET {release.name})")
    if occupation.description:
        say(occupation.description)
    if not tasks:
        say(f"O*NET {release.name} has no task of this occupation, so there is nothing to rate")
        return
    columns = ("task_id", "kind", "importance", "relevance", "frequency", "statement")
    rows = [(t.task_id, t.kind.value, t.importance, t.relevance, t.frequency, t.statement) for t in tasks]
    show_table("Tasks", columns, rows, as_json=False)
