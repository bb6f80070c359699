"""What the pages of the desk are handed: use-cases of the review, and runs as they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from scorer.domain.review import Answer
from scorer.domain.review_cases import Apart, Queue, Reveal, SampleCard, SampleLine


@dataclass(frozen=True)
class Reviewing:
    """The use-cases of the review; each raises a LabelError for what is no answer.

    Attributes:
        queue: the cases as they stand.
        answer, resolve: rubric, task and what is said; whether it was new.
        reveal: rubric, task and reviewer; refused to one who has not answered an open case.
        apart: raters beside the resolutions.
        samples: what was drawn to be labelled.
        next_draw: sample, labeller and how many to pass over.
        label: sample, task and what is said; whether it was new.
        credits: the credit lines of the texts that are shown.
    """

    queue: Callable[[], Queue]
    answer: Callable[[str, str, Answer], bool]
    reveal: Callable[[str, str, str], Reveal]
    resolve: Callable[[str, str, Answer], bool]
    apart: Callable[[Queue], Sequence[Apart]]
    samples: Callable[[], Sequence[SampleLine]]
    next_draw: Callable[[str, str, int], SampleCard | None]
    label: Callable[[str, str, Answer], bool]
    credits: Callable[[], list[str]]


class Gait(NamedTuple):
    """How far and how fast, of one rater of a run or of all; money in USD, minutes None where not known."""

    name: str
    done: int
    total: int
    failed: int
    refused: int
    spent_usd: float
    per_minute: float
    minutes_left: float | None


class ShownRun(NamedTuple):
    """A run as its own file tells it. state: `running`, `draining`, or how it ended; at: when it was written."""

    run_id: str
    state: str
    is_over: bool
    at: datetime
    whole: Gait
    raters: Sequence[Gait]
