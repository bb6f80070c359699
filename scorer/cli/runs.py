"""scorer runs: what was run, what is running, and how far it is; while a run goes on as well."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import out, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.cli.watch import panel, plain_line, showing, shown_time
from scorer.workflows.runs import LATEST, RunLine, list_runs, show_run, watch_run

app = typer.Typer(no_args_is_help=True, help="Runs: list them, look into one, watch one that is going on.")

RunName = Annotated[str, typer.Argument(metavar="[RUN]", help="Its id, or the beginning of it. Default: the latest.")]


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
        shown = {"state": view.state and view.state.model_dump(mode="json"), "sums": sums}
        show_json({**view.line._asdict(), **view.record.model_dump(mode="json"), "told": view.line.state, **shown})
        return
    plan = view.record.plan
    say(f"run {view.line.run_id}: {view.line.state}, begun {view.line.started_at:%Y-%m-%d %H:%M:%S} UTC")
    say(f"O*NET {plan.get('onet_release')}; rubrics {', '.join(plan.get('rubrics', ()))}; plan {view.record.plan_hash}")
    if view.state and not view.state.is_over:
        out.print(panel(view.state))
    show_table("Ratings in the store", tuple(sums[0]) if sums else ("rater",), view.sums, as_json=False)


@app.command("watch")
def watch_command(context: typer.Context, run: RunName = LATEST, as_json: AsJson = False) -> None:
    """Watch a run from another terminal until it is over."""
    with showing(as_json=as_json) as show:
        for state in watch_run(bench_of(context), run):
            show(state)
    if not as_json:
        left = "" if state.done == state.total else f", {shown_time(state.minutes_left)} of work left"
        say(f"run {state.run_id}: {state.told}; {plain_line(state)}{left}")
    else:
        show_json(state.model_dump(mode="json"))
