"""The report of an evaluation: one HTML page that is one file, for people, and the same facts as JSON, for programs.

Shows what was found and judged; computes nothing but what a diagram needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from eval.comparison import Comparison
from eval.evaluation import Evaluation
from eval.policy import Policy
from scorer.domain.contamination import Contamination
from scorer.domain.evaluation import Agreement, Verdict
from scorer.domain.panel import PANEL
from scorer.domain.rationale import RatingFlag, RationaleFlag, RationaleQuality
from scorer.domain.rubric import Rubric
from scorer.pages import Dot, Span, bland_altman, page_environment, reliability, spans

if TYPE_CHECKING:
    from scorer.domain.reliability import Reliability

MAIN_METRICS = ("raw_agreement", "kappa", "kappa_quadratic", "ac1", "pearson", "spearman", "mae", "bias")
GROUPS = {"soc": "SOC major group", "kind": "kind", "zone": "job zone", "length": "length of the statement in words",
          "evidence": "evidence that the rater claimed"}  # fmt: skip
EXAMPLES = 3
"""Flagged rationales of each kind that the page names."""


@dataclass(frozen=True)
class ReportFacts:
    """What fixes an evaluation, to be printed with it.

    Attributes:
        sets: of each label set who labelled: name -> labellers with their kind, as a line.
        contamination: what raters remember of these sets, as far as they were asked.
        credit: lines owed to those whose work it rests on.
    """

    policy: Policy
    sets: Mapping[str, str]
    seed: int
    created_at: datetime
    scorer_version: str
    credit: Sequence[str] = ()
    notes: Sequence[str] = ()
    contamination: Sequence[Contamination] = ()


@dataclass(frozen=True)
class Beside:
    """A rater beside labels, with all that is shown about it."""

    comparison: Comparison
    own: Mapping[str, Agreement]
    groups: Mapping[str, Sequence[Mapping[str, Agreement]]]
    charts: Sequence[tuple[str, Markup]]


class RubricReport:
    """What the template asks for about one rubric."""

    def __init__(self, rubric: Rubric, found: Evaluation, policy: Policy) -> None:
        self.rubric, self.found, self._policy = rubric, found, policy
        self.coefficient = f"alpha_{rubric.level}"
        self.metrics = (self.coefficient, *MAIN_METRICS)
        self._rows: dict[tuple[str, str, str], dict[str, Agreement]] = {}
        for row in found.agreements:
            self._rows.setdefault((row.rater, row.counterpart, row.stratum), {})[row.metric] = row

    @property
    def verdicts(self) -> list[Verdict]:
        """Those at level `all` first, then the groups held by themselves."""
        return sorted(self.found.verdicts, key=lambda v: (v.level != "all", v.level, v.rater, v.label_set))

    @property
    def overall(self) -> list[tuple[str, str, Mapping[str, Agreement]]]:
        """Every pair over all tasks, and whoever stands beside itself."""
        strata = ("all", "same statement")
        return [(one, other, rows) for (one, other, stratum), rows in self._rows.items() if stratum in strata]

    @property
    def beside_labels(self) -> Iterator[Beside]:
        """Every rater beside every label set: the pooled people of a set where several labelled."""
        raters = {verdict.rater for verdict in self.found.verdicts}
        pooled = {one.counterpart for one in self.found.comparisons if one.rater in raters} & self._sets
        for one in self.found.comparisons:
            own_set = one.counterpart.rpartition("/")[0]
            if one.rater in raters and one.n and (one.counterpart in pooled or (own_set and own_set not in pooled)):
                yield self._beside(one)

    @property
    def _sets(self) -> set[str]:
        return {verdict.label_set for verdict in self.found.verdicts}

    @property
    def stated(self) -> Iterator[tuple[str, Markup]]:
        """What labels say where a rater states so much: a diagram for each rater, label set and quantity with both."""
        cases: dict[tuple[str, str, str], list[Reliability]] = {}
        for row in self.found.reliability:
            cases.setdefault((row.rater, row.label_set, row.quantity), []).append(row)
        for (rater, label_set, quantity), (whole, *bins) in cases.items():
            dots = [Dot(one.stated, one.observed, one.n) for one in bins if None not in (one.stated, one.observed)]  # type: ignore[arg-type]  # both are there
            what = quantity.replace("_", " ")
            error = (
                f"{whole.error_stated:.3g} as stated" if whole.error_stated is not None else str(whole.reason_undefined)
            )
            if whole.error_calibrated is not None:
                error += f", {whole.error_calibrated:.3g} once calibrated on other occupations"
            if dots:
                yield (
                    f"{what} of {rater} beside {label_set}, {whole.n} tasks: typical distance from the labels {error}",
                    reliability(dots, f"{what} of {rater}", "labels say on average", (whole.low, whole.high)),
                )

    @property
    def reasons(self) -> list[tuple[str, int, list[tuple[str, RationaleQuality]], list[RatingFlag]]]:
        """Of each rater that gives rationales: how many, what share bears each flag, and the first of each kind."""
        found: dict[str, list[RationaleQuality]] = {}
        for one in self.found.rationales.quality:
            if one.n:
                found.setdefault(one.rater, []).append(one)
        return [
            (rater, counts[0].n, [(one.flag.replace("_", " "), one) for one in counts], self._examples(rater))
            for rater, counts in found.items()
        ]

    def _examples(self, rater: str) -> list[RatingFlag]:
        own = [one for one in self.found.rationales.flags if one.rater == rater]
        return [one for flag in RationaleFlag for one in [each for each in own if each.flag is flag][:EXAMPLES]]

    def _beside(self, one: Comparison) -> Beside:
        groups: dict[str, list[Mapping[str, Agreement]]] = {}
        for (rater, counterpart, stratum), rows in self._rows.items():
            family = stratum.partition(":")[0]
            if (rater, counterpart) == (one.rater, one.counterpart) and family in GROUPS:
                groups.setdefault(GROUPS[family], []).append(rows)
        soc = groups.get(GROUPS["soc"], [])
        return Beside(one, self._rows[one.rater, one.counterpart, "all"], groups, list(self._charts(one, soc)))

    def _charts(self, one: Comparison, soc: Sequence[Mapping[str, Agreement]]) -> Iterator[tuple[str, Markup]]:
        ends = (min(one.numbers), max(one.numbers))
        dots = [Dot(m.number, m.mean, m.n) for m in one.meanings]
        yield (
            "What the labels say on average where the rater says so much; on the line both mean the same",
            reliability(dots, f"{one.rater} says", "labels say on average", ends),
        )
        if one.limits:
            points = [Dot((o.first + o.second) / 2, o.first - o.second, o.n) for o in one.occupations]
            low, middle, high = one.limits
            yield (
                f"Occupations: mean difference {middle:+.3f}, 95 % of them between {low:+.3f} and {high:+.3f}",
                bland_altman(points, one.limits, "mean of rater and labels", "rater minus labels"),
            )
        biases = [row["bias"] for row in soc if row["bias"].value is not None]
        if biases:
            span, bound = self.rubric.span, self._policy.max_group_bias
            rows = [Span(f"{b.stratum} ({b.n})", *(_share(x, span) for x in (b.value, b.ci_low, b.ci_high)))  # type: ignore[arg-type]  # value is there
                    for b in sorted(biases, key=lambda b: -(b.value or 0.0))]  # fmt: skip
            yield (
                f"Bias by SOC major group (tasks), in widths of the scale; the policy looks at ±{bound:g}",
                spans(rows, "rater minus labels, share of the scale", (-bound, bound)),
            )


def _share(value: float | None, span: float) -> float | None:
    return None if value is None else value / span


def report_page(evaluations: Sequence[tuple[Rubric, Evaluation]], facts: ReportFacts) -> str:
    """The report as one HTML page: no script, no other file, no other host."""
    reports = [RubricReport(rubric, found, facts.policy) for rubric, found in evaluations]
    template = page_environment("eval").get_template("report.html")
    return template.render(reports=reports, facts=facts, panel=PANEL)


def report_json(evaluations: Sequence[tuple[Rubric, Evaluation]], facts: ReportFacts) -> dict[str, Any]:
    """The report for programs: everything on the page, and every coefficient in every stratum."""
    return {
        "created_at": facts.created_at.isoformat(),
        "scorer_version": facts.scorer_version,
        "policy": facts.policy.name,
        "policy_hash": facts.policy.policy_hash,
        "thresholds": facts.policy.model_dump(mode="json", exclude={"name"}),
        "label_sets": list(facts.sets),
        "seed": facts.seed,
        "agreements": [one.model_dump(mode="json") for _, found in evaluations for one in found.agreements],
        "verdicts": [one.model_dump(mode="json") for _, found in evaluations for one in found.verdicts],
        "reliability": [one.model_dump(mode="json") for _, found in evaluations for one in found.reliability],
        "rationales": [one.model_dump(mode="json") for _, found in evaluations for one in found.rationales.quality],
        "rating_flags": [one.model_dump(mode="json") for _, found in evaluations for one in found.rationales.flags],
        "comparisons": [_compared(one) for _, found in evaluations for one in found.comparisons],
        "contamination": [one.model_dump(mode="json") for one in facts.contamination],
        "notes": list(facts.notes),
        "credit": list(facts.credit),
    }


def _compared(one: Comparison) -> dict[str, Any]:
    fields = {name: value for name, value in asdict(one).items() if name != "occupations"}
    reliability_rows = [meaning._asdict() for meaning in one.meanings] if one.n else []
    return {**fields, "reliability": reliability_rows, "limits_of_agreement": one.limits}
