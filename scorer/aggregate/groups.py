"""Means of many tasks: the whole economy, a SOC major group, one occupation; as rated, and as corrected by people.

Every occupation counts once, whatever its size, and its tasks by their share of its weight. The corrected mean is an
estimate of what people would say on average about the same tasks (prediction-powered inference): right on average
whatever the raters' errors, and the narrower the better they are. Refuses to correct by labels of models.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.census import Census
from scorer.aggregate.columns import Column, columns
from scorer.aggregate.method import Method
from scorer.aggregate.panel import Standing, panel_column, seats
from scorer.aggregate.people import People, chances, people
from scorer.aggregate.weights import task_weights
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Label, TaskScore, Undefined, Verdict
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import GroupScore
from scorer.statistics import MIN_LABELS, CorrectedMean, FloatArray, LabelSample, census_mean

ALL = "all"
COVERED = 0.95
"""Share of the weight that must lie in SOC groups with a label: labels say nothing about groups without one."""


class _Part(NamedTuple):
    """The scored tasks of one level: their places in the census, weights that sum to 1, and SOC groups by number."""

    level: str
    places: NDArray[np.intp]
    weights: FloatArray
    soc: NDArray[np.intp]


class _Mean(NamedTuple):
    """The mean of one part: as rated, and as corrected by some labels; or why it is not corrected."""

    naive: float
    labels: People | None
    n_labels: int
    corrected: CorrectedMean | Undefined


def group_scores(
    tasks: Sequence[Task],
    scores: Iterable[TaskScore],
    rubric: Rubric,
    verdicts: Sequence[Verdict],
    labels: Iterable[Label],
    *,
    method: Method | None = None,
) -> list[GroupScore]:
    """Naive and corrected means of the economy, of every SOC group, and of the occupations that have enough labels.

    Args:
        tasks: all tasks of the release.
        scores: TaskScores of one rubric.
        rubric: that rubric.
        verdicts: they make the panel.
        labels: of any sets; only those by people count, and never those of reviews.
        method: the choices; the defaults where None.

    Returns:
        One row per measure x (rater or `panel`) x level x label set. An occupation has rows where all of its scored
        tasks are labelled, or `MIN_LABELS` of them.
    """
    method = method or Method()
    census = Census.take(tasks, task_weights(tasks, method.weights))
    found = columns(census, scores)
    sets = people(labels, tasks, census.task_ids, rubric)
    standing = Standing(verdicts, rubric.id)
    rows: list[GroupScore] = []
    for measure in rubric.measures:
        by_rater: Mapping[str, Column] = found.get(measure, {})
        numbers = {rater: column.scores for rater, column in by_rater.items()}
        if members := seats(by_rater, verdicts, rubric.id, method.panel):
            panel = panel_column(found, members, rubric, measure, method.reduce)
            numbers[PANEL] = panel.scores
        for rater, scored in numbers.items():
            for part in _parts(census, scored, sets):
                held = bool(standing.hold_reasons(rater, part.level.partition(":")[2][:2]))
                means = _of_sets(part, scored, sets, measure)
                rows += [_row(part, mean, rubric.id, rater, measure, held=held) for mean in means]
    return rows


def _parts(census: Census, scored: FloatArray, sets: Sequence[People]) -> Iterator[_Part]:
    """The levels that have a scored task; of occupations those that labels say enough about."""
    there = ~np.isnan(scored) & (census.weight > 0)
    own = np.where(there, census.weight, 0.0)
    share = own / np.where(there, census.total(own)[census.occupation], 1.0)
    groups, group = np.unique([code[:2] for code in census.codes], return_inverse=True)
    soc = group[census.occupation]
    for level, mask in [(ALL, there), *((f"soc:{name}", there & (soc == i)) for i, name in enumerate(groups))]:
        if mask.any():
            places = np.flatnonzero(mask)
            yield _Part(level, places, share[places] / share[places].sum(), soc[places])
    for occupation in sorted(_labelled_well(census, there, sets)):
        within = census.place(occupation)
        places = np.arange(within.start, within.stop)[there[within]]
        yield _Part(f"occupation:{census.codes[occupation]}", places, share[places], soc[places])


def _labelled_well(census: Census, there: NDArray[np.bool_], sets: Sequence[People]) -> set[int]:
    """Occupations with enough labels in one of the sets."""
    found: set[int] = set()
    for one in sets:
        labelled = census.count(there & ~np.isnan(next(iter(one.scores.values()))))
        enough = (labelled > 0) & ((labelled >= MIN_LABELS) | (labelled == census.count(there)))
        found |= set(np.flatnonzero(enough).tolist())
    return found


def _of_sets(part: _Part, scored: FloatArray, sets: Sequence[People], measure: str) -> Iterator[_Mean]:
    """The mean of one part for each label set; one without a set where there is none."""
    naive = float(part.weights @ scored[part.places])
    if not sets:
        yield _Mean(naive, None, 0, Undefined.NO_LABELS)
    for one in sets:
        probability, stratum = chances(one, part.places, part.soc)
        labelled = np.flatnonzero(~np.isnan(probability))
        said = one.scores[measure][part.places[labelled]]
        sample = LabelSample(labelled, said, probability[labelled], stratum[labelled])
        corrected = census_mean(scored[part.places], part.weights, sample)
        if 0 < len(labelled) < len(part.places) and part.weights[np.isin(part.soc, part.soc[labelled])].sum() < COVERED:
            corrected = Undefined.NOT_COVERED
        yield _Mean(naive, one, len(labelled), corrected)


def _row(part: _Part, mean: _Mean, rubric: str, rater: str, measure: str, *, held: bool) -> GroupScore:
    found = None if isinstance(mean.corrected, Undefined) else mean.corrected
    return GroupScore(
        level=part.level,
        rubric=rubric,
        rater=rater,
        measure=measure,
        label_set=mean.labels.label_set if mean.labels else None,
        naive=mean.naive,
        corrected=found.value if found else None,
        ci_low=found.interval.low if found else None,
        ci_high=found.interval.high if found else None,
        power_tuning=found.power_tuning if found else None,
        n_labels=mean.n_labels,
        n_tasks=len(part.places),
        sampling=mean.labels.sampling if mean.labels else None,
        status="held" if held else "published",
        reason_undefined=None if found else str(mean.corrected),
    )
