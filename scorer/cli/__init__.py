"""The command line: parses, calls a workflow, prints. One command, `scorer`.

Exit status: 0 fine, 1 something held or incomplete, 2 usage, 3 an error of the scorer.
"""

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer

from scorer.cli import (
    artefacts,
    bls,
    concordance,
    labels,
    occupations,
    onet,
    outcomes,
    rating,
    releases,
    rubrics,
    workspace,
)
from scorer.cli.calibrate import calibrate_command
from scorer.cli.compare import compare_command, feed_command
from scorer.cli.demo import demo_command
from scorer.cli.plan import plan_command
from scorer.cli.profiles import evidence, profiles
from scorer.cli.review import app as review_app
from scorer.cli.runs import app as runs_app
from scorer.cli.serve import serve_command, site_command
from scorer.cli.show import say_error
from scorer.errors import ScorerError
from scorer.version import VERSION
from scorer.workflows.workspace.bench import Bench

ERROR_STATUS = 3
FULL_OR_BROKEN = {errno.ENOSPC, errno.EDQUOT, errno.EIO}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="How much of each O*NET task can today's AI do, how sure are we, and who says so?",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"scorer {VERSION}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    workspace_dir: Annotated[
        Path | None,
        typer.Option("--workspace", metavar="DIR", help="Default: SCORER_WORKSPACE, else the current directory."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Open the workspace that every command works in."""
    _ = version
    context.obj = Bench(workspace_dir)


app.command("demo")(demo_command)
app.command("init")(workspace.init_command)
app.add_typer(artefacts.app, name="artefacts")
app.add_typer(onet.app, name="onet")
app.add_typer(occupations.app, name="occupations")
app.add_typer(bls.app, name="bls")
app.add_typer(rubrics.app, name="rubrics")
app.add_typer(workspace.raters, name="raters")
app.command("plan")(plan_command)
app.command("rate")(rating.rate_command)
app.add_typer(runs_app, name="runs")
app.add_typer(rating.ratings, name="ratings")
app.add_typer(labels.app, name="labels")
app.add_typer(review_app, name="review")
app.command("calibrate")(calibrate_command)
app.command("evaluate")(outcomes.evaluate_command)
app.command("aggregate")(outcomes.aggregate_command)
app.add_typer(evidence, name="evidence")
app.add_typer(profiles, name="profiles")
app.command("publish")(releases.publish_command)
app.add_typer(releases.app, name="releases")
app.command("compare")(compare_command)
app.command("feed")(feed_command)
app.command("serve")(serve_command)
app.command("site")(site_command)
app.add_typer(concordance.app, name="concordance")
app.command("run")(outcomes.run_command)
app.command("verify")(releases.verify_command)
app.command("doctor")(workspace.doctor_command)


def main() -> None:
    """Run the command line; every ScorerError, and what a disk or folder refuses, is one clear message, status 3."""
    try:
        app()
    except ScorerError as error:
        say_error(str(error))
        sys.exit(ERROR_STATUS)
    except OSError as error:
        if error.filename is None and error.errno not in FULL_OR_BROKEN:  # nothing to go and look at: a bug
            raise
        say_error(
            f"{error.filename or 'the output'}: {error.strerror}; check that it is there, that you may read and write "
            "it and that the disk is not full, then run the same command again"
        )
        sys.exit(ERROR_STATUS)
