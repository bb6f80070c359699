"""How well two columns agree: every coefficient of the contract, in every stratum, with cluster-bootstrap intervals.

Categories are ordered by their numbers (exposure: E0 < E2 < E1). Weighted kappa uses the ranks of that order, interval
alpha, Pearson, MAE and bias use the numbers of the measure; bias is the first column minus the second. Labels drawn
with known probabilities count 1 / probability. A coefficient that does not exist has a reason instead; one that exists
without an interval has the reason for that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from eval.columns import BoolArray, Column, Frame, Strata, same_text
from scorer.domain.evaluation import Agreement, Undefined
from scorer.domain.rubric import Level, Rubric
from scorer.statistics import Estimate, FloatArray, Metric, cluster_sums, estimate, resample, stacks


def metrics_of(rubric: Rubric) -> dict[str, Metric]:
    """Every metric of a rubric by its name in the table `agreement`, as a function of stacked tables (..., k, k)."""
    order = rubric.ordered_values
    metrics = _primary(np.array([rubric.number(value) for value in order]))
    for measure in rubric.measures:
        if measure != rubric.primary:
            metrics |= _secondary(measure, np.array([rubric.number(value, measure) for value in order]))
    return metrics


def _primary(numbers: FloatArray) -> dict[str, Metric]:
    k = len(numbers)
    return {
        "raw_agreement": stacks.raw_agreement,
        "kappa": partial(stacks.kappa, weights=stacks.kappa_weights(k, "nominal")),
        "kappa_linear": partial(stacks.kappa, weights=stacks.kappa_weights(k, "linear")),
        "kappa_quadratic": partial(stacks.kappa, weights=stacks.kappa_weights(k, "quadratic")),
        "alpha_nominal": partial(_alpha, level=Level.NOMINAL, numbers=numbers),
        "alpha_ordinal": partial(_alpha, level=Level.ORDINAL, numbers=numbers),
        "alpha_interval": partial(_alpha, level=Level.INTERVAL, numbers=numbers),
        "ac1": stacks.ac1,
        "pearson": partial(stacks.correlation, rows=numbers, columns=numbers),
        "spearman": stacks.spearman,
        "mae": partial(stacks.mae, numbers=numbers),
        "bias": partial(stacks.bias, numbers=numbers),
    }


def _secondary(measure: str, numbers: FloatArray) -> dict[str, Metric]:
    """Of another measure: the metrics that say something new once categories of one number are one category."""
    _, distinct = stacks.collapse(np.zeros((len(numbers), len(numbers))), numbers)
    kept = ("raw_agreement", "kappa", "ac1", "pearson", "mae", "bias")
    return {f"{name}@{measure}": partial(_collapsed, numbers=numbers, metric=_primary(distinct)[name]) for name in kept}


def _alpha(tables: FloatArray, level: Level, numbers: FloatArray) -> FloatArray:
    matrix = stacks.coincidences(tables)
    return stacks.alpha(matrix, stacks.alpha_distances(matrix, level, numbers))


def _collapsed(tables: FloatArray, numbers: FloatArray, metric: Metric) -> FloatArray:
    return metric(stacks.collapse(tables, numbers)[0])


@dataclass(frozen=True)
class Pair:
    """Two columns laid side by side on the m tasks where both spoke about the same text.

    Attributes:
        tables: one contingency table a task, (m, k, k): rows the first column's category.
        places: the tasks' places in the frame, (m,).
        strata: those of the first column's own answers, where the second has none of its own; masks (n,).
    """

    first: str
    second: str
    tables: FloatArray
    places: npt.NDArray[np.intp]
    strata: Strata = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Tasks compared."""
        return len(self.places)

    @property
    def confusion(self) -> FloatArray:
        """Counts (k, k) over all tasks, rows the first column's category, in the order of the scale."""
        return np.asarray(self.tables.sum(axis=0))

    def within(self, mask: BoolArray) -> "Pair":
        """The same pair on some of the frame's tasks (n,); weights are scaled to sum to the number of tasks."""
        kept = mask[self.places]
        tables = self.tables[kept]
        size = tables.sum()
        return replace(self, tables=tables * (len(tables) / size if size else 1.0), places=self.places[kept])

    def by_occupation(self, frame: Frame) -> FloatArray:
        """One table an occupation (C, k, k), of the occupations with a compared task."""
        return cluster_sums(self.tables, frame.occupations[self.places])


def pair(first: Column, second: Column) -> Pair:
    """Lay two columns side by side where both spoke about the same text."""
    present = first.answered & second.answered & same_text(first, second)
    rows, columns = first.shares[present], second.shares[present]
    weights = (first.weights * second.weights)[present]
    tables = rows[:, :, None] * columns[:, None, :] * weights[:, None, None]
    strata = {} if second.strata else first.strata
    return Pair(first.name, second.name, tables, np.flatnonzero(present), strata).within(present)


def estimates(pair: Pair, frame: Frame, metrics: Mapping[str, Metric], seed: int) -> dict[str, Estimate]:
    """Each metric of a pair with its 95 % interval: percentile bootstrap, 2,000 draws of occupations."""
    if not pair.n:
        return dict.fromkeys(metrics, Estimate(Undefined.NO_OVERLAP, Undefined.NO_OVERLAP))
    sums = pair.by_occupation(frame)
    resamples = resample(sums, seed)
    return {name: estimate(sums, metric, resamples) for name, metric in metrics.items()}


def agreements(pair: Pair, frame: Frame, rubric: Rubric, seed: int) -> Iterator[Agreement]:
    """Rows of the table `agreement`: every metric in every stratum in which the two meet; `all` in any case."""
    metrics = metrics_of(rubric)
    everywhere = np.ones(len(frame), dtype=np.bool_)
    for stratum, mask in {"all": everywhere, **frame.strata, **pair.strata}.items():
        part = pair.within(mask)
        if part.n or stratum == "all":
            for name, found in estimates(part, frame, metrics, seed).items():
                yield agreement((pair.first, pair.second), rubric, stratum, name, found, n=part.n)


def agreement(
    couple: tuple[str, str], rubric: Rubric, stratum: str, metric: str, found: Estimate, *, n: int
) -> Agreement:
    """A row of the table `agreement`: an estimate under its names, a reason where there is none."""
    value, interval = found
    low, high = (None, None) if isinstance(interval, Undefined) else interval
    return Agreement(
        rater=couple[0],
        counterpart=couple[1],
        rubric=rubric.id,
        stratum=stratum,
        metric=metric,
        value=None if isinstance(value, Undefined) else value,
        ci_low=low,
        ci_high=high,
        n=n,
        reason_undefined=interval.value if isinstance(interval, Undefined) else None,
    )
