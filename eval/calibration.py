"""Calibration: from what a rater's log-probabilities say to what labellers would say.

Readings (log-odds of probes, or log-probabilities of categories) are regressed on labels by a logistic model for
ordered categories, cross-fitted by occupation: no task is scored by a model that saw a label of its occupation. Plain
arrays in, plain arrays out; it refuses to fit on too little.

Sources: the ordered model as one binary regression over thresholds, Li and Lin (2007), sec. 3; cross-fitting as in
Chernozhukov et al. (2018), def. 3.1, with occupations as the units that are left out.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from scorer.domain.base import Frozen
from scorer.errors import LabelError
from scorer.statistics import FloatArray

MIN_LABELLED = 30
"""Labelled tasks below which nothing is fitted: five readings and four thresholds need some."""

THRESHOLD_SCALE = 10.0
"""Thresholds enter the regression at this scale, so that the penalty, meant for slopes, hardly touches them."""


NOTHING = 1e-9
"""Share of labels that is none, as far as sums of shares can tell."""


class Method(Frozen):
    """How a calibration is made; part of its identity.

    Attributes:
        folds: parts into which the labelled occupations are dealt.
        seed: of the dealing.
        penalty: weight of half the squared norm of the slopes of standardised readings, in labels (L2; scikit-learn's
            1 / C): with it 50 labels and five readings still give sober slopes.
        name: of the model; another model is another name.
    """

    folds: int = 5
    seed: int = 0
    penalty: float = 1.0
    name: str = "ordered logistic"


PLAIN = Method()


@dataclass(frozen=True)
class Calibrated:
    """What a calibration makes of n answers on k ordered categories.

    Attributes:
        probabilities: (n, k), rows sum to 1.
        categories: place of the chosen category, (n,).
    """

    probabilities: FloatArray
    categories: npt.NDArray[np.intp]


@dataclass(frozen=True)
class _Model:
    """One fitted model. centre, scale: of the readings, (f,); slopes (f,); thresholds (k - 1,); cuts (k - 1,)."""

    centre: FloatArray
    scale: FloatArray
    slopes: FloatArray
    thresholds: FloatArray
    cuts: FloatArray

    @classmethod
    def fit(cls, readings: FloatArray, shares: FloatArray, penalty: float) -> Self:
        """Fit on m labelled answers: readings (m, f), shares of each category in what labellers said (m, k)."""
        centre, scale = readings.mean(axis=0), readings.std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        slopes, thresholds = _regress((readings - centre) / scale, shares, penalty)
        model = cls(centre, scale, slopes, thresholds, np.empty(0))
        cuts = _cuts(model.expected(readings), shares)
        return cls(centre, scale, slopes, thresholds, cuts)

    def probabilities(self, readings: FloatArray) -> FloatArray:
        """Of each category, (n, k)."""
        logits = ((readings - self.centre) / self.scale @ self.slopes)[:, None] + self.thresholds
        above = np.column_stack([np.ones(len(readings)), 1 / (1 + np.exp(-logits)), np.zeros(len(readings))])
        return np.clip(-np.diff(above, axis=1), 0.0, 1.0)

    def expected(self, readings: FloatArray) -> FloatArray:
        """The mean place on the scale, 0 to k - 1, (n,)."""
        probabilities = self.probabilities(readings)
        return probabilities @ np.arange(probabilities.shape[1], dtype=float)


def cross_fit(
    readings: FloatArray, shares: FloatArray, occupations: npt.NDArray[np.str_], method: Method = PLAIN
) -> Calibrated:
    """Calibrate every answer by models that saw no label of its occupation.

    The labelled occupations are dealt into folds, and one model is fitted without each. A task of a labelled
    occupation, labelled itself or not, is scored by the model that was fitted without it; a task of any other by the
    mean of all models.

    Args:
        readings: what the rater's log-probabilities say, (n, f), finite.
        shares: share of each of the k ordered categories in what labellers said of the task, (n, k); zeros where
            nobody labelled it.
        occupations: of each answer, (n,).
        method: how.

    Raises:
        LabelError: too few labelled tasks or occupations, or one category only.
    """
    labelled = np.asarray(shares.any(axis=1))
    _check(shares[labelled], occupations[labelled], method)
    fold = deal(occupations, labelled, method)
    models = [
        _Model.fit(readings[train], shares[train], method.penalty)
        for train in (labelled & (fold != left_out) for left_out in range(method.folds))
    ]
    each = np.stack([model.probabilities(readings) for model in models])
    cuts = np.stack([model.cuts for model in models])
    known = fold >= 0
    probabilities = np.where(known[:, None], each[fold, np.arange(len(fold))], each.mean(axis=0))
    limits = np.where(known[:, None], cuts[fold], cuts.mean(axis=0))
    expected = probabilities @ np.arange(shares.shape[1], dtype=float)
    return Calibrated(probabilities, (expected[:, None] > limits).sum(axis=1))


def _check(shares: FloatArray, occupations: npt.NDArray[np.str_], method: Method) -> None:
    n_occupations = len(set(occupations.tolist()))
    if len(shares) < MIN_LABELLED or n_occupations < method.folds:
        raise LabelError(
            f"{len(shares)} labelled tasks of {n_occupations} occupations have readings: calibration needs "
            f"{MIN_LABELLED} tasks of {method.folds} occupations; label more (docs/reviewers.md says how)"
        )
    if (shares.sum(axis=0) > 0).sum() == 1:
        raise LabelError("all labels say the same category: there is nothing to calibrate on")


def deal(occupations: npt.NDArray[np.str_], labelled: npt.NDArray[np.bool_], method: Method) -> npt.NDArray[np.intp]:
    """Deal labelled occupations into folds: the fold of each answer's occupation, (n,); -1 where that has no label."""
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - a second that only those who calibrate should wait

    codes = occupations[labelled]
    dealt = GroupKFold(method.folds, shuffle=True, random_state=method.seed).split(codes, groups=codes)
    fold_of = {code: number for number, (_, left_out) in enumerate(dealt) for code in codes[left_out].tolist()}
    return np.array([fold_of.get(code, -1) for code in occupations.tolist()], dtype=np.intp)


def _regress(standardised: FloatArray, shares: FloatArray, penalty: float) -> tuple[FloatArray, FloatArray]:
    """Slopes (f,) and thresholds (k - 1,) of P(category > j) = logistic(slopes x + threshold j).

    One pseudo-label, spread evenly over the categories at the average task, keeps every category possible.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    k = shares.shape[1]
    x = np.vstack([standardised, np.zeros(standardised.shape[1])])
    row, category = np.nonzero(np.vstack([shares, np.full(k, 1 / k)]))
    weight = np.vstack([shares, np.full(k, 1 / k)])[row, category]
    stacked = np.hstack([np.repeat(x[row], k - 1, axis=0), np.tile(THRESHOLD_SCALE * np.eye(k - 1), (len(row), 1))])
    above = category[:, None] > np.arange(k - 1)
    model = LogisticRegression(C=1 / penalty, fit_intercept=False, solver="newton-cholesky")
    model.fit(stacked, above.ravel(), sample_weight=np.repeat(weight, k - 1))
    slopes, thresholds = np.split(model.coef_[0], [x.shape[1]])
    return slopes, thresholds * THRESHOLD_SCALE


def _cuts(expected: FloatArray, shares: FloatArray) -> FloatArray:
    """Cuts of the expected place (k - 1,) at which the fitted answers fall into categories as often as the labels do.

    Choosing the likeliest category instead would leave the rare ones out and bias every mean towards the common one. A
    category that no label names is never chosen: the cuts around it are infinite, or one cut.
    """
    below = np.cumsum(shares.sum(axis=0))[:-1] / shares.sum()
    cuts = np.quantile(expected, np.clip(below, 0, 1), method="hazen")
    return np.where(below >= 1 - NOTHING, np.inf, np.where(below <= NOTHING, -np.inf, cuts))
