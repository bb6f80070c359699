"""scorer init, doctor, raters: a workspace, its health, and whom it can ask."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import AsJson, Rubrics, Seed
from scorer.cli.options import Raters as RaterNames
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.cli.watch import watching
from scorer.workflows.doctor import examine
from scorer.workflows.evaluation.contamination import probe_memory
from scorer.workflows.evaluation.cuts import measure_cuts
from scorer.workflows.rating.raters import check, known_raters
from scorer.workflows.rating.rubric_check import RubricCheck
from scorer.workflows.workspace.start import make_workspace

FACTS = ("takes", "usd_input", "usd_output", "context_tokens", "is_snapshot", "shutdown")
raters = typer.Typer(no_args_is_help=True, help="Raters: list, check, contamination, cuts.")


def init_command(
    context: typer.Context,
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Default: the workspace.")] = None,
) -> None:
    """Write a commented scorer.toml. An existing one is left as it is."""
    made = make_workspace(directory or bench_of(context).workspace.root)
    say(f"wrote {made}; next: scorer onet import PATH, then scorer plan --sample 100")


def doctor_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the installation and the workspace. Exit 1 where something needs doing."""
    findings = examine(bench_of(context))
    rows = [("ok" if one.fine else "look", one.subject, one.detail) for one in findings]
    show_table("Doctor", ("state", "subject", "detail"), rows, as_json=as_json)
    if not all(one.fine for one in findings):
        raise typer.Exit(1)


@raters.command("list")
def list_raters(context: typer.Context, as_json: AsJson = False) -> None:
    """List the raters of scorer.toml and the embedded ones."""
    settings = bench_of(context).settings
    panel = settings.panel.raters or tuple(settings.raters)
    rows = [
        (r.name, r.provider, r.model, r.answer.value, r.is_embedded, r.name in panel, r.base_url, r.api_key_env)
        for r in known_raters(bench_of(context)).values()
    ]
    columns = ("rater", "provider", "model", "answer", "embedded", "in_panel", "base_url", "api_key_env")
    show_table("Raters", columns, rows, as_json=as_json, only_json=("embedded",))


@raters.command("cuts")
def cuts_command(
    context: typer.Context,
    rater: Annotated[str, typer.Argument(metavar="RATER", help='A rater with answer = "probes".')],
    rubric: Rubrics = None,
    sample: Annotated[int, typer.Option(min=30, metavar="N", help="Tasks to draw from the current release.")] = 150,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure where a probes rater passes from one category to the next, without labels. Nothing is stored."""
    with watching(as_json=as_json) as observe:
        found = measure_cuts(bench_of(context), rater, rubric or ("coverage",), n=sample, seed=seed, observe=observe)
    if as_json:
        show_json([one._asdict() for one in found])
        return
    note(f"put into [raters.{rater}] of scorer.toml ({found[0].n} tasks of {found[0].onet_release}, seed {seed}):")
    for one in found:
        say(one.setting)


@raters.command("contamination")
def contamination_command(
    context: typer.Context,
    rater: Annotated[str, typer.Argument(metavar="RATER", help='A rater with answer = "json".')],
    labels: Annotated[str, typer.Option("--labels", metavar="SET", help="A label set that anybody could have read.")],
    rubric: Annotated[str | None, typer.Option("--rubric", metavar="NAME", help="Where the set has several.")] = None,
    n: Annotated[int, typer.Option("--n", min=100, metavar="N", help="Questions of each of the two kinds.")] = 120,
    as_json: AsJson = False,
) -> None:
    """Ask a rater what it remembers of a label set, against permuted controls. Kept; exit 1 where it remembers."""
    with watching(as_json=as_json) as observe:
        found = probe_memory(bench_of(context), rater, labels, observe, n=n, rubric=rubric)
    if as_json:
        show_json([one.model_dump(mode="json") for one in found])
    else:
        for one in found:
            say(f"{one.rater}, {one.label_set}, {one.probe.value.replace('_', ' ')}: {one.finding}")
    if any(one.ci_low is not None and one.ci_low > 0 for one in found):
        raise typer.Exit(1)


@raters.command("check")
def check_raters(
    context: typer.Context, rater: RaterNames = None, rubric: Rubrics = None, as_json: AsJson = False
) -> None:
    """Ask each rater a small question, and one about each rubric. Exit 1 where one does not give what is needed."""
    found = check(bench_of(context), rater or (), rubric or ())
    columns = ("rater", "passed", "served_model", "logprobs", "structured", "latency_ms", "problem", "rubrics", *FACTS)
    rows = [
        (
            c.rater,
            one.passed,
            c.served_model,
            c.logprobs,
            c.structured,
            c.latency_ms,
            c.problem,
            [each.model_dump(mode="json") for each in one.rubrics],
            *(getattr(c.facts, name) for name in FACTS),
        )
        for one in found
        for c in (one.rater,)
    ]
    show_table("Raters", columns, rows, as_json=as_json, only_json=("rubrics", *FACTS))
    if not as_json:
        named = [(c.rater, *(getattr(c.facts, name) for name in FACTS)) for c in (one.rater for one in found)]
        show_table("Models (USD per million tokens)", ("rater", *FACTS), named, as_json=False)
        _show_rubrics([each for one in found for each in one.rubrics])
    for warning in (warning for one in found for warning in one.rater.warnings):
        note(warning)
    if not all(one.passed for one in found):
        raise typer.Exit(1)


def _show_rubrics(checks: Sequence[RubricCheck]) -> None:
    """How the answers to each rubric can be read."""
    rows = [(one.rater, one.rubric, one.one_token, one.mass, _shares(one), one.problem) for one in checks]
    if rows:
        show_table("Rubrics", ("rater", "rubric", "one_token", "mass", "probes", "problem"), rows, as_json=False)


def _shares(one: RubricCheck) -> str | None:
    """The share of obvious pairs that each probe has right."""
    return ", ".join(f"{probe} {share:.0%}" for probe, share in one.probes.items()) if one.probes else None
