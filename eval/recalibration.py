"""Logistic recalibration: from what somebody states to what is observed, out of sample.

P = 1 / (1 + exp(-(a + b logit(stated)))): a = 0 and b = 1 where it may be taken at its word. Fitted on shares as on yes
and no, and cross-fitted by occupation like any calibration here.

Sources: the regression, Cox (1958), Biometrika 45, 562-565; on shares, Papke and Wooldridge (1996).
"""

import numpy as np
import numpy.typing as npt

from eval.calibration import MIN_LABELLED, PLAIN, Method, deal
from scorer.domain.evaluation import Undefined
from scorer.statistics import FloatArray

CERTAIN = 0.01
"""What is stated nearer to 0 or 1 than this counts as so near: the logarithm of nothing is no number."""


def recalibrate(
    stated: FloatArray,
    observed: FloatArray,
    weights: FloatArray,
    occupations: npt.NDArray[np.str_],
    method: Method = PLAIN,
) -> FloatArray | Undefined:
    """Recalibrate every statement by models that saw nothing of its occupation; of new ones by the mean of all models.

    Args:
        stated: (n,), 0 to 1.
        observed: (n,), 0 to 1; NaN where nobody looked.
        weights: of each statement in the fit, above 0, (n,).
        occupations: of each, (n,).
        method: folds, seed and penalty; the penalty is on b.

    Returns:
        (n,), 0 to 1, or why there is none.
    """
    known = ~np.isnan(observed)
    if known.sum() < MIN_LABELLED or len(set(occupations[known].tolist())) < method.folds:
        return Undefined.NOT_CALIBRATED
    fold = deal(occupations, known, method)
    sure = np.clip(stated, CERTAIN, 1 - CERTAIN)
    logits = np.log(sure / (1 - sure))
    trained_on = (known & (fold != left_out) for left_out in range(method.folds))
    lines = np.array([_line(logits[m], observed[m], weights[m], method.penalty) for m in trained_on])
    each: FloatArray = 1 / (1 + np.exp(-(lines[:, :1] + lines[:, 1:] * logits)))
    out_of_sample: FloatArray = np.where(fold >= 0, each[fold, np.arange(len(fold))], each.mean(axis=0))
    return out_of_sample


def _line(logits: FloatArray, observed: FloatArray, weights: FloatArray, penalty: float) -> tuple[float, float]:
    """Both numbers, a and b. One pseudo-observation, half yes and half no at the average, keeps both possible."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a second that only those who calibrate should wait

    x = np.append(logits, logits.mean())
    share, weight = np.append(observed, 0.5), np.append(weights / weights.mean(), 1.0)
    model = LogisticRegression(C=1 / penalty, solver="newton-cholesky")
    yes_and_no = np.repeat([1, 0], len(x))
    model.fit(np.tile(x, 2)[:, None], yes_and_no, sample_weight=np.append(weight * share, weight * (1 - share)))
    return float(model.intercept_[0]), float(model.coef_[0, 0])
