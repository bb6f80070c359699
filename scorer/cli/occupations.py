"""scorer occupations: found by what people call their jobs, and those that O*NET does not have."""

from typing import Annotated

import typer

from scorer.catalogue import SHIPPED
from scorer.cli.options import AsJson, OnetReleaseName
from scorer.cli.show import note, say, show_table
from scorer.cli.state import bench_of
from scorer.workflows.sources.occupations import add_occupations, custom_occupations
from scorer.workflows.sources.onet import search_occupations

app = typer.Typer(no_args_is_help=True, help="Occupations: find one by an everyday job title; add your own.")


@app.command()
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A job title, such as 'ML engineer'.")],
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="At most so many.")] = 10,
    onet_release: OnetReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Find the occupations that have a title like this one, the likeliest first. Exit 1 where there is none."""
    found = search_occupations(bench_of(context), text, onet_release, limit)
    rows = [(one.found.occupation_code, one.title, one.found.title, one.found.likeness, one.n_tasks) for one in found]
    columns = ("code", "occupation", "fits_as", "likeness", "tasks")
    show_table(f"Occupations like `{text}`", columns, rows, as_json=as_json)
    if not found:
        note("no title is like this one; try other words, or import a release with its Alternate Titles (Job Titles)")
        raise typer.Exit(1)


@app.command()
def add(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="FILE", help=f"YAML or CSV; or one that ships: {', '.join(SHIPPED)}.")
    ],
) -> None:
    """Add custom occupations with their own tasks. Every fault is told with its line, and then nothing is added."""
    for custom, is_new, unknown in add_occupations(bench_of(context), source):
        one, here = custom.occupation, "" if is_new else " (was here already)"
        say(f"{one.occupation_code} {one.title}: {len(custom.release.tasks)} tasks, {custom.release.name}{here}")
        if unknown:
            note(f"{', '.join(unknown)}: in no O*NET release here, so nothing stands in from there")


@app.command("list")
def list_custom(context: typer.Context, as_json: AsJson = False) -> None:
    """List the custom occupations of the workspace, each in its current text."""
    rows = custom_occupations(bench_of(context))
    columns = ("code", "title", "tasks", "nearest", "version")
    show_table("Custom occupations", columns, [tuple(row) for row in rows], as_json=as_json)
