"""scorer publish, verify, releases: what is published, whether it is what it says, and what was kept of it."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.publish import PublishedRelease, PublishOptions, Severity
from scorer.workflows.publication.publish import Exports, kept_releases, publish_release, verify

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where the release goes. Default: results.duckdb.")
]
Provisional = Annotated[bool, typer.Option("--provisional", help="Show held numbers too; the release says so.")]
WithoutStatements = Annotated[
    bool, typer.Option("--without-statements", help="Ids and figures only: no O*NET text, no prompts, no raw answers.")
]

app = typer.Typer(no_args_is_help=True, help="Releases that were set aside.")


def publish_command(
    context: typer.Context,
    out: Out = None,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", metavar="DIR", help="Also write Parquet files here.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="DIR", help="Also write CSV files here.")] = None,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", metavar="DIR", help="Also write files of one JSON object a line here.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Set a copy aside, to compare later releases with.")] = False,
    without_statements: WithoutStatements = False,
    provisional: Provisional = False,
    as_json: AsJson = False,
) -> None:
    """Write one immutable release. It is written beside the old one and swapped in whole."""
    options = PublishOptions(with_statements=not without_statements, provisional=provisional)
    report = publish_release(bench_of(context), out, options, Exports(parquet, csv, jsonl), keep=keep)
    if as_json:
        show_json(report.model_dump(mode="json"))
    else:
        show_release(report)


def show_release(report: PublishedRelease) -> None:
    """Where the release is, what it is called, and how many rows it holds."""
    for line in report.notes:
        note(line)
    say(f"{report.path}: release {report.release_id}")
    say(", ".join(f"{count:,} {table}" for table, count in report.rows.items() if count))


def verify_command(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A release. Default: results.duckdb of the workspace.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check integrity and provenance of a release. Exit 1 where something is wrong."""
    release = path or bench_of(context).workspace.release_path
    findings = verify(release)
    if findings or as_json:
        rows = [(one.severity.value, one.check, one.message) for one in findings]
        show_table(f"{release.name}: findings", ("severity", "check", "message"), rows, as_json=as_json)
    else:
        say(f"{release.name}: as it was sealed; every check passed")
    if any(one.severity is Severity.ERROR for one in findings):
        raise typer.Exit(1)


@app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Releases that `scorer publish --keep` has set aside, oldest first."""
    columns = ("release", "published", "onet_release", "schema_version", "content_sha256", "file")
    rows = [
        (head.release_id, head.created_at, head.onet_release, head.schema_version, head.content_sha256, str(path))
        for path, head in kept_releases(bench_of(context))
    ]
    show_table("Kept releases", columns, rows, as_json=as_json, only_json=("content_sha256", "file"))
