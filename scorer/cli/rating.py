"""scorer rate, ratings import: from what is missing to ratings in the store."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import (
    AddressOption,
    AllowUnpriced,
    AsJson,
    BudgetUsd,
    EngineOption,
    OnetReleaseName,
    Retry,
    Yes,
    with_selection,
)
from scorer.cli.plan import terms
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_at, bench_of
from scorer.cli.watch import watching
from scorer.rating import EngineName
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.illustrate import illustrate
from scorer.workflows.rating.imported import import_ratings
from scorer.workflows.rating.rate import RunReport, rate
from scorer.workflows.rating.reread import RereadReport, reread

ratings = typer.Typer(no_args_is_help=True, help="Ratings: import those made elsewhere, illustrate.")

REFUSED_SHOWN = 20


@with_selection
def rate_command(
    context: typer.Context,
    asked: Asked,
    budget_usd: BudgetUsd = None,
    yes: Yes = False,
    allow_unpriced: AllowUnpriced = False,
    retry: Retry = None,
    engine: EngineOption = EngineName.LOCAL,
    address: AddressOption = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="With --engine batch: stay until every batch is collected, a day at most.")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Read the stored answers again, as they are read today; nothing is sent.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rate what the plan says is missing. Run it again to go on after an interruption: nothing is asked twice."""
    if replay:
        show_reread(reread(bench_of(context), asked), as_json=as_json)
        return
    question = asked.model_copy(update={"again": tuple(retry or ())})
    agreed = terms(budget_usd, yes=yes, allow_unpriced=allow_unpriced, stays=wait)
    bench = bench_at(context, engine, address)
    with watching(as_json=as_json) as observe:
        report = rate(bench, question, observe, agreed, engine)
    show_run(report, as_json=as_json)
    if not report.complete:
        raise typer.Exit(1)


def show_reread(report: RereadReport, *, as_json: bool) -> None:
    """How many answers were read again, and what they mean now."""
    rows = [(rater, old.value, new.value, count) for (rater, old, new), count in sorted(report.changed.items())]
    if as_json:
        changed = [dict(zip(("rater", "before", "now", "ratings"), row, strict=True)) for row in rows]
        show_json({"read": report.read, "kept": report.kept, "changed": changed})
        return
    say(f"{report.read:,} answers were read again, {sum(report.changed.values()):,} mean something else now")
    if report.kept:
        note(f"{report.kept:,} ratings hold no answer that could be read, and stay as they are")
    if rows:
        show_table("Changed", ("rater", "before", "now", "ratings"), rows, as_json=False)


@ratings.command("illustrate")
@with_selection
def illustrate_command(context: typer.Context, asked: Asked, as_json: AsJson = False) -> None:
    """Ask embedded probes raters for reasons, for tasks that are to be shown. They decide nothing and are marked so."""
    with watching(as_json=as_json) as observe:
        added = illustrate(bench_of(context), asked, observe)
    if as_json:
        show_json({"added": added})
        return
    say(f"{added:,} reasons were added, marked as illustrative")


def show_run(report: RunReport, *, as_json: bool) -> None:
    """Say what a run did, what went wrong first of each kind, and what is left."""
    rows = [
        (rater, status.value, count, report.problems.get((rater, status)))
        for (rater, status), count in sorted(report.statuses.items())
    ]
    if as_json:
        statuses = [dict(zip(("rater", "status", "cells", "problem"), row, strict=True)) for row in rows]
        shown = report._asdict()
        del shown["problems"]
        show_json({**shown, "statuses": statuses, "complete": report.complete})
        return
    if report.recovered:
        note(f"{report.recovered:,} ratings of an earlier run were recovered from its journal")
    if report.adopted:
        note(f"{report.adopted:,} ratings were carried over from another name of the same rater: nothing was sent")
    if report.run_id is None:
        alone = "" if report.in_flight else "all "
        say(f"nothing is missing: {alone}{report.present:,} cells have their answer")
    elif rows or not report.in_flight:
        show_table(f"Run {report.run_id}", ("rater", "status", "cells", "first_problem"), rows, as_json=False)
    _show_in_flight(report)
    if report.cost_usd:
        say(f"spent {report.cost_usd:,.4f} USD")
    if report.budget_problem:
        note(report.budget_problem)
    if report.left:
        say(f"{report.left:,} cells are still missing: run the same command again to go on")


def _show_in_flight(report: RunReport) -> None:
    """How many Cells wait in batches, what is set aside for them, and what to do."""
    if report.in_flight:
        aside = f", {report.reserved_usd:,.4f} USD set aside" if report.reserved_usd else ""
        say(f"{report.in_flight:,} cells are in flight in batches{aside}: `scorer runs watch` collects them")


@ratings.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, TSV or Parquet: task_id, category or score, rationale.")
    ],
    rater: Annotated[str, typer.Option("--rater", metavar="NAME", help="Name of the Rater that they become.")],
    rubric: Annotated[str, typer.Option("--rubric", metavar="NAME", help="On whose scale they are.")],
    task_column: Annotated[str, typer.Option(metavar="NAME", help="Column with the task id.")] = "task_id",
    category_column: Annotated[str, typer.Option(metavar="NAME", help="Column with the category.")] = "category",
    score_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column with the score, where there is no category.")
    ] = "score",
    rationale_column: Annotated[
        str, typer.Option(metavar="NAME", help="Column with the rationale, if any.")
    ] = "rationale",
    onet_release: OnetReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Import ratings as a Rater of their own. Bad rows are refused one by one, exit status 1."""
    columns = (task_column, category_column, score_column, rationale_column)
    report = import_ratings(bench_of(context), file, rater, rubric, columns=columns, onet_release=onet_release)
    if as_json:
        show_json({**report._asdict(), "refused": [one._asdict() for one in report.refused]})
    else:
        counts = f"{report.read:,} ratings read, {report.added:,} new; {len(report.refused):,} rows refused"
        say(f"{rater} on {report.rubric}: {counts}")
        show_refused(file, [(one.line, one.reason) for one in report.refused])
    if report.refused:
        raise typer.Exit(1)


def show_refused(file: Path, refused: list[tuple[int, str]]) -> None:
    """Name the rows that were not taken; many are cut short, with their number."""
    for line, reason in refused[:REFUSED_SHOWN]:
        note(f"{file.name} line {line}: {reason}")
    if len(refused) > REFUSED_SHOWN:
        note(f"and {len(refused) - REFUSED_SHOWN:,} more; --json lists them all")
