"""Whether what a rater states can be taken at its word, as rows of a release."""

from enum import StrEnum

from scorer.domain.base import Frozen
from scorer.domain.evaluation import LabellerKind


class Quantity(StrEnum):
    """What a rater may state beside its category, under the name of the column of `rating`."""

    SCORE_EXPECTED = "score_expected"
    CONFIDENCE = "confidence"


class Reliability(Frozen):
    """What labels say where a rater states so much: one bin of a reliability diagram, or all bins together.

    Numbers are in the unit of the quantity: those of the rubric's primary measure for `score_expected`, 0 to 1 for
    `confidence`. None has a reason.

    Attributes:
        labeller_kind: whose labels count: persons where any labelled, else models.
        bin: 1 to 10, of equal width from `low` to `high`; None for all bins together.
        n: labelled tasks.
        stated, calibrated: mean of what was stated, and of what it becomes out of sample.
        observed: mean number of the labels, or share of them that give the rater's category.
        error_stated, error_calibrated: root mean squared distance from what is observed at each task.
    """

    rater: str
    rubric: str
    label_set: str
    labeller_kind: LabellerKind | None
    quantity: Quantity
    bin: int | None
    low: float
    high: float
    n: int
    stated: float | None
    observed: float | None
    calibrated: float | None
    error_stated: float | None
    error_calibrated: float | None
    reason_undefined: str | None = None


class CalibratedValue(Frozen):
    """What one rating stated, and what labels of other occupations make of it; the rating itself stays as it is."""

    rating_id: str
    task_id: str
    rater: str
    rubric: str
    label_set: str
    quantity: Quantity
    stated: float
    calibrated: float
