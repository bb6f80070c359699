"""Cases of the review: what a reviewer is shown, before and after the blind answer, and how far the reviewing is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Protocol

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.review import ReviewEvent, answers, resolution
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError


class TaskSpread(NamedTuple):
    """What raters together make of a task: their mean, and how far they lie apart; None of fewer than two."""

    task_id: str
    score: float | None
    spread: float | None


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


class Ranked(Protocol):
    """Cases in their order, the most urgent first, with nobody's events: there may be a hundred thousand."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, place: int, /) -> Case:
        """The case at a place."""

    def places(self, rubric: str, task_id: str) -> list[int]:
        """Where the cases of a task stand on a rubric, named with or without its version."""


@dataclass(frozen=True)
class Queue:
    """Every case, and what was done about the few that somebody has looked at.

    Attributes:
        ranked: all cases in their order.
        events: what was done, by the place of the case.
        by_all: the rubrics where fewer than two raters passed, so that all raters were compared.
    """

    ranked: Ranked
    events: Mapping[int, tuple[ReviewEvent, ...]]
    by_all: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Case]:
        """Every case with its events, the most urgent first."""
        return map(self._case, range(len(self.ranked)))

    def open(self, most: int | None = None) -> list[Case]:
        """The cases without a resolution; the first `most` of them, or all."""
        places = (place for place in range(len(self.ranked)) if place not in self._settled)
        return [self._case(place) for place in islice(places, most)]

    @property
    def n_open(self) -> int:
        """How many cases have no resolution."""
        return len(self.ranked) - len(self._settled)

    @property
    def settled(self) -> list[Case]:
        """The cases with a resolution."""
        return [self._case(place) for place in sorted(self._settled)]

    def next_for(self, reviewer: str, after: int = 0) -> Case | None:
        """The most urgent open case that this reviewer has not answered, passing over the first `after` of them."""
        done = self._settled | self._answered_by(reviewer)
        left = (place for place in range(len(self.ranked)) if place not in done)
        place = next(islice(left, after, None), None)
        return None if place is None else self._case(place)

    def n_left_for(self, reviewer: str) -> int:
        """How many open cases this reviewer has not answered."""
        return len(self.ranked) - len(self._settled | self._answered_by(reviewer))

    def waiting_for(self, reviewer: str) -> list[Case]:
        """The open cases that this reviewer has answered and may resolve; those with most answers first."""
        mine = [self._case(place) for place in sorted(self._answered_by(reviewer) - self._settled)]
        return sorted(mine, key=lambda case: -len(case.answers))

    def find(self, rubric: str, task_id: str) -> Case:
        """One case.

        Args:
            rubric: with or without its version.
            task_id: of the task.

        Raises:
            LabelError: raters do not disagree on it, or nobody has rated it.
        """
        places = self.ranked.places(rubric, task_id)
        if not places:
            raise LabelError(
                f"task `{task_id}` is no case of {rubric}: raters agree on it, or fewer than two have rated it"
            )
        return self._case(min(places))

    @property
    def progress(self) -> Progress:
        """How far the reviewing is."""
        counts = [len(answers(events)) for events in self.events.values()]
        return Progress(len(self.ranked), sum(n > 0 for n in counts), sum(n > 1 for n in counts), len(self._settled))

    @cached_property
    def _settled(self) -> frozenset[int]:
        return frozenset(place for place, events in self.events.items() if resolution(events))

    def _answered_by(self, reviewer: str) -> frozenset[int]:
        return frozenset(place for place in self.events if self._case(place).answer_of(reviewer))

    def _case(self, place: int) -> Case:
        return self.ranked[place]._replace(events=self.events.get(place, ()))


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
