"""scorer labels: hand labels sampled, brought in and listed."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson, Seed
from scorer.cli.rating import show_refused
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.evaluation import LabellerKind
from scorer.workflows.label_sample import sample_labels
from scorer.workflows.labels import import_labels

app = typer.Typer(no_args_is_help=True, help="Hand labels: sample, import, list.")


@app.command("import")
def import_command(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|SOURCE", help="A CSV file, gpts-are-gpts, gpts-are-gpts-automation, or reference."
        ),
    ],
    path: Annotated[Path | None, typer.Option("--path", metavar="FILE", help="A local copy of a known source.")] = None,
    label_set: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the set; default: the file's.")
    ] = None,
    kind: Annotated[
        LabellerKind,
        typer.Option("--labeller-kind", metavar="KIND", help="person or model, where the file does not say."),
    ] = LabellerKind.PERSON,
    as_json: AsJson = False,
) -> None:
    """Import labels. Bad rows are refused one by one, exit status 1."""
    report = import_labels(bench_of(context), source, path=path, label_set=label_set, kind=kind)
    refused = [(one.line, one.reason) for one in report.refused]
    if as_json:
        show_json({**report._asdict(), "refused": [{"line": line, "reason": reason} for line, reason in refused]})
    else:
        say(f"{report.label_set}: {report.read:,} labels read, {report.added:,} new; {len(refused):,} rows refused")
        if report.retired:
            note(f"{report.retired:,} labelled tasks are not in the current O*NET release; they are kept and evaluated")
        show_refused(Path(source), refused)
    if refused:
        raise typer.Exit(1)


@app.command("sample")
def sample_command(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The sheet to fill in, a CSV file.")],
    n: Annotated[int, typer.Option("--n", min=1, metavar="N", help="So many tasks.")],
    rubric: Annotated[str, typer.Option("--rubric", metavar="NAME", help="NAME, NAME@VERSION or a file.")] = "coverage",
    seed: Seed = 0,
    by_disagreement: Annotated[
        bool, typer.Option("--by-disagreement", help="More of the tasks on which raters so far differ.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Draw tasks to be labelled. The chance of each is kept, so that labels can correct scores."""
    report = sample_labels(bench_of(context), out, rubric, n, seed, by_disagreement=by_disagreement)
    if as_json:
        show_json(report._asdict())
        return
    again = "" if report.is_new else " (drawn before)"
    say(f"{report.sheet}: {report.tasks:,} tasks of sample {report.sample_id}{again}")
    say("fill in labeller and category, then: scorer labels import " + str(report.sheet))
    note(report.attribution)


@app.command("list")
def list_sets(context: typer.Context, as_json: AsJson = False) -> None:
    """List the label sets here. Who labelled, how many, on which rubrics."""
    sets = bench_of(context).store.labels.sets()
    columns = ("label_set", "rubrics", "labellers", "labeller_kinds", "labels", "tasks", "imported", "source")
    rows = [
        (s.name, s.rubrics, s.labellers, s.labeller_kinds, s.n_labels, s.n_tasks, s.imported_at, s.source) for s in sets
    ]
    show_table("Label sets", columns, rows, as_json=as_json)
