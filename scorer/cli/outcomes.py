"""scorer evaluate, aggregate, run: from ratings to verdicts and scores that can be trusted as far as they say."""

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
    OnetReleaseName,
    Yes,
    with_selection,
)
from scorer.cli.plan import terms
from scorer.cli.rating import show_run
from scorer.cli.releases import Out, show_release
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_at, bench_of
from scorer.cli.watch import watching
from scorer.domain.evaluation import Agreement, Decision, Verdict
from scorer.domain.rationale import RationaleQuality
from scorer.domain.reliability import Reliability
from scorer.domain.uncertainty import GroupScore
from scorer.rating import EngineName
from scorer.workflows.evaluation.evaluate import EvaluateReport, evaluate_ratings
from scorer.workflows.publication.aggregate import AggregateReport, aggregate_ratings
from scorer.workflows.publication.ahead import look_ahead
from scorer.workflows.publication.multiverse_figure import draw_multiverse, figure_place
from scorer.workflows.publication.publish import publish_release
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.rate import rate

LabelSets = Annotated[
    list[str] | None,
    typer.Option("--labels", metavar="SET", help="A label set; repeatable. Default: the sets that persons labelled."),
]
PolicyName = Annotated[
    str | None,
    typer.Option("--policy", metavar="NAME", help="default, strict, exploratory, or a path. Default: scorer.toml's."),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="NAME", help="core2, relevance-importance, time, or equal. Default: scorer.toml's."
    ),
]
MAIN_METRICS = ("raw_agreement", "kappa", "alpha_ordinal", "pearson", "bias")


def evaluate_command(
    context: typer.Context,
    labels: LabelSets = None,
    policy: PolicyName = None,
    only_current: Annotated[bool, typer.Option("--only-current", help="Leave out retired tasks.")] = False,
    classifier: Annotated[
        bool, typer.Option("--classifier", help="Also train an embedding classifier on the labels, to compare with.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="OUT", help="Also write the whole report as one HTML page.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare raters with labels and with each other; Verdicts. Exit 1 where one is held."""
    report = evaluate_ratings(bench_of(context), labels or (), policy, only_current=only_current, classifier=classifier)
    if html:
        report.write_page(html)
    if as_json:
        show_json(report.as_json())
    else:
        show_evaluation(report)
        if html:
            say(f"the whole report: {html}")
    if any(verdict.decision is Decision.HOLD for verdict in report.verdicts) or not report.verdicts:
        raise typer.Exit(1)


def show_evaluation(report: EvaluateReport) -> None:
    """The main coefficients over all tasks, and the Verdicts; --json has all strata and metrics."""
    pairs: dict[tuple[str, str, str], dict[str, Agreement]] = {}
    for one in report.agreements:
        if one.stratum == "all" and one.metric in MAIN_METRICS:
            pairs.setdefault((one.rubric, one.rater, one.counterpart), {})[one.metric] = one
    rows = [
        (*pair, max(one.n for one in found.values()), *(_coefficient(found.get(metric)) for metric in MAIN_METRICS))
        for pair, found in pairs.items()
    ]
    columns = ("rubric", "rater", "counterpart", "tasks", *MAIN_METRICS)
    show_table("Agreement over all tasks (95 % intervals, occupations as clusters)", columns, rows, as_json=False)
    show_reliability(report.reliability)
    show_rationales(report.rationale_quality)
    show_verdicts(report.verdicts)
    for line in report.notes:
        note(line)


def show_reliability(found: Sequence[Reliability]) -> None:
    """Whether expected scores and stated confidence can be taken at their word; nothing where no rater states any."""
    shown = ("rater", "label_set", "quantity", "n", "stated", "observed", "error_stated", "error_calibrated")
    rows = [
        (one.rubric, *(getattr(one, name) for name in shown), one.reason_undefined) for one in found if one.bin is None
    ]
    if rows:
        title = "What raters state, beside labels (errors: typical distance, as stated and once calibrated)"
        show_table(title, ("rubric", *shown, "reason_undefined"), rows, as_json=False)


def show_rationales(found: Sequence[RationaleQuality]) -> None:
    """How many rationales of each rater bear each flag; nothing where no rater gives any."""
    counts: dict[tuple[str, str, int], dict[str, int]] = {}
    for one in found:
        if one.n:
            counts.setdefault((one.rubric, one.rater, one.n), {})[one.flag] = one.n_flagged
    if counts:
        flags = tuple(next(iter(counts.values())))
        rows = [(*key, *flagged.values()) for key, flagged in counts.items()]
        title = "Rationales that can hardly be reasons (a check of words; no number changes for a flag)"
        show_table(title, ("rubric", "rater", "rationales", *flags), rows, as_json=False)


def _coefficient(found: Agreement | None) -> str:
    """`0.437 (0.421 to 0.452)`, or the reason why there is no number."""
    if found is None:
        return "-"
    if found.value is None:
        return f"none: {found.reason_undefined}"
    interval = "" if found.ci_low is None or found.ci_high is None else f" ({found.ci_low:.3f} to {found.ci_high:.3f})"
    return f"{found.value:.3f}{interval}"


def show_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Who passed and who is held, with the reasons."""
    rows = [(v.decision.value, v.rubric, v.rater, v.level, v.label_set, v.policy, v.reasons) for v in verdicts]
    columns = ("decision", "rubric", "rater", "level", "label_set", "policy", "reasons")
    show_table("Verdicts", columns, rows, as_json=False)


def aggregate_command(
    context: typer.Context,
    weights: Weights = None,
    onet_release: OnetReleaseName = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", metavar="FILE.svg", help="Draw what other choices would change.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make occupation scores of what passed. HOLD with reasons for what did not, exit 1 then."""
    place = figure_place(figure) if figure else None
    report = aggregate_ratings(bench_of(context), weights, onet_release)
    if place:
        note(f"{draw_multiverse(report.multiverse, place)}: the multiverse")
    if as_json:
        parts = ("scores", "groups", "multiverse")
        listed = {name: [one.model_dump(mode="json") for one in getattr(report, name)] for name in parts}
        show_json({**report._asdict(), **listed})
    else:
        show_aggregation(report)
    if any(score.status == "held" for score in report.scores):
        raise typer.Exit(1)


def show_aggregation(report: AggregateReport) -> None:
    """How many occupation scores were published and held, by rater and measure."""
    counts: dict[tuple[str, str, str], list[int]] = {}
    for score in report.scores:
        row = counts.setdefault((score.rubric, score.rater, score.measure), [0, 0])
        row[score.status == "held"] += 1
    rows = [(*key, *numbers) for key, numbers in counts.items()]
    title = f"Occupation scores over O*NET {report.onet_release}, weights {report.weights}"
    show_table(title, ("rubric", "rater", "measure", "published", "held"), rows, as_json=False)
    if report.fallback:
        note(
            f"{len(report.fallback):,} occupation(s) have no task with the ratings that `{report.weights}` needs: "
            "all their tasks count the same, and each row says so"
        )
    show_means([one for one in report.groups if one.level == "all"])


def show_means(groups: Sequence[GroupScore]) -> None:
    """The mean over all occupations as rated and as people would say; nothing where no label by people corrects it."""
    rows = [
        (one.rubric, one.rater, one.measure, one.label_set, one.n_labels, _naive(one), _corrected(one))
        for one in groups
        if one.label_set
    ]
    columns = ("rubric", "rater", "measure", "labels", "labelled", "as_rated", "corrected")
    if rows:
        show_table("Mean over all occupations, corrected by labels of people", columns, rows, as_json=False)


def _naive(group: GroupScore) -> str:
    return f"{group.naive:.3f}" if group.status == "published" else "held"


def _corrected(group: GroupScore) -> str:
    if group.corrected is None:
        return f"none: {group.reason_undefined}"
    return f"{group.corrected:.3f} ({group.ci_low:.3f} to {group.ci_high:.3f})"


@with_selection
def run_command(
    context: typer.Context,
    asked: Asked,
    labels: LabelSets = None,
    policy: PolicyName = None,
    weights: Weights = None,
    out: Out = None,
    budget_usd: BudgetUsd = None,
    yes: Yes = False,
    allow_unpriced: AllowUnpriced = False,
    engine: EngineOption = EngineName.LOCAL,
    address: AddressOption = None,
) -> None:
    """Plan, rate, evaluate, aggregate and publish in one go. Exit 1 where something is held or incomplete."""
    bench = bench_at(context, engine, address)
    look_ahead(bench, labels or (), policy, weights, out)
    with watching(as_json=False) as observe:
        run = rate(bench, asked, observe, terms(budget_usd, yes=yes, allow_unpriced=allow_unpriced), engine)
    show_run(run, as_json=False)
    if run.budget_problem:
        raise typer.Exit(1)
    run.go_on()
    evaluation = evaluate_ratings(bench, labels or (), policy)
    show_verdicts(evaluation.verdicts)
    aggregation = aggregate_ratings(bench, weights, asked.onet_release)
    show_aggregation(aggregation)
    show_release(publish_release(bench, out))
    if not run.complete or any(score.status == "held" for score in aggregation.scores):
        raise typer.Exit(1)
