"""scorer runs: what was run, what is running, and how far it is; while a run goes on as well."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import note, out, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.cli.watch import panel, plain_line, showing, shown_time
from scorer.rating import RunState
from scorer.workflows.rating.runs import LATEST, RunLine, cancel_run, list_runs, show_run
from scorer.workflows.rating.watching import OPEN, watch_runs

app = typer.Typer(no_args_is_help=True, help="Runs: list them, look into one, watch one that is going on.")

RunName = Annotated[str, typer.Argument(metavar="[RUN]", help="Its id, or the beginning of it. Default: the latest.")]
OpenRunName = Annotated[
    str,
    typer.Argument(
        metavar="[RUN]", help="Its id, or the beginning of it. Default: all that are open, else the latest."
    ),
]


BATCH_COLUMNS = ("batch", "stage", "status", "cells", "attempt", "reserved_usd", "spent_usd", "batch_id", "problem")


@app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """List the runs of this workspace, latest first."""
    show_table("Runs", RunLine._fields, list_runs(bench_of(context)), as_json=as_json)


@app.command("show")
def show_command(context: typer.Context, run: RunName = LATEST, as_json: AsJson = False) -> None:
    """Show what one run was asked, what its ratings are, and what they took."""
    view = show_run(bench_of(context), run)
    sums = [one._asdict() for one in view.sums]
    if as_json:
        batches = [one.model_dump(mode="json") for one in view.batches]
        shown = {"state": view.state and view.state.model_dump(mode="json"), "sums": sums, "batches": batches}
        show_json({**view.line._asdict(), **view.record.model_dump(mode="json"), "told": view.line.state, **shown})
        return
    plan = view.record.plan
    say(f"run {view.line.run_id}: {view.line.state}, begun {view.line.started_at:%Y-%m-%d %H:%M:%S} UTC")
    say(f"O*NET {plan.get('onet_release')}; rubrics {', '.join(plan.get('rubrics', ()))}; plan {view.record.plan_hash}")
    if view.state and not view.state.is_over:
        out.print(panel(view.state))
    if view.batches:
        show_table(
            "Batches",
            BATCH_COLUMNS,
            [[getattr(one, name) for name in BATCH_COLUMNS] for one in view.batches],
            as_json=False,
        )
    show_table("Ratings in the store", tuple(sums[0]) if sums else ("rater",), view.sums, as_json=False)


@app.command("watch")
def watch_command(
    context: typer.Context,
    run: OpenRunName = OPEN,
    once: Annotated[
        bool,
        typer.Option("--once", help="Look once, collect what is ready, and end: exit 1 where the run is not over."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Watch runs from another terminal until they are over; what waits in batches is collected, from any process."""
    latest: dict[str, RunState] = {}
    with showing(as_json=as_json) as show:
        for state in watch_runs(bench_of(context), run, note, once=once):
            latest[state.run_id] = state
            show(state)
    for state in latest.values():
        _show_end(state, as_json=as_json)
    if not all(state.is_over for state in latest.values()):
        raise typer.Exit(1)


def _show_end(state: RunState, *, as_json: bool) -> None:
    if as_json:
        show_json(state.model_dump(mode="json"))
        return
    left = "" if state.done == state.total else f", {shown_time(state.minutes_left)} of work left"
    say(f"run {state.run_id}: {state.told}; {plain_line(state)}{left}")


@app.command("cancel")
def cancel_command(
    context: typer.Context,
    run: RunName = LATEST,
    give_up: Annotated[
        bool,
        typer.Option("--give-up", help="Forget its batches at once, whatever the provider may still answer."),
    ] = False,
) -> None:
    """End the batches of a run. What is answered by then is paid for and kept; the other cells are missing again."""
    left = cancel_run(bench_of(context), run, note, give_up=give_up)
    if left:
        say(
            f"the provider ends the batches; {left:,} cells are in flight until then: `scorer runs watch` collects them"
        )
    else:
        say("cancelled: its unanswered cells are missing again")
