"""Contamination: what a rater remembers of a published label set."""

from datetime import datetime
from enum import StrEnum

from scorer.domain.base import Frozen


class MemoryProbe(StrEnum):
    """How memory is asked for: the label of a row, or the row that follows in the file."""

    LABEL_RECALL = "label_recall"
    FILE_ORDER = "file_order"


class Contamination(Frozen):
    """What one probe of one rater showed about one label set.

    Attributes:
        own: share of questions answered with what the file has. control: share that would be right if the file's rows
            were permuted within each occupation. difference: own minus control, with its 95 % interval; None with a
            reason where too little was asked for it.
        n: questions with an answer, `unknown` among them. n_unusable: replies that were none.
        finding: a sentence.
    """

    rater: str
    model: str
    label_set: str
    rubric: str
    probe: MemoryProbe
    prompt: str
    prompt_sha256: str
    own: float | None
    control: float | None
    difference: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int
    n_unusable: int = 0
    seed: int
    finding: str
    reason_undefined: str | None = None
    asked_at: datetime
