"""Prediction-powered means: many ratings and some labels make an estimate of what labels alone would say.

Two versions of one estimator. `ppi_mean` is the published one: labelled and unlabelled tasks are draws from a
population. `census_mean` is for a catalogue: the tasks are all there are, labels were drawn from them with known
probabilities, so what is uncertain is only the part that nobody labelled. The power tuning is the same number, written
for the unlabelled tasks there and for all tasks here (lambda / (1 + n / N) and lambda).

Sources: Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023), Science 382, 669-674; Angelopoulos, Duchi and Zrnic
(2023), PPI++, arXiv:2311.01453, sect. 6; the difference estimator under known inclusion probabilities: Sarndal,
Swensson and Wretman (1992), Model Assisted Survey Sampling, sects. 6.3 and 7.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scorer.domain.evaluation import Undefined
from scorer.statistics.intervals import CONFIDENCE, Interval, satterthwaite
from scorer.statistics.quantiles import normal_quantile, t_quantile
from scorer.statistics.stacks import FloatArray

MOST_LEVERAGE = 0.5
MIN_LABELS = 10
"""Labels below which neither the power tuning nor a variance is worth its name."""


class CorrectedMean(NamedTuple):
    """A mean with its interval; `power_tuning` is the share of the ratings' signal that was used, 0 to 1."""

    value: float
    interval: Interval
    power_tuning: float


class LabelSample(NamedTuple):
    """The labelled tasks of a census, arrays of shape (n,).

    Attributes:
        places: in the census. labels: what people said, in the units of the ratings.
        probabilities: that the sample drew each of them, in (0, 1].
        strata: number of the stratum from which each was drawn; a stratum of one label joins the next.
    """

    places: npt.NDArray[np.intp]
    labels: FloatArray
    probabilities: FloatArray
    strata: npt.NDArray[np.intp]


def ppi_mean(
    labels: FloatArray, rated: FloatArray, rated_only: FloatArray, confidence: float = CONFIDENCE
) -> CorrectedMean:
    """PPI++ mean over a population of tasks, variances with n in the denominator.

    Args:
        labels: of the labelled tasks, shape (n,).
        rated: ratings of the same tasks, shape (n,).
        rated_only: ratings of the tasks without a label, shape (N,).
        confidence: two-sided, by the normal distribution.
    """
    n, others = len(labels), len(rated_only)
    everything = np.concatenate([rated, rated_only])
    covariance = float(((labels - labels.mean()) * (rated - rated.mean())).mean())
    variance = float(everything.var(ddof=1))
    tuning = float(np.clip(covariance / ((1 + n / others) * variance), 0, 1)) if variance > 0 else 0.0
    value = float(tuning * rated_only.mean() + (labels - tuning * rated).mean())
    error = (tuning**2 * rated_only.var() / others + (labels - tuning * rated).var() / n) ** 0.5
    half = normal_quantile((1 + confidence) / 2) * float(error)
    return CorrectedMean(value, Interval(value - half, value + half), tuning)


def census_mean(
    scores: FloatArray, weights: FloatArray, sample: LabelSample, confidence: float = CONFIDENCE
) -> CorrectedMean | Undefined:
    """The weighted mean label of a fixed set of tasks, from the ratings of all and the labels of some.

    The mean rating times lambda, plus the mean of label - lambda x rating over the labelled tasks, each counted
    1 / probability times. lambda is the regression of labels on ratings under these weights, cut to [0, 1]. Residuals
    are divided by 1 - leverage, as in a jackknife: lambda was fitted on the same labels.

    Args:
        scores: ratings of all N tasks, shape (N,).
        weights: of all tasks in the mean, shape (N,).
        sample: the labelled tasks.
        confidence: two-sided, by t with the degrees of freedom of the strata.

    Returns:
        The mean; its interval has no width where every task is labelled. `Undefined.TOO_FEW_LABELS` below
        `MIN_LABELS`, unless every task is labelled.
    """
    n = len(sample.places)
    if n < min(MIN_LABELS, len(scores)):
        return Undefined.TOO_FEW_LABELS if n else Undefined.NO_LABELS
    share = weights / weights.sum()
    rated = scores[sample.places]
    counted = share[sample.places] / sample.probabilities
    counted /= counted.sum()
    tuning = _tuning(sample.labels, rated, counted)
    apart = sample.labels - tuning * rated
    value = float(tuning * (share @ scores) + counted @ apart)
    terms = counted * (apart - counted @ apart) / (1 - _leverage(rated, counted))
    half = _half_width(terms, sample, confidence)
    return CorrectedMean(value, Interval(value - half, value + half), tuning)


def _tuning(labels: FloatArray, rated: FloatArray, counted: FloatArray) -> float:
    """Slope of labels on ratings, cut to [0, 1]; 0 where the ratings do not vary."""
    centred = rated - counted @ rated
    spread = float(counted @ centred**2)
    return float(np.clip(counted @ (centred * labels) / spread, 0, 1)) if spread > 0 else 0.0


def _leverage(rated: FloatArray, counted: FloatArray) -> FloatArray:
    """How far each label pulls the mean and the slope towards itself, shape (n,), below 1."""
    centred = rated - counted @ rated
    spread = float(counted @ centred**2)
    pull = counted * (1 + centred**2 / spread) if spread > 0 else counted
    return np.asarray(np.minimum(pull, MOST_LEVERAGE))


def _half_width(terms: FloatArray, sample: LabelSample, confidence: float) -> float:
    """Stratified sampling without replacement: sum over strata of (1 - f) n / (n - 1) sum((z - mean z)^2).

    Degrees of freedom of the sum, since a stratum of many tasks and few labels decides nearly alone. 0 where every task
    of every stratum is labelled.
    """
    if (sample.probabilities >= 1).all():
        return 0.0
    strata = np.unique(_joined(sample.strata), return_inverse=True)[1]
    n = np.bincount(strata)
    centred = terms - (np.bincount(strata, weights=terms) / n)[strata]
    freedom = np.maximum(n - 1, 1)
    parts = np.bincount(strata, weights=(1 - sample.probabilities) * centred**2) * n / freedom
    variance = float(parts.sum())
    if variance <= 0:
        return 0.0
    df = satterthwaite(parts, freedom.astype(np.float64))
    return float(t_quantile(df, (1 + confidence) / 2) * variance**0.5)


def _joined(strata: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Strata with one label each go together with a neighbour: alone they show no spread."""
    joined = np.unique(strata, return_inverse=True)[1]
    while len(joined) > 1:
        sizes = np.bincount(joined)
        single = np.flatnonzero(sizes == 1)
        if not len(single) or len(sizes) == 1:
            break
        joined[joined == single[0]] = single[0] + 1 if single[0] + 1 < len(sizes) else single[0] - 1
        joined = np.unique(joined, return_inverse=True)[1]
    return joined
