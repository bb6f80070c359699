"""The gate: PASS or HOLD of one rater on one label set, with reasons, by the thresholds of a Policy.

Each rule is a function that gives a Finding; one that fails is enough to hold, and what is undefined or rests on too
little evidence fails. Where labels by models were counted, the reasons say so. A SOC group whose bias is too large is
held by itself, in a Verdict of level `soc:NN`. What counts as evidence is said in `eval.evidence`.
"""

from collections.abc import Collection, Sequence

import numpy as np

from eval.agreement import metrics_of
from eval.columns import BoolArray, pool
from eval.evidence import Evidence
from eval.finding import Finding, ranged, short, signed
from eval.gate_people import people_rules
from scorer.domain.evaluation import Decision, Undefined, Verdict
from scorer.statistics import (
    FloatArray,
    Interval,
    cluster_sums,
    discoveries,
    outside_p_value,
    percentile_interval,
    resample,
)


def judge(evidence: Evidence) -> list[Verdict]:
    """The Verdict at level `all`, and a HOLD for each SOC group that is held by itself."""
    if not evidence.counted.answered.any():
        return [_verdict(evidence, [Finding(passed=False, reason=_nothing(evidence))])]
    if not evidence.pair.n:
        return [_verdict(evidence, [Finding(passed=False, reason=Undefined.NO_OVERLAP.value), _usable(evidence)])]
    groups, tested = _biased_groups(evidence)
    findings = [_usable(evidence), _enough(evidence), _agrees(evidence), *people_rules(evidence), _unbiased(evidence)]
    findings += _reasoned(evidence)
    overall = _verdict(evidence, [*findings, Finding(passed=True, reason=_level_of_evidence(evidence, tested, groups))])
    return [overall, *(_verdict(evidence, [finding], level) for level, finding in groups.items())]


def _level_of_evidence(evidence: Evidence, tested: Collection[str], held_groups: Collection[str]) -> str:
    """Which SOC groups were looked at by themselves, and which have nothing but the evidence over all tasks."""
    spoken = f"bias tested in {len(tested)} SOC groups"
    if held_groups:
        spoken += f"; held by themselves: {', '.join(held_groups)}"
    untested = [group.removeprefix("soc:") for group in evidence.frame.soc_groups if group not in tested]
    return spoken + (f"; overall evidence only for {', '.join(untested)}" if untested else "")


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
    share, most = unusable / max(int(asked.sum()), 1), evidence.policy.max_unusable
    text = f"{unusable} of {asked.sum()} labelled tasks without a usable answer ({share:.1%}; at most {most:.1%})"
    return Finding(share <= most, text)


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
        return Finding(passed=False, reason=f"{name} {short(value)} without an interval: {interval}")
    above = interval.low > evidence.policy.floor
    told = f"{name} {short(value)} {ranged(interval, short)} on {evidence.sources}"
    return Finding(above, f"{told}: {'above' if above else 'not above'} the floor {short(evidence.policy.floor)}")


def _unbiased(evidence: Evidence) -> Finding:
    """The interval of the bias, in widths of the scale, not wholly outside the bounds."""
    value, interval = evidence.estimates["bias"]
    if isinstance(value, Undefined) or isinstance(interval, Undefined):
        return Finding(passed=False, reason=f"bias without an interval: {interval}")
    span, bound = evidence.rubric.span, evidence.policy.max_bias
    relative = Interval(interval.low / span, interval.high / span)
    outside = relative.wholly_outside(bound)
    told = f"bias {signed(value / span)} {ranged(relative, signed)} of the scale"
    return Finding(not outside, f"{told}: {'wholly' if outside else 'not wholly'} outside +-{short(bound)}")


def _reasoned(evidence: Evidence) -> list[Finding]:
    """Where the policy asks: few flagged rationales. Of a rater that gives none, or a panel, nothing is said."""
    rule = evidence.policy.rationales
    flagged, n = evidence.rationales.flagged(evidence.rater.name, rule.flags) if rule else (0, 0)
    if rule is None or not n:
        return []
    if n < rule.min_rationales:
        return [Finding(passed=False, reason=f"{n} rationales to look at; needed: {rule.min_rationales}")]
    share = flagged / n
    text = f"{flagged} of {n} rationales flagged ({share:.1%}; at most {rule.max_flagged:.1%})"
    return [Finding(share <= rule.max_flagged, text)]


def _biased_groups(evidence: Evidence) -> tuple[dict[str, Finding], Collection[str]]:
    """SOC groups whose bias lies outside the bounds at the false discovery rate, and all that were tested."""
    policy, groups = evidence.policy, evidence.frame.soc_groups
    draws = {group: drawn for group in groups if (drawn := _bias_draws(evidence, groups[group])) is not None}
    p_values = np.array([outside_p_value(drawn, policy.max_group_bias) for drawn in draws.values()])
    rejected = discoveries(p_values, policy.group_fdr)
    biased = [group for group, is_biased in zip(draws, rejected, strict=True) if is_biased]
    return {group: _group_finding(evidence, group, draws[group]) for group in biased}, draws.keys()


def _bias_draws(evidence: Evidence, mask: BoolArray) -> FloatArray | None:
    """Bootstrap draws of a group's bias in widths of the scale (B,); None where its evidence is too little to test.

    A bias needs of each occupation the sum of the differences and the number of tasks, not its whole table.
    """
    part = evidence.pair.within(mask)
    if part.n < evidence.policy.group_min_labels:
        return None
    numbers = np.array([evidence.rubric.number(value) for value in evidence.rubric.ordered_values])
    apart = np.subtract.outer(numbers, numbers) / evidence.rubric.span
    tasks = np.column_stack([(part.tables * apart).sum(axis=(1, 2)), part.tables.sum(axis=(1, 2))])
    resamples = resample(cluster_sums(tasks, evidence.frame.occupations[part.places]), evidence.seed)
    if isinstance(resamples, Undefined):
        return None
    return resamples[:, 0] / resamples[:, 1]


def _group_finding(evidence: Evidence, group: str, draws: FloatArray) -> Finding:
    part, policy = evidence.pair.within(evidence.frame.strata[group]), evidence.policy
    value = float(metrics_of(evidence.rubric)["bias"](part.confusion)) / evidence.rubric.span
    told = f"bias {signed(value)} {ranged(percentile_interval(draws), signed)} of the scale"
    return Finding(
        passed=False,
        reason=f"{told} on {part.n} labelled tasks: wholly outside +-{short(policy.max_group_bias)}",
    )
