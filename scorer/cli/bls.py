"""scorer bls: pay, employment and outlook of occupations, from the Bureau of Labor Statistics."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import note, say, show_json
from scorer.cli.state import bench_of
from scorer.workflows.sources.labour import OFFICIAL, LabourReport, fetch_labour, import_labour

app = typer.Typer(no_args_is_help=True, help="Pay, employment and outlook (BLS): fetch, import.")


@app.command("import")
def import_tables(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="Wages (OEWS), Employment Projections or crosswalk; or a directory.")
    ],
    year: Annotated[
        str | None, typer.Option("--year", metavar="YEAR", help="Year of the wages, where the file does not tell.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import tables of BLS: CSV, Excel or zip. Exit status 1 where rows were refused."""
    _show(import_labour(bench_of(context), path, year), as_json=as_json)


@app.command()
def fetch(
    context: typer.Context,
    base_url: Annotated[
        str, typer.Option("--base-url", metavar="URL", help="A mirror of bls.gov/emp (https).")
    ] = OFFICIAL,
    as_json: AsJson = False,
) -> None:
    """Fetch and import wages, projections and crosswalk. Exit status 1 where one of them cannot be had."""
    _show(fetch_labour(bench_of(context), note, base_url), as_json=as_json)


def _show(report: LabourReport, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "tables": [
                    {
                        "kind": table.kind.value,
                        "period": table.period,
                        "source": table.source,
                        "rows": len(table.rows),
                        "is_new": is_new,
                    }
                    for table, is_new in report.tables
                ],
                "onet_release": report.onet_release,
                "reach": report.reach.model_dump() if report.reach else None,
                "problems": report.problems,
                "advice": report.advice,
            }
        )
    else:
        for table, is_new in report.tables:
            here = "" if is_new else " (was here already)"
            say(f"{table.kind.value} {table.period}: {len(table.rows):,} occupations from {table.source}{here}")
        if report.reach:
            reach = report.reach
            say(
                f"O*NET {report.onet_release}: of {reach.n_occupations:,} occupations with tasks "
                f"{reach.n_projected:,} have a projection and {reach.n_paid:,} have wages"
            )
        for line in (*report.problems, *report.advice):
            note(line)
    if report.problems:
        raise typer.Exit(1)
