"""Does the panel beat its best member? Every way of combining the members, beside the labels and the best member.

Averages of raters that share errors keep the errors; so this is asked of the labels and not assumed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from eval.agreement import agreement, estimates, metrics_of, pair
from eval.columns import Column, Frame, pool
from eval.evidence import LabelColumns
from eval.paired import paired_difference
from eval.panel import panel_column
from scorer.domain.evaluation import Agreement, Undefined
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.statistics import REDUCERS, DawidSkene, Interval, dawid_skene

DAWID_SKENE = "dawid-skene"
WAYS = (*REDUCERS, DAWID_SKENE)


def combinations_beside_labels(
    frame: Frame, rubric: Rubric, seats: Sequence[Column], sets: Sequence[LabelColumns], seed: int
) -> tuple[list[Agreement], list[str]]:
    """Agreement of every combination of the members with every label set, over all tasks; and what it comes to.

    Args:
        frame: the tasks.
        rubric: the scale.
        seats: the members, two or more; with fewer there is nothing to combine.
        sets: people's labels count, a model's where nobody labelled.
        seed: of the bootstrap.

    Returns:
        Rows of the table `agreement` with the raters `panel:mean`, `panel:median`, `panel:mode`, `panel:dawid-skene`;
        and one sentence a label set, with what speaks against Dawid and Skene's solution.
    """
    if len(seats) < 2:  # noqa: PLR2004 - one member is no panel
        return [], []
    ways = [replace(panel_column(rubric, seats, how), name=f"{PANEL}:{how}") for how in WAYS]
    rows: list[Agreement] = []
    notes = [f"{PANEL}:{DAWID_SKENE}: {note}" for note in _fit_notes(seats)]
    for one in sets:
        for column in ways:
            beside = pair(column, _counterpart(column, one))
            found = estimates(beside, frame, metrics_of(rubric), seed)
            couple = beside.first, beside.second
            rows += [agreement(couple, rubric, "all", metric, value, n=beside.n) for metric, value in found.items()]
        notes += _against_the_best(frame, rubric, seats, ways, one, seed=seed)
    return rows, notes


def _counterpart(column: Column, labels: LabelColumns) -> Column:
    """The only labeller, or all of them pooled; models only where no person labelled."""
    who = labels.people or labels.models
    return who[0] if len(who) == 1 else pool(column, who, labels.name)


def _against_the_best(
    frame: Frame, rubric: Rubric, seats: Sequence[Column], ways: Sequence[Column], labels: LabelColumns, *, seed: int
) -> Iterator[str]:
    """One sentence: each combination minus the best member in the rubric's own alpha."""
    name = f"alpha_{rubric.level}"
    metric = metrics_of(rubric)[name]
    pairs = {column.name: pair(column, _counterpart(column, labels)) for column in (*seats, *ways)}
    reached = {one.name: float(metric(pairs[one.name].confusion)) for one in seats if pairs[one.name].n}
    reached = {rater: value for rater, value in reached.items() if not np.isnan(value)}
    if not reached:
        return
    best = max(sorted(reached), key=lambda rater: reached[rater])
    told: list[str] = []
    beaten = False
    for way in ways:
        found = paired_difference(pairs[way.name], pairs[best], frame, metric, seed)
        value, interval = found.difference
        if isinstance(value, Undefined) or not isinstance(interval, Interval):
            continue
        beaten |= interval.low > 0
        told.append(f"{way.name.partition(':')[2]} {value:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]")
    verdict = "a panel beats it" if beaten else "no panel beats it"
    reference = f"{labels.name}: best member {best}, {name} {reached[best]:.3f}"
    yield f"{reference}; panel minus best: {', '.join(told)}: {verdict}"


def _fit_notes(seats: Sequence[Column]) -> Iterator[str]:
    fit: DawidSkene = dawid_skene(np.stack([seat.shares for seat in seats], axis=1))
    yield f"{'converged' if fit.converged else 'not converged'} after {fit.iterations} iterations"
    yield from (problem for problem in fit.problems if not problem.startswith("not converged"))
