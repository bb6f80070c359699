"""scorer demo: the whole road on a small real sample, told so that a person understands it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from scorer.cli.outcomes import show_verdicts
from scorer.cli.show import note, say, show_table
from scorer.cli.watch import watching
from scorer.domain.evaluation import Decision, OccupationScore
from scorer.domain.panel import PANEL
from scorer.workflows.demo import SMALL, DemoReport, Sample, demo
from scorer.workflows.reference import SAMPLE, make_reference


def demo_command(
    directory: Annotated[Path, typer.Option("--dir", metavar="DIR", help="The demo's own workspace.")] = Path("demo"),
    small: Annotated[
        bool, typer.Option("--small", help="Only the smallest model: 0.1 GB to fetch instead of 1.3 GB.")
    ] = False,
    known: Annotated[
        Path | None,
        typer.Option(
            "--known",
            metavar="FILE",
            help="Take the ratings of the reference tasks from this release; only whole occupations are rated here.",
        ),
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(
            "--reference",
            metavar="FILE",
            help="Make the reference release instead: more occupations, no O*NET sentences, no page; "
            "starts from the ratings in FILE and replaces it.",
        ),
    ] = None,
) -> None:
    """Walk the whole road on a small real sample, without a key. No network once the pinned files are here."""
    sample = SAMPLE if reference else Sample()
    sample = sample._replace(raters=(SMALL,)) if small else sample
    with watching(as_json=False) as observe:
        if reference:
            report = make_reference(directory, reference, note, observe, sample)
        else:
            report = demo(directory, note, observe, sample, earlier=known)
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
        say(f"HELD is an outcome: the gate found {', '.join(sorted(held))} not good enough, so there is no number.")
    say(
        "The policy is exploratory and the reference labels were made by a model, not by people: "
        "these figures show how the engine works, and measure nothing."
    )
    say(f"The release is {report.release.path}: query it with DuckDB, or run scorer verify {report.release.path}")
    if report.page:
        say(f"The same for a browser: {report.page}")
    note(report.onet.attribution)


def _show_occupations(report: DemoReport) -> None:
    """One row an occupation and rater; a held number is HELD, and the verdicts above say why."""
    titles = {one.occupation_code: one.title for one in report.onet.occupations}
    scores = {(one.occupation_code, one.rater, one.rubric, one.measure): one for one in report.aggregation.scores}
    raters = sorted({one.rater for one in report.aggregation.scores} - {PANEL})
    rows = []
    for code in report.sample.occupations:
        for rater in raters:
            coverage = scores.get((code, rater, "coverage@1", "mean"))
            beta = scores.get((code, rater, "exposure@1", "beta"))
            tasks = coverage.n_tasks if coverage else None
            numbers = _number(coverage, "score"), _number(coverage, "share_50"), _number(beta, "score")
            rows.append((titles[code], rater, tasks, *numbers))
    columns = ("occupation", "rater", "tasks", "AI_task_coverage_0-100", "AI_exposure_share", "LLM_exposure_beta_0-1")
    show_table("Whole occupations, all of their tasks", columns, rows, as_json=False)


def _number(score: OccupationScore | None, name: Literal["score", "share_50"]) -> object:
    """The number, HELD, or nothing where the rater has no rating on the rubric (yet)."""
    if score is None:
        return None
    return "HELD" if score.status == "held" else getattr(score, name)
