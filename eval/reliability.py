"""Whether a rater's expected scores and stated confidence can be taken at their word, and what labels make of them.

A confidence of .8 is right where labels give the rater's category eight times in ten; an expected score, where labels
say so much on average. Both are compared in ten bins and recalibrated out of sample. The calibrated values stand beside
the ratings and replace nothing: no published number uses them. Reviews never enter; labels by models only where no
person labelled.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from eval.calibration import PLAIN, Method
from eval.calibration_ratings import about_text, counted_labels
from eval.columns import TaskFacts
from eval.recalibration import recalibrate
from scorer.domain.evaluation import Label, LabellerKind, Undefined
from scorer.domain.panel import CALIBRATED
from scorer.domain.reliability import CalibratedValue, Quantity, Reliability
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

BINS = 10


class Stating(Protocol):
    """What is read of a rating."""

    @property
    def rating_id(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def task_id(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def rater(self) -> str: ...  # noqa: D102 - as in Rating
    @property
    def category(self) -> str | None: ...  # noqa: D102 - as in Rating
    @property
    def score_expected(self) -> float | None: ...  # noqa: D102 - as in Rating
    @property
    def confidence(self) -> float | None: ...  # noqa: D102 - as in Rating
    @property
    def statement_sha256(self) -> str | None: ...  # noqa: D102 - as in Rating


class ReliabilityFindings(NamedTuple):
    """The rows of `reliability` and of `calibrated_value`."""

    bins: tuple[Reliability, ...] = ()
    values: tuple[CalibratedValue, ...] = ()


@dataclass(frozen=True)
class _Case:
    """One rater, label set and quantity.

    Attributes:
        ends: of the scale of the quantity, of which `stated` and `observed` are shares.
        stated: (n,). observed: (n,), NaN where nobody labelled the text. weights: (n,).
        calibrated: (n,), or why there is none.
    """

    rater: str
    rubric: str
    label_set: str
    kind: LabellerKind | None
    quantity: Quantity
    ends: tuple[float, float]
    rows: Sequence[Stating]
    stated: FloatArray
    observed: FloatArray
    weights: FloatArray
    calibrated: FloatArray | Undefined

    def values(self) -> Iterator[CalibratedValue]:
        """What every rating's statement becomes."""
        if isinstance(self.calibrated, Undefined):
            return
        for row, stated, calibrated in zip(self.rows, self.stated, self.calibrated, strict=True):
            yield CalibratedValue(
                rating_id=row.rating_id,
                task_id=row.task_id,
                rater=self.rater,
                rubric=self.rubric,
                label_set=self.label_set,
                quantity=self.quantity,
                stated=self._unit(stated),
                calibrated=self._unit(calibrated),
            )

    def bins(self) -> Iterator[Reliability]:
        """All labelled statements together, then by tenths of the scale."""
        known = ~np.isnan(self.observed)
        yield self._bin(None, known)
        place = np.minimum((self.stated * BINS).astype(int), BINS - 1)
        for i in range(BINS):
            if (within := known & (place == i)).any():
                yield self._bin(i, within)

    def _bin(self, number: int | None, within: npt.NDArray[np.bool_]) -> Reliability:
        low, high = (0.0, 1.0) if number is None else (number / BINS, (number + 1) / BINS)
        n = len({self.rows[i].task_id for i in np.flatnonzero(within).tolist()})
        calibrated = None if isinstance(self.calibrated, Undefined) else self.calibrated
        reason = Undefined.NO_OVERLAP if not n else self.calibrated if isinstance(self.calibrated, Undefined) else None
        return Reliability(
            rater=self.rater,
            rubric=self.rubric,
            label_set=self.label_set,
            labeller_kind=self.kind,
            quantity=self.quantity,
            bin=None if number is None else number + 1,
            low=self._unit(low),
            high=self._unit(high),
            n=n,
            stated=self._mean(self.stated, within),
            observed=self._mean(self.observed, within),
            calibrated=self._mean(calibrated, within),
            error_stated=self._error(self.stated, within),
            error_calibrated=self._error(calibrated, within),
            reason_undefined=reason,
        )

    def _unit(self, share: float) -> float:
        return self.ends[0] + float(share) * (self.ends[1] - self.ends[0])

    def _mean(self, shares: FloatArray | None, within: npt.NDArray[np.bool_]) -> float | None:
        if shares is None or not within.any():
            return None
        return self._unit(np.average(shares[within], weights=self.weights[within]))

    def _error(self, shares: FloatArray | None, within: npt.NDArray[np.bool_]) -> float | None:
        if shares is None or not within.any():
            return None
        squares = (shares[within] - self.observed[within]) ** 2
        return float(np.average(squares, weights=self.weights[within]) ** 0.5) * (self.ends[1] - self.ends[0])


def reliability(
    rubric: Rubric,
    ratings: Sequence[Stating],
    labels: Sequence[Label],
    tasks: Mapping[str, TaskFacts],
    method: Method = PLAIN,
) -> ReliabilityFindings:
    """Compare what every rater states with what each label set says, and recalibrate it.

    Args:
        rubric: whose scale.
        ratings: those that count, by rater; of these, the ones with a category and a statement.
        labels: of any number of sets.
        tasks: every task known, by task_id; ratings of others are left out.
        method: of the cross-fitting.

    Returns:
        For each rater x label set x quantity one row of all bins, and one of each bin that has a labelled task.
    """
    sets = {
        name: [one for one in labels if one.label_set == name] for name in sorted({one.label_set for one in labels})
    }
    placed = [one for one in ratings if one.category is not None and one.task_id in tasks]
    case = partial(_case, tasks=tasks, method=method)
    cases: list[_Case] = []
    for _, own in groupby(placed, key=lambda one: one.rater):
        rows = list(own)
        for quantity in Quantity:
            if stating := [one for one in rows if getattr(one, quantity) is not None]:
                cases += [case(rubric, stating, quantity, one) for one in sets.items()]
    bins = (row for case in cases for row in case.bins())
    return ReliabilityFindings(tuple(bins), tuple(value for case in cases for value in case.values()))


def _case(
    rubric: Rubric,
    rows: Sequence[Stating],
    quantity: Quantity,
    label_set: tuple[str, Sequence[Label]],
    *,
    tasks: Mapping[str, TaskFacts],
    method: Method,
) -> _Case:
    name, labels = label_set
    counted, kind = counted_labels(labels, rubric)
    numbers = [rubric.number(value) for value in rubric.values]
    ends = (min(numbers), max(numbers)) if quantity is Quantity.SCORE_EXPECTED else (0.0, 1.0)
    stated = (np.array([getattr(one, quantity) for one in rows]) - ends[0]) / (ends[1] - ends[0])
    observed, weights = _observed(rubric, quantity, rows, counted, ends)
    codes = np.array([tasks[one.task_id].occupation_code for one in rows])
    rater = rows[0].rater
    again = rater.endswith(CALIBRATED) and quantity is Quantity.SCORE_EXPECTED
    found = Undefined.CALIBRATED_ALREADY if again else recalibrate(stated, observed, weights, codes, method)
    return _Case(
        rater, rubric.id, name, kind if counted else None, quantity, ends, rows, stated, observed, weights, found
    )


def _observed(
    rubric: Rubric, quantity: Quantity, rows: Sequence[Stating], labels: Sequence[Label], ends: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """What labels say of each rating as a share of the scale; its weight, 1 / chance of the task / ratings of it."""
    said: dict[str, list[Label]] = {}
    for label in labels:
        said.setdefault(label.task_id, []).append(label)
    asked = Counter(one.task_id for one in rows)
    observed, weights = np.full(len(rows), np.nan), np.ones(len(rows))
    for i, row in enumerate(rows):
        if about := list(about_text(row, said.get(row.task_id, ()))):
            if quantity is Quantity.CONFIDENCE:
                shares = [float(one.category == row.category) for one in about]
            else:
                shares = [(rubric.number(one.category) - ends[0]) / (ends[1] - ends[0]) for one in about]
            observed[i] = np.mean(shares)
            weights[i] = max(1 / (one.inclusion_probability or 1.0) for one in about) / asked[row.task_id]
    return observed, weights
