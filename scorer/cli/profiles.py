"""scorer profiles, evidence: prose about occupations that rests on what is stored, and the registry it may name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from scorer.cli.options import (
    AddressOption,
    AllowUnpriced,
    AsJson,
    BudgetUsd,
    EngineOption,
    Retry,
    Yes,
    with_selection,
)
from scorer.cli.plan import terms
from scorer.cli.rating import show_run
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_at, bench_of
from scorer.cli.watch import watching
from scorer.domain.profile import CheckedSentence
from scorer.rating import EngineName
from scorer.workflows.profiles.evidence import import_evidence, known_evidence
from scorer.workflows.profiles.writing import ProfilesReport, check_profiles, make_profiles, read_profiles
from scorer.workflows.rating.asked import Asked

profiles = typer.Typer(no_args_is_help=True, help="Profiles: prose about occupations, every sentence checked.")
evidence = typer.Typer(no_args_is_help=True, help="The registry of AI tools and reports that profiles may name.")


@profiles.command("make")
@with_selection
def make_command(
    context: typer.Context,
    asked: Asked,
    budget_usd: BudgetUsd = None,
    yes: Yes = False,
    allow_unpriced: AllowUnpriced = False,
    retry: Retry = None,
    engine: EngineOption = EngineName.LOCAL,
    address: AddressOption = None,
    as_json: AsJson = False,
) -> None:
    """Write the profiles that are missing, and check each sentence. Exit 1 where one has nothing that may be shown."""
    question = asked.model_copy(update={"again": tuple(retry or ())})
    agreed = terms(budget_usd, yes=yes, allow_unpriced=allow_unpriced)
    bench = bench_at(context, engine, address)
    with watching(as_json=as_json) as observe:
        report = make_profiles(bench, question, observe, agreed, engine)
    show_profiles(report, as_json=as_json)


@profiles.command("check")
def check_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Check every profile anew against what is stored now; nothing is sent."""
    show_profiles(check_profiles(bench_of(context)), as_json=as_json)


@profiles.command("show")
def show_command(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="O*NET-SOC code of the occupation.")],
    refused: Annotated[bool, typer.Option("--refused", help="Also the sentences that were refused, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the profiles of an occupation with what each sentence rests on. Exit 1 where there is none."""
    found = read_profiles(bench_of(context), code, refused=refused)
    if as_json:
        show_json([{**one.model_dump(mode="json"), "sentences": _plain(said)} for one, said in found])
    for one, said in found if not as_json else ():
        title = (
            f"{code} by {one.rater} ({one.method}), {one.written_at:%Y-%m-%d}, scores of {one.scores_of or 'nobody'}"
        )
        rows = [(s.section, f"{s.question} {s.sentence}" if s.question else s.sentence, s.refs, s.reason) for s in said]
        show_table(title, ("section", "sentence", "rests_on", "refused"), rows, as_json=False)
    if not found:
        note(f"no profile of {code}: `scorer profiles make --occupation {code}` writes one")
        raise typer.Exit(1)


def _plain(said: Sequence[CheckedSentence]) -> list[dict[str, object]]:
    return [one.model_dump(mode="json") for one in said]


def show_profiles(report: ProfilesReport, *, as_json: bool) -> None:
    """What was written, how many sentences may be shown, and why others may not."""
    columns = ("occupation", "rater", "method", "status", "sentences", "refused", "scores_of", "scores_status")
    rows = [
        (
            p.occupation_code,
            p.rater,
            p.method.value,
            p.status.value,
            p.n_sentences,
            p.n_refused,
            p.scores_of,
            p.scores_status,
        )
        for p in report.profiles
    ]
    reasons = [(rater, reason, n) for (rater, reason), n in sorted(report.refused.items())]
    if as_json:
        refused = [dict(zip(("rater", "reason", "sentences"), row, strict=True)) for row in reasons]
        told = [dict(zip(columns, row, strict=True)) for row in rows]
        show_json({"profiles": told, "refused": refused, "complete": report.complete})
    else:
        for run in report.runs:
            show_run(run, as_json=False)
        show_table("Profiles", columns, rows, as_json=False)
        if reasons:
            show_table("Refused sentences: kept, never shown", ("rater", "reason", "sentences"), reasons, as_json=False)
    if not report.complete:
        raise typer.Exit(1)


@evidence.command("import")
def import_command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML with [[entry]] tables, or CSV.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Name of the registry. Default: the file's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a registry; an entry of a known id takes the earlier one's place. Bad entries are refused, exit 1."""
    report = import_evidence(bench_of(context), file, name)
    if as_json:
        show_json(report._asdict())
    else:
        counts = f"{report.new} entries new or changed, {report.known} known, {len(report.refused)} refused"
        say(f"{report.name} ({report.sha256[:12]}): {counts}")
        for line in report.refused:
            note(f"{file.name} {line}")
    if report.refused:
        raise typer.Exit(1)


@evidence.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """List the entries that count here: the shipped ones, and the workspace's own."""
    columns = ("id", "kind", "name", "publisher", "date", "activities", "technologies", "address", "registry")
    rows = [
        (e.entry_id, e.kind.value, e.name, e.publisher, e.dated, e.activities, e.technologies, e.address, e.registry)
        for e in known_evidence(bench_of(context))
    ]
    show_table("Evidence that profiles may name", columns, rows, as_json=as_json)
