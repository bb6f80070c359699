"""The gate: PASS or HOLD of one rater on one label set, with reasons, by the thresholds of a Policy.

Each rule is a function that gives a Finding; one finding that fails is enough to hold, and what is undefined or rests on
too little evidence fails. The counterpart is what people said: where several labelled a task it counts once, each label
with an equal share. Labels by models count only where the policy says so, only for tasks that no person labelled, and
the reasons then say so. A SOC group whose bias is too large is held by itself, under `soc:NN`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from eval.agreement import Pair, estimates, metrics_of, pair
from eval.columns import Column, Frame, pool, same_text
from eval.policy import Policy
from scorer.domain.evaluation import Decision, Undefined, Verdict
from scorer.domain.rubric import Level, Rubric
from scorer.statistics import (
    Estimate,
    FloatArray,
    discoveries,
    krippendorff_alpha,
    outside_p_value,
    percentile_interval,
    resample,
)

TWO = 2


class Finding(NamedTuple):
    """What one rule says."""

    passed: bool
    reason: str


@dataclass(frozen=True)
class LabelColumns:
    """One label set on a rubric: a column for each labeller."""

    name: str
    people: tuple[Column, ...]
    models: tuple[Column, ...]


@dataclass(frozen=True)
class Evidence:
    """All that a verdict rests on: a rater's column and the labels that count for it under a policy."""

    frame: Frame
    rubric: Rubric
    rater: Column
    labels: LabelColumns
    policy: Policy
    seed: int

    @cached_property
    def people(self) -> Column:
        """What people said, pooled."""
        return pool(self.rater, self.labels.people, self.labels.name)

    @cached_property
    def counted(self) -> Column:
        """The labels that count: people's; a model's only where nobody labelled and the policy allows it."""
        if not self.policy.count_model_labels:
            return self.people
        models = pool(self.rater, self.labels.models, self.labels.name)
        by_people = self.people.answered
        return replace(
            self.people,
            shares=np.where(by_people[:, None], self.people.shares, models.shares),
            weights=np.where(by_people, self.people.weights, models.weights),
            asked=by_people | models.answered,
        )

    @cached_property
    def pair(self) -> Pair:
        """The rater beside the labels that count."""
        return pair(self.rater, self.counted)

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """The coefficients that the rules read: the rubric's own alpha, and the bias."""
        metrics = metrics_of(self.rubric)
        wanted = (self.coefficient, "bias")
        return estimates(self.pair, self.frame, {name: metrics[name] for name in wanted}, self.seed)

    @property
    def coefficient(self) -> str:
        """The rubric's own coefficient: alpha at its level of measurement."""
        return f"alpha_{self.rubric.level}"

    @cached_property
    def sources(self) -> str:
        """How many tasks were compared, and who labelled them."""
        n, by_people = self.pair.n, int(self.people.answered[self.pair.places].sum())
        if by_people == n:
            return f"{n} tasks labelled by persons"
        if by_people == 0:
            return f"{n} tasks labelled by models, not by people"
        return f"{n} labelled tasks ({by_people} by persons, {n - by_people} by models, not by people)"


def judge(evidence: Evidence) -> list[Verdict]:
    """The Verdict at level `all`, and a HOLD for each SOC group that is held by itself."""
    if not evidence.counted.answered.any():
        return [_verdict(evidence, [Finding(passed=False, reason=_nothing(evidence))])]
    if not evidence.pair.n:
        return [_verdict(evidence, [Finding(passed=False, reason=Undefined.NO_OVERLAP.value)])]
    groups, tested = _biased_groups(evidence)
    findings = [_usable(evidence), _enough(evidence), _agrees(evidence), *_near_people(evidence), _unbiased(evidence)]
    spoken = f"bias tested in {tested} SOC groups" + (f"; held by themselves: {', '.join(groups)}" if groups else "")
    overall = _verdict(evidence, [*findings, Finding(passed=True, reason=spoken)])
    return [overall, *(_verdict(evidence, [finding], level) for level, finding in groups.items())]


def held(evidence: Evidence, reason: str) -> Verdict:
    """A HOLD at level `all` for a reason outside the rules, such as a panel without members."""
    return _verdict(evidence, [Finding(passed=False, reason=reason)])


def _verdict(evidence: Evidence, findings: Sequence[Finding], level: str = "all") -> Verdict:
    """HOLD with the reasons of what failed, or PASS with those of what passed; labels by models are named in both."""
    failed = [f.reason for f in findings if not f.passed]
    reasons = failed or [f.reason for f in findings]
    if failed and "by models" in evidence.sources and not any("by models" in reason for reason in failed):
        reasons = [*failed, evidence.sources]
    return Verdict(
        rater=evidence.rater.name,
        rubric=evidence.rubric.id,
        label_set=evidence.labels.name,
        level=level,
        decision=Decision.HOLD if failed else Decision.PASS,
        reasons=tuple(reasons),
        policy=evidence.policy.name,
        policy_hash=evidence.policy.policy_hash,
    )


def _nothing(evidence: Evidence) -> str:
    by_models = pool(evidence.rater, evidence.labels.models, "").answered.sum()
    if by_models:
        return f"no human labels: policy `{evidence.policy.name}` does not count the {by_models} labels by models"
    return "no human labels of the texts that were rated"


def _usable(evidence: Evidence) -> Finding:
    """Unusable answers among the labelled tasks that were asked; `cannot_judge` is usable."""
    asked = evidence.rater.asked & evidence.counted.answered
    unusable = int((evidence.rater.unusable & asked).sum())
    share, most = unusable / asked.sum(), evidence.policy.max_unusable
    text = f"{unusable} of {asked.sum()} labelled tasks without a usable answer ({share:.1%}; at most {most:.1%})"
    return Finding(bool(share <= most), text)


def _enough(evidence: Evidence) -> Finding:
    places, policy = evidence.pair.places, evidence.policy
    groups = sum(bool(mask[places].any()) for mask in evidence.frame.soc_groups.values())
    enough = evidence.pair.n >= policy.min_labels and groups >= policy.min_soc_groups
    needed = "" if enough else f"; needed: {policy.min_labels} in {policy.min_soc_groups}"
    return Finding(enough, f"{evidence.sources} in {groups} SOC groups{needed}")


def _agrees(evidence: Evidence) -> Finding:
    """The lower end of the interval of the rubric's own alpha above the floor."""
    name, (value, interval) = evidence.coefficient, evidence.estimates[evidence.coefficient]
    if isinstance(value, Undefined):
        return Finding(passed=False, reason=f"{name} is undefined: {value}")
    if isinstance(interval, Undefined):
        return Finding(passed=False, reason=f"{name} {_short(value)} without an interval: {interval}")
    above = interval.low > evidence.policy.floor
    told = f"{name} {_short(value)} [{_short(interval.low)}, {_short(interval.high)}] on {evidence.sources}"
    return Finding(above, f"{told}: {'above' if above else 'not above'} the floor {_short(evidence.policy.floor)}")


def _near_people(evidence: Evidence) -> Iterator[Finding]:
    """With two labellers or more: alpha(rater, people) >= alpha(people) - margin, on the tasks that two people labelled.

    alpha(people) is Krippendorff's over all labellers; alpha(rater, people) is of pairs of the rater and one labeller,
    each labeller of a task with an equal share, so that both are agreement with a single person.
    """
    comparable = [column.shares * same_text(evidence.rater, column)[:, None] for column in evidence.labels.people]
    counts: FloatArray = sum(comparable, np.zeros_like(evidence.rater.shares))
    shared = (counts.sum(axis=1) >= TWO) & evidence.rater.answered
    if shared.sum() < evidence.policy.ceiling_min_tasks:
        return
    numbers = np.array([evidence.rubric.number(value) for value in evidence.rubric.ordered_values])
    ceiling = krippendorff_alpha(counts[shared], Level(evidence.rubric.level), numbers)
    beside = pair(evidence.rater, evidence.people).within(shared)
    reached = estimates(beside, evidence.frame, {"": metrics_of(evidence.rubric)[evidence.coefficient]}, evidence.seed)
    value = reached[""].value
    if isinstance(ceiling, Undefined) or isinstance(value, Undefined):
        yield Finding(passed=False, reason=f"no human ceiling on {shared.sum()} tasks with two labels: {ceiling}, {value}")
        return
    near = value >= ceiling - evidence.policy.ceiling_margin
    verb = "near" if near else "too far below"
    text = f"{evidence.coefficient} {_short(value)} is {verb} that of people among themselves, {_short(ceiling)}"
    yield Finding(near, f"{text}, on {shared.sum()} tasks with two labels or more")


def _unbiased(evidence: Evidence) -> Finding:
    """The interval of the bias, in widths of the scale, not wholly outside the bounds."""
    value, interval = evidence.estimates["bias"]
    if isinstance(value, Undefined) or isinstance(interval, Undefined):
        return Finding(passed=False, reason=f"bias without an interval: {interval}")
    span, bound = evidence.rubric.span, evidence.policy.max_bias
    outside = interval.wholly_outside(bound * span)
    told = f"bias {_signed(value / span)} [{_signed(interval.low / span)}, {_signed(interval.high / span)}] of the scale"
    return Finding(not outside, f"{told}: {'wholly' if outside else 'not wholly'} outside +-{_short(bound)}")


def _biased_groups(evidence: Evidence) -> tuple[dict[str, Finding], int]:
    """SOC groups whose bias lies outside the bounds at the false discovery rate, and how many were tested."""
    span, policy = evidence.rubric.span, evidence.policy
    bias = metrics_of(evidence.rubric)["bias"]
    draws, sizes = {}, {}
    for group, mask in evidence.frame.soc_groups.items():
        part = evidence.pair.within(mask)
        if part.n >= policy.group_min_labels:
            resamples = resample(part.by_occupation(evidence.frame), evidence.seed)
            if not isinstance(resamples, Undefined):
                draws[group], sizes[group] = bias(resamples) / span, part
    p_values = np.array([outside_p_value(values, policy.max_group_bias) for values in draws.values()])
    found = discoveries(p_values, policy.group_fdr)
    biased = [group for group, rejected in zip(draws, found, strict=True) if rejected]
    return {group: _group_finding(evidence, group, draws[group], sizes[group]) for group in biased}, len(draws)
