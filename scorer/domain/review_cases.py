"""Cases of the review: what a reviewer is shown, before and after the blind answer, and how far the reviewing is."""

from collections.abc import Sequence
from typing import NamedTuple

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.review import ReviewEvent, answers, resolution
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError


class Case(NamedTuple):
    """One task on which raters disagree, and what became of it.

    Attributes:
        moves: how far the occupation's number would go, in the numbers of the scale.
        nearness: how surely that carries it over a cut-off, 0 to 1. urgency: what the queue is ordered by.
        events: what reviewers did about the text that the task has now, in order.
    """

    rubric: Rubric
    task: Task
    occupation: Occupation
    spread: float
    moves: float
    nearness: float
    urgency: float
    events: tuple[ReviewEvent, ...]

    @property
    def answers(self) -> tuple[ReviewEvent, ...]:
        """The blind answers so far."""
        return answers(self.events)

    @property
    def resolution(self) -> ReviewEvent | None:
        """The resolution that counts; None while the case is open."""
        return resolution(self.events)

    def answer_of(self, reviewer: str) -> ReviewEvent | None:
        """What this reviewer answered; None before."""
        return next((event for event in self.answers if event.reviewer == reviewer), None)


class Progress(NamedTuple):
    """How many cases there are, have an answer, have a second one, and are settled."""

    cases: int
    answered: int
    answered_twice: int
    resolved: int


class Queue(NamedTuple):
    """Every case, the most urgent first.

    Attributes:
        by_all: the rubrics where fewer than two raters passed, so that all raters were compared.
    """

    cases: tuple[Case, ...]
    by_all: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Case, ...]:
        """The cases without a resolution."""
        return tuple(case for case in self.cases if case.resolution is None)

    def next_for(self, reviewer: str, after: int = 0) -> Case | None:
        """The most urgent open case that this reviewer has not answered, passing over the first `after` of them."""
        mine = [case for case in self.open if case.answer_of(reviewer) is None]
        return mine[after] if after < len(mine) else None

    def waiting_for(self, reviewer: str) -> tuple[Case, ...]:
        """The open cases that this reviewer has answered and may resolve; those with most answers first."""
        mine = [case for case in self.open if case.answer_of(reviewer)]
        return tuple(sorted(mine, key=lambda case: -len(case.answers)))

    def find(self, rubric: str, task_id: str) -> Case:
        """One case.

        Args:
            rubric: with or without its version.
            task_id: of the task.

        Raises:
            LabelError: raters do not disagree on it, or nobody has rated it.
        """
        for case in self.cases:
            if case.task.task_id == task_id and rubric in {case.rubric.id, case.rubric.name}:
                return case
        raise LabelError(
            f"task `{task_id}` is no case of {rubric}: raters agree on it, or fewer than two have rated it"
        )

    @property
    def progress(self) -> Progress:
        """How far the reviewing is."""
        counts = [len(case.answers) for case in self.cases]
        settled = len(self.cases) - len(self.open)
        return Progress(len(counts), sum(n > 0 for n in counts), sum(n > 1 for n in counts), settled)


class BlindCard(NamedTuple):
    """All that a labeller may see: the task and the question."""

    rubric: Rubric
    task: Task
    occupation: Occupation


class RaterAnswer(NamedTuple):
    """One answer of one rater about the text that a task has now; score in the rubric's primary measure."""

    rater: str
    variant: str
    repeat: int
    status: str
    category: str | None
    score: float | None
    rationale: str | None
    evidence: str | None
    blockers: dict[str, bool] | None


class Reveal(NamedTuple):
    """A case with all that was said about it.

    Attributes:
        ratings: every answer of every rater about the text that the task has now.
    """

    case: Case
    ratings: Sequence[RaterAnswer]

    @property
    def proposed(self) -> str | None:
        """The category on which all blind answers agree; None where they do not."""
        said = {event.category for event in self.case.answers}
        return said.pop() if len(said) == 1 else None


class Apart(NamedTuple):
    """One rater beside the resolutions; no agreement, since these tasks were chosen because raters disagreed.

    Attributes:
        n: resolved tasks with a score of the rater. same: of these, those with the number of the resolution.
        distance: mean distance to it, in the numbers of the scale.
    """

    rubric: str
    rater: str
    n: int
    same: int
    distance: float


class SampleLine(NamedTuple):
    """A sample and how far it is. labelled: tasks with a label, by labeller."""

    sample_id: str
    rubric: str
    onet_release: str
    tasks: int
    labelled: dict[str, int]


class SampleCard(NamedTuple):
    """The next task of a sample for one labeller: its place on the sheet, from 1, of `tasks`, with `done` labelled."""

    sample_id: str
    card: BlindCard
    place: int
    tasks: int
    done: int
