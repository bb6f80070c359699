"""scorer onet: O*NET releases, imported side by side and looked at."""

from typing import Annotated

import typer

from scorer.catalogue import Selection, select
from scorer.cli.options import AsJson, OnetReleaseName
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.catalogue import TaskKind
from scorer.workflows.onet import import_onet

app = typer.Typer(no_args_is_help=True, help="O*NET releases: import, list, show.")

NOTES_SHOWN = 10


@app.command("import")
def import_release(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="PATH", help="Official text directory or zip; or onet-26.1, the pinned copy.")
    ],
    release: Annotated[str | None, typer.Option("--release", help="Its name, where the path does not tell.")] = None,
) -> None:
    """Import a release from official text files, or the pinned offline copy."""
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


@app.command("list")
def list_releases(context: typer.Context, as_json: AsJson = False) -> None:
    """List the releases of this workspace; the current one is meant where no other is named."""
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
    code: Annotated[str, typer.Argument(help="O*NET-SOC code, such as 15-1252.00.")],
    onet_release: OnetReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Show an occupation and its tasks."""
    release = bench_of(context).store.catalogue.load(onet_release)
    tasks = select(release, Selection(occupations=(code,)))
    if not as_json:
        (title,) = {one.title for one in release.occupations if one.occupation_code == tasks[0].occupation_code}
        say(f"{tasks[0].occupation_code} {title} (O*NET {release.name})")
    columns = ("task_id", "kind", "importance", "relevance", "frequency", "statement")
    rows = [(t.task_id, t.kind.value, t.importance, t.relevance, t.frequency, t.statement) for t in tasks]
    show_table("Tasks", columns, rows, as_json=as_json)
    if not as_json:
        note(release.attribution)
