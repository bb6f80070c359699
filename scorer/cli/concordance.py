"""scorer concordance: published indices of others, and how far our scores go together with them."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import note, show_table
from scorer.cli.state import bench_of
from scorer.workflows.publication.concordance import CODE_COLUMN, ELOUNDOU, find_concordance, import_index

app = typer.Typer(no_args_is_help=True, help="Indices that others have published, beside our scores.")


@app.command("import")
def import_command(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help=f"A CSV file, or {ELOUNDOU}.")],
    path: Annotated[
        Path | None, typer.Option("--path", metavar="FILE", help="A local copy of the known source.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call it. Default: the file's stem.")
    ] = None,
    code: Annotated[
        str, typer.Option("--code", metavar="COLUMN", help="Column of O*NET-SOC or SOC codes.")
    ] = CODE_COLUMN,
    score: Annotated[str, typer.Option("--score", metavar="COLUMN", help="Column of numbers.")] = "score",
    credit: Annotated[str | None, typer.Option("--credit", metavar="TEXT", help="Whom to credit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring in an index of occupations. Exit 1 where rows were refused; the others are kept."""
    reports = import_index(
        bench_of(context), source, path=path, name=name, code_column=code, score_column=score, credit=credit
    )
    rows = [(one.index_name, one.read, len(one.refused)) for one in reports]
    show_table("Indices imported", ("index", "occupations", "refused"), rows, as_json=as_json)
    for line in dict.fromkeys(line for one in reports for line in one.refused):
        note(line)
    if any(one.refused for one in reports):
        raise typer.Exit(1)


@app.command("show")
def show_command(context: typer.Context, as_json: AsJson = False) -> None:
    """How far the occupation scores go together with each index; kept for the next release."""
    columns = (
        "index",
        "rubric",
        "rater",
        "measure",
        "metric",
        "value",
        "ci_low",
        "ci_high",
        "pairs",
        "in_index",
        "ours",
        "joined_by",
        "reason",
    )
    rows = [tuple(one.model_dump().values()) for one in find_concordance(bench_of(context))]
    show_table("Concordance with published indices", columns, rows, as_json=as_json)
