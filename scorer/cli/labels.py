"""scorer labels: hand labels sampled, brought in, settled, listed and written out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson, Seed
from scorer.cli.rating import show_refused
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.evaluation import LabellerKind
from scorer.domain.label_columns import ColumnMap
from scorer.workflows.evaluation.adjudicate import Dispute, Ruling, adjudicate, disputes
from scorer.workflows.evaluation.label_sample import sample_labels
from scorer.workflows.evaluation.labels import export_labels, import_labels

app = typer.Typer(no_args_is_help=True, help="Hand labels: sample, import, adjudicate, list, export.")


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
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="NAME", help="What any other CSV is about; its columns follow.")
    ] = None,
    task_column: Annotated[str | None, typer.Option(metavar="COLUMN", help="Default: task_id.")] = None,
    labeller_column: Annotated[str | None, typer.Option(metavar="COLUMN", help="Default: labeller.")] = None,
    category_column: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Default: category. A number is taken as its category.")
    ] = None,
    labeller: Annotated[
        str | None, typer.Option("--labeller", metavar="NAME", help="Who labelled all of it, without such a column.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Judge by them, and never hand them out: no release, export or prompt.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import labels. Bad rows are refused one by one, exit status 1."""
    columns = _columns(rubric, task_column, labeller_column, category_column, labeller)
    report = import_labels(
        bench_of(context), source, path=path, label_set=label_set, kind=kind, columns=columns, private=private
    )
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


def _columns(
    rubric: str | None, task: str | None, labeller: str | None, category: str | None, by: str | None
) -> ColumnMap | None:
    """How to read a file of any columns; None where nothing was said, which means a label file of ours."""
    if rubric is None:
        if any((task, labeller, category, by)):
            raise typer.BadParameter("say what the file is about as well: --rubric NAME")
        return None
    if labeller and by:
        raise typer.BadParameter("either --labeller-column or --labeller: one of the two says who labelled")
    plain = ColumnMap(rubric)
    return ColumnMap(rubric, task or plain.task, labeller or plain.labeller, category or plain.category, by)


@app.command("export")
def export_command(
    context: typer.Context,
    label_set: Annotated[str, typer.Argument(metavar="SET", help="A label set.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The CSV file to write.")],
    as_json: AsJson = False,
) -> None:
    """Write a label set as CSV that can be imported again. A private set is refused."""
    written = export_labels(bench_of(context), label_set, out)
    if as_json:
        show_json(written._asdict())
        return
    say(f"{written.file}: {written.labels:,} labels of {label_set}, {written.adjudications:,} of them adjudications")


@app.command("adjudicate")
def adjudicate_command(
    context: typer.Context,
    label_set: Annotated[str, typer.Argument(metavar="SET", help="A label set of several labellers.")],
    task_id: Annotated[str | None, typer.Argument(metavar="[TASK]", help="Its task_id; without: what differs.")] = None,
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="NAME", help="NAME or NAME@VERSION. Default: coverage.")
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", metavar="CATEGORY", help="As the rubric spells it.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who settles it; stands in the release.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, in a sentence.")] = None,
    as_json: AsJson = False,
) -> None:
    """Settle what counts where labellers differ. Without a task list where they do; exit 1 while something is open."""
    bench = bench_of(context)
    if task_id is None:
        _show_disputes(disputes(bench, label_set, rubric), as_json=as_json)
        return
    if category is None or by is None or reason is None:
        raise typer.BadParameter("settling a task needs --category, --by and --reason")
    is_new = adjudicate(bench, label_set, rubric or "coverage", task_id, Ruling(category, by, reason))
    if as_json:
        show_json({"task_id": task_id, "category": category, "by": by, "is_new": is_new})
        return
    say(f"task {task_id} of {label_set}: {category}, settled by {by}" + ("" if is_new else " (as before)"))


def _show_disputes(found: Sequence[Dispute], *, as_json: bool) -> None:
    columns = ("task_id", "rubric", "said", "settled", "by", "reason")
    rows = [
        (one.task_id, one.rubric, one.said, last and last.category, last and last.labeller, last and last.note)
        for one in found
        for last in (one.adjudication,)
    ]
    show_table("Where labellers differ", columns, rows, as_json=as_json)
    if any(one.adjudication is None for one in found):
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
    columns = (
        "label_set",
        "rubrics",
        "labellers",
        "labeller_kinds",
        "labels",
        "tasks",
        "private",
        "imported",
        "source",
    )
    rows = [
        (s.name, s.rubrics, s.labellers, s.labeller_kinds, s.n_labels, s.n_tasks, s.is_private, s.imported_at, s.source)
        for s in sets
    ]
    show_table("Label sets", columns, rows, as_json=as_json)
