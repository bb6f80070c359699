"""Evaluate every rater against the labels and against the others, and keep the Verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from eval import Evaluation, PanelRequest, Policy, RaterColumn, evaluate, load_policy, rater_column
from eval.rationales import look_over
from eval.reliability import reliability
from eval.report import ReportFacts, report_json, report_page
from scorer.domain.base import sha256_json
from scorer.domain.evaluation import Agreement, Label, LabellerKind, Verdict
from scorer.domain.names import hint
from scorer.domain.rationale import RatingFlag, RationaleQuality
from scorer.domain.reliability import CalibratedValue, Reliability
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError, LabelError
from scorer.store import EvaluationRecord, LabelSetSummary, RatingRow
from scorer.version import VERSION
from scorer.workflows.evaluation.classifier import embeddings_of
from scorer.workflows.evaluation.rationales import rationale_texts
from scorer.workflows.sources.known_tasks import task_facts
from scorer.workflows.workspace.bench import Bench, rated_rubrics

SEED = 0


class EvaluateReport(NamedTuple):
    """What an evaluation found, over all rubrics.

    Attributes:
        evaluations: each rubric with what was found on it.
        facts: what fixes the evaluation and stands on its report: policy, label sets, notes on what was left out.
    """

    evaluations: Sequence[tuple[Rubric, Evaluation]]
    facts: ReportFacts

    @property
    def agreements(self) -> list[Agreement]:
        """The coefficients of every rubric."""
        return [row for _, found in self.evaluations for row in found.agreements]

    @property
    def verdicts(self) -> list[Verdict]:
        """The Verdicts of every rubric."""
        return [row for _, found in self.evaluations for row in found.verdicts]

    @property
    def reliability(self) -> list[Reliability]:
        """What labels say where raters state so much, of every rubric."""
        return [row for _, found in self.evaluations for row in found.reliability]

    @property
    def rationale_quality(self) -> list[RationaleQuality]:
        """How many rationales of each rater bear a flag, of every rubric."""
        return [row for _, found in self.evaluations for row in found.rationales.quality]

    @property
    def rating_flags(self) -> list[RatingFlag]:
        """Every flag of every rubric."""
        return [row for _, found in self.evaluations for row in found.rationales.flags]

    @property
    def notes(self) -> Sequence[str]:
        """What was left out and why."""
        return self.facts.notes

    def as_json(self) -> dict[str, Any]:
        """Everything that the page shows, and every coefficient in every stratum."""
        return report_json(self.evaluations, self.facts)

    def write_page(self, path: Path) -> None:
        """Write the report as one HTML page, in one step.

        Raises:
            ConfigurationError: the file cannot be written.
        """
        beside = path.with_name(path.name + ".new")
        try:
            beside.write_text(report_page(self.evaluations, self.facts), encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            raise ConfigurationError(f"{path}: the report cannot be written there ({error.strerror})") from error


def evaluate_ratings(
    bench: Bench,
    label_sets: Sequence[str] = (),
    policy: str | None = None,
    *,
    only_current: bool = False,
    classifier: bool = False,
) -> EvaluateReport:
    """Evaluate the ratings of every rubric that has both ratings and labels.

    Args:
        bench: whose ratings and labels.
        label_sets: on which the decision rests; where empty, the sets that persons labelled, and all sets where there
            is none.
        policy: a shipped name or a path; scorer.toml's where None.
        only_current: leave out tasks that the current O*NET release has retired.
        classifier: train one on the labels too, and show it beside the raters; done anyhow where the policy asks.

    Raises:
        LabelError: no labels, or an unknown set or policy.
        ConfigurationError: no ratings.
        ArtefactError: the classifier's pinned model is not here.
    """
    thresholds, sets = what_decides(bench, label_sets, policy)
    rubrics, texts = rated_rubrics(bench), rationale_texts(bench)
    tasks, panel = task_facts(bench, only_current=only_current), bench.settings.panel
    evaluations: list[tuple[Rubric, Evaluation]] = []
    notes: list[str] = []
    calibrated: list[CalibratedValue] = []
    for rubric in rubrics:
        labels = [label for one in sets for label in bench.store.labels.load(rubric.id, one)]
        ratings = bench.store.ratings.usable(rubric.id)
        found = evaluate(
            rubric,
            _columns(ratings, labels, rubric),
            labels,
            tasks,
            thresholds,
            seed=SEED,
            panel=PanelRequest(panel.raters, panel.reduce),
            embeddings=embeddings_of(bench, labels) if classifier or thresholds.must_beat_classifier else None,
            rationales=look_over(rubric, ratings, texts),
        )
        trust = reliability(rubric, ratings, labels, tasks)
        evaluations.append((rubric, replace(found, reliability=trust.bins)))
        calibrated += trust.values
        notes += [f"{rubric.id}: {note}" for note in (*found.notes, *([] if labels else [_unlabelled(sets)]))]
    report = EvaluateReport(evaluations, _facts(bench, thresholds, sets, notes))
    _save(bench, report, calibrated)
    return report


def _unlabelled(sets: Sequence[str]) -> str:
    return f"no labels in {', '.join(sets)}, so nothing can pass"


def _facts(bench: Bench, policy: Policy, sets: Sequence[str], notes: Sequence[str]) -> ReportFacts:
    known = {one.name: one for one in bench.store.labels.sets()}
    who = {
        name: f"{', '.join(known[name].labellers)}: {' and '.join(f'{kind}s' for kind in known[name].labeller_kinds)}"
        for name in sets
    }
    releases = bench.store.catalogue.summaries()
    credit = [*(one.attribution for one in releases), *(known[name].credit or "" for name in sets)]
    lines = dict.fromkeys(line for text in credit for line in text.splitlines() if line)
    remembered = [one for one in bench.store.contamination.current() if one.label_set in who]
    return ReportFacts(policy, who, SEED, datetime.now(UTC), VERSION, tuple(lines), tuple(notes), remembered)


def what_decides(
    bench: Bench, label_sets: Sequence[str] = (), policy: str | None = None
) -> tuple[Policy, tuple[str, ...]]:
    """The policy and the label sets on which an evaluation would rest; see `evaluate_ratings`.

    Raises:
        LabelError: no labels, or an unknown set or policy.
    """
    return load_policy(policy or bench.settings.gate.policy), _deciding_sets(bench.store.labels.sets(), label_sets)


def _deciding_sets(known: Sequence[LabelSetSummary], named: Sequence[str]) -> tuple[str, ...]:
    names = [one.name for one in known if one.can_decide]
    if not names:
        raise LabelError(
            "no labels that judge a rater yet: run `scorer labels import FILE`, or `scorer labels import reference`"
        )
    for unknown in sorted(set(named) - set(names)):
        raise LabelError(f"no label set `{unknown}`{hint(unknown, names)}")
    by_persons = [one.name for one in known if one.can_decide and LabellerKind.PERSON in one.labeller_kinds]
    return tuple(dict.fromkeys(named or by_persons or names))


def _columns(rows: Sequence[RatingRow], labels: Sequence[Label], rubric: Rubric) -> list[RaterColumn]:
    """The answers of each rater; where it rated several texts of a task, those about the text that was labelled."""
    labelled = {label.task_id: label.statement_sha256 for label in labels}

    def labelled_text_last(row: RatingRow) -> tuple[str, bool]:
        return row.rater, row.statement_sha256 == labelled.get(row.task_id)

    ordered = sorted(rows, key=labelled_text_last)
    return [rater_column(rater, rubric, own) for rater, own in groupby(ordered, key=lambda row: row.rater)]


def _save(bench: Bench, report: EvaluateReport, calibrated: Sequence[CalibratedValue]) -> None:
    now, policy = report.facts.created_at, report.facts.policy
    facts: Mapping[str, object] = {"thresholds": policy.model_dump(mode="json")}
    record = EvaluationRecord(
        evaluation_id=f"{now:%Y%m%dT%H%M%S}-{sha256_json([now.isoformat(), policy.policy_hash])[:6]}",
        created_at=now,
        label_sets=tuple(report.facts.sets),
        policy=policy.name,
        policy_hash=policy.policy_hash,
        seed=report.facts.seed,
        facts=dict(facts),
    )
    bench.store.outcomes.save_evaluation(
        record,
        report.agreements,
        report.verdicts,
        reliability=report.reliability,
        calibrated=calibrated,
        flags=report.rating_flags,
        quality=report.rationale_quality,
    )
