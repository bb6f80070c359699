"""The rules of the gate that look at more than one label a task, or at what needs no language model.

Near people: alpha(rater, people) against alpha(people). As good as a person: the alternative annotator test. Better
than a classifier trained on the same labels, where the policy asks for it.
"""

from collections.abc import Iterator

import numpy as np

from eval.agreement import estimates, metrics_of, pair
from eval.annotators import alternative_annotator_test
from eval.columns import same_text
from eval.evidence import Evidence
from eval.finding import Finding, ranged, short, signed
from eval.floors import CLASSIFIER
from scorer.domain.evaluation import Undefined
from scorer.statistics import FloatArray, krippendorff_alpha, percentile_interval, resample

TWO = 2


def people_rules(evidence: Evidence) -> Iterator[Finding]:
    """What each of these rules says, as far as it applies."""
    yield from _near_people(evidence)
    yield from _as_good_as_people(evidence)
    yield from _beats_classifier(evidence)


def _near_people(evidence: Evidence) -> Iterator[Finding]:
    """With two labellers or more: alpha(rater, people) >= alpha(people) - margin, on tasks that two people labelled.

    alpha(people) is Krippendorff's over all labellers; alpha(rater, people) is of pairs of the rater and one labeller,
    each labeller of a task with an equal share, so that both are agreement with a single person.
    """
    comparable = [column.shares * same_text(evidence.rater, column)[:, None] for column in evidence.labels.people]
    counts: FloatArray = sum(comparable, np.zeros_like(evidence.rater.shares))
    shared = (counts.sum(axis=1) >= TWO) & evidence.rater.answered
    if shared.sum() < evidence.policy.ceiling_min_tasks:
        return
    numbers = np.array([evidence.rubric.number(value) for value in evidence.rubric.ordered_values])
    ceiling = krippendorff_alpha(counts[shared], evidence.rubric.level, numbers)
    beside = pair(evidence.rater, evidence.people).within(shared)
    reached = estimates(beside, evidence.frame, {"": metrics_of(evidence.rubric)[evidence.coefficient]}, evidence.seed)
    value = reached[""].value
    if isinstance(ceiling, Undefined) or isinstance(value, Undefined):
        yield Finding(passed=False, reason=f"people among themselves: {ceiling}; rater and people: {value}")
        return
    near = value >= ceiling - evidence.policy.ceiling_margin
    verb = "near" if near else "too far below"
    text = f"{evidence.coefficient} {short(value)} is {verb} that of people among themselves, {short(ceiling)}"
    yield Finding(near, f"{text}, on {shared.sum()} tasks with two labels or more")


def _as_good_as_people(evidence: Evidence) -> Iterator[Finding]:
    """With three labellers or more who labelled enough: the rater does as well as half of them."""
    policy = evidence.policy
    found = alternative_annotator_test(
        evidence.rater, evidence.labels.people, evidence.rubric, policy.annotator_epsilon, policy.annotator_min_tasks
    )
    if found is None:
        return
    told = f"alternative annotator test: as good as {found.won} of {found.people} labellers"
    limits = f"at least {short(policy.annotator_win_rate)}, epsilon {short(policy.annotator_epsilon)}"
    yield Finding(found.omega >= policy.annotator_win_rate, f"{told} (omega {short(found.omega)}; {limits})")


def _beats_classifier(evidence: Evidence) -> Iterator[Finding]:
    """Where the policy asks: alpha minus the classifier's on the same tasks and draws, wholly above 0."""
    if not evidence.policy.must_beat_classifier:
        return
    trained = [column for column in evidence.labels.floors if column.name == CLASSIFIER]
    if not trained:
        why = "no classifier to compare with: too few labels to train one, or its pinned files are missing"
        yield Finding(passed=False, reason=why)
        return
    shared = evidence.rater.answered & trained[0].answered
    pairs = [pair(column, evidence.counted).within(shared) for column in (evidence.rater, trained[0])]
    metric = metrics_of(evidence.rubric)[evidence.coefficient]
    sums = [one.by_occupation(evidence.frame) for one in pairs]
    draws = resample(np.stack(sums, axis=1), evidence.seed) if len(sums[0]) == len(sums[1]) else Undefined.NO_OVERLAP
    if isinstance(draws, Undefined):
        yield Finding(passed=False, reason=f"{evidence.coefficient} and the classifier's: {draws}")
        return
    interval = percentile_interval(metric(draws[:, 0]) - metric(draws[:, 1]))
    above = not isinstance(interval, Undefined) and interval.low > 0
    values = " and ".join(short(float(metric(one.sum(axis=0)))) for one in sums)
    told = f"{evidence.coefficient} of the rater and of a classifier {values}, difference {ranged(interval, signed)}"
    yield Finding(above, f"{told} on {pairs[0].n} tasks: {'above' if above else 'not wholly above'} 0")
