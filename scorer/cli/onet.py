"""scorer onet: O*NET releases, fetched and imported side by side, looked at and compared."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.catalogue import REFUSED
from scorer.cli.onet_diff import diff_command
from scorer.cli.onet_show import show_command
from scorer.cli.options import AsJson
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.catalogue import TaskKind
from scorer.domain.occupation_facts import FactKind
from scorer.workflows.sources.onet import (
    FORMS,
    NEWEST_CHECKED,
    OFFICIAL,
    Imported,
    fetch_onet,
    import_crosswalk,
    import_onet,
)

app = typer.Typer(no_args_is_help=True, help="O*NET releases: fetch, import, list, show, compare.")
app.command("show")(show_command)
app.command("diff")(diff_command)

NOTES_SHOWN = 10
TOLD = {
    FactKind.SKILLS: "skill ratings",
    FactKind.TECHNOLOGIES: "technologies",
    FactKind.TITLES: "everyday titles",
    FactKind.RELATED: "related occupations",
    FactKind.ACTIVITIES: "work activities of tasks",
}


@app.command("import")
def import_release(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="Directory or zip of official files (text, Excel, SQL); the 2010-to-2019 crosswalk (.csv); or "
            "onet-26.1, the pinned copy.",
        ),
    ],
    release: Annotated[
        str | None, typer.Option("--release", metavar="N.N", help="Its name, where the path does not tell.")
    ] = None,
) -> None:
    """Import a release, beside those that are here. Rows that cannot be used are refused one by one, exit status 1."""
    if source.lower().endswith(".csv"):
        crosswalk = import_crosswalk(bench_of(context), Path(source).expanduser())
        say(f"crosswalk from O*NET-SOC 2010 to 2019: {crosswalk.pairs:,} pairs of codes, {crosswalk.added:,} new here")
        _tell_notes(crosswalk.notes)
    else:
        _tell(import_onet(bench_of(context), source, release))


@app.command()
def fetch(
    context: typer.Context,
    release: Annotated[
        str, typer.Option("--release", metavar="N.N", help="20.1 to 30.3, and later ones of the same layout.")
    ] = NEWEST_CHECKED,
    form: Annotated[str, typer.Option("--form", metavar="NAME", help=f"Which copy: {', '.join(FORMS)}.")] = FORMS[0],
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="A mirror with the same archives (https).")
    ] = OFFICIAL,
) -> None:
    """Fetch the official archive of a release and import it. A broken download is gone on from; needs a network."""
    _tell(fetch_onet(bench_of(context), release, note, base_url=base_url, form=form))


def _tell(imported: Imported) -> None:
    found = imported.release
    with_tasks = len({task.occupation_code for task in found.tasks})
    core = sum(task.kind is TaskKind.CORE for task in found.tasks)
    say(
        f"O*NET {found.name}: {len(found.occupations):,} occupations, {with_tasks:,} with tasks; "
        f"{len(found.tasks):,} tasks, {core:,} core{'' if imported.is_new else ' (was here already)'}"
    )
    if imported.facts:
        say("with " + ", ".join(f"{len(table.rows):,} {TOLD[table.kind]}" for table in imported.facts))
    _tell_notes(imported.notes)


def _tell_notes(notes: list[str]) -> None:
    """The first notes; where rows were refused, exit status 1."""
    for line in notes[:NOTES_SHOWN]:
        note(line)
    if len(notes) > NOTES_SHOWN:
        note(f"and {len(notes) - NOTES_SHOWN:,} more notes: scorer onet list --json")
    if refused := sum(line.startswith(REFUSED) for line in notes):
        note(f"{refused:,} rows were refused, the others are here")
        raise typer.Exit(1)


@app.command("list")
def list_releases(context: typer.Context, as_json: AsJson = False) -> None:
    """List the releases here. The current one is meant where no other is named."""
    store = bench_of(context).store
    rows = store.catalogue.summaries()
    if as_json:
        tables = [table.model_dump(mode="json") for table in store.facts.sources()]
        show_json(
            [
                {**row.model_dump(mode="json"), "tables": [t for t in tables if t["onet_release"] == row.name]}
                for row in rows
            ]
        )
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
