"""scorer occupations: find occupations by what people call their jobs."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson, OnetReleaseName
from scorer.cli.show import note, show_table
from scorer.cli.state import bench_of
from scorer.workflows.onet import search_occupations

app = typer.Typer(no_args_is_help=True, help="Occupations: find one by an everyday job title.")


@app.callback()
def occupations() -> None:
    """Find occupations."""


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
