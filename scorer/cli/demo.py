"""scorer demo: the whole road on a small real sample, told so that a person understands it."""

from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.outcomes import show_verdicts
from scorer.cli.show import note, say, show_table
from scorer.cli.watch import watching
from scorer.domain.evaluation import Decision, OccupationScore
from scorer.workflows.demo import OCCUPATIONS, DemoReport, demo


def demo_command(
    directory: Annotated[Path, typer.Option("--dir", help="The demo's own workspace.")] = Path("demo"),
) -> None:
    """Rate real O*NET tasks with a small model on this machine: no key, no network once the pinned files are here."""
    with watching(as_json=False) as observe:
        report = demo(directory, note, observe)
    show_demo(report)


def show_demo(report: DemoReport) -> None:
    """What came out, and how far it can be trusted."""
    say("")
    show_verdicts([verdict for verdict in report.evaluation.verdicts if verdict.level == "all"])
    say("")
    _show_occupations(report)
    say("")
    held = {verdict.rater for verdict in report.evaluation.verdicts if verdict.decision is Decision.HOLD}
    if held:
        say(f"Held: {', '.join(sorted(held))}. A held number is not shown: `no number` is the result, not a failure.")
    say(
        "The policy is exploratory and the reference labels were made by a model, not by people: "
        "these figures show how the engine works, and measure nothing."
    )
    say(f"The release is {report.release.path}: query it with DuckDB, or run scorer verify {report.release.path}")
    note(report.onet.attribution)


def _show_occupations(report: DemoReport) -> None:
    titles = {one.occupation_code: one.title for one in report.onet.occupations}
    scores = [one for one in report.aggregation.scores if one.occupation_code in OCCUPATIONS and one.rater != "panel"]
    rows = [
        (
            titles[one.occupation_code],
            one.rubric,
            one.measure,
            one.rater,
            one.n_tasks,
            _number(one),
            one.reasons[0] if one.status == "held" else "",
        )
        for one in sorted(scores, key=lambda one: (one.rubric, one.measure, one.occupation_code))
    ]
    columns = ("occupation", "rubric", "measure", "rater", "tasks", "score", "why_held")
    show_table("Five occupations", columns, rows, as_json=False)


def _number(score: OccupationScore) -> object:
    return "HELD" if score.status == "held" else score.score
