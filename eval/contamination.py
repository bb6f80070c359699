"""Does a rater remember a published label set? Questions that only memory answers, against permuted controls.

Label recall asks for the label of a row by its task id: the statement is not shown, so a rater that knows the
occupation and nothing else is as often right about the row as about any other row of the occupation. File order shows
three rows and asks for the next one, word by word. The control of both is exact, not drawn: how often the same answer
would be right if the rows of the file were permuted within the occupation.

Refuses a number from fewer than a hundred answers or ten occupations.
Source: the idea of guided completion and of order as a sign of memory: Golchin and Surdeanu (2024), ICLR; Oren et al.
(2024), ICLR. Tests and thresholds are ours.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from scorer.domain.evaluation import Undefined
from scorer.statistics import Interval, percentile_interval, resample

FEWEST = 100
SHOWN = 3
ALIKE = 90.0
"""Similarity, 0 to 100, from which a written row is taken for the row of the file."""


class TaskRow(NamedTuple):
    """A row of the file: task, occupation, statement, and its label where the labellers agree on one."""

    task_id: str
    occupation: str
    statement: str
    label: str | None


class Question(NamedTuple):
    """One question: about which row, after which, what the file has, and what other rows of the occupation have."""

    row: TaskRow
    shown: tuple[str, ...]
    own: str
    others: tuple[str, ...]


class Remembered(NamedTuple):
    """An answer: 1 where it is what the file has, else 0; and the share of the other rows that have the same."""

    occupation: str
    own: float
    control: float


class Shown(NamedTuple):
    """What the answers to one probe show; see `scorer.domain.contamination.Contamination`."""

    own: float | None
    control: float | None
    difference: float | None
    interval: Interval | None
    n: int
    reason: str | None


def recall_questions(rows: Sequence[TaskRow], n: int, seed: int) -> list[Question]:
    """At most n labelled rows of occupations in which labels differ, drawn at random."""
    homes = _by_occupation(row for row in rows if row.label is not None)
    found = [
        Question(row, (), str(row.label), tuple(str(other.label) for other in home if other is not row))
        for home in homes.values()
        if len({row.label for row in home}) > 1
        for row in home
    ]
    return _drawn(found, n, seed)


def order_questions(rows: Sequence[TaskRow], n: int, seed: int) -> list[Question]:
    """At most n places where rows of one occupation follow each other in the file, and one other row is left."""
    found = []
    for home in _by_occupation(rows).values():
        for place in range(SHOWN, len(home)):
            before, own = home[place - SHOWN : place], home[place].statement
            shown = tuple(row.statement for row in before)
            others = tuple(row.statement for row in home if row.statement not in {*shown, own})
            if others and own not in shown:
                found.append(Question(home[place], shown, own, others))
    return _drawn(found, n, seed)


def remembered(question: Question, answer: str) -> Remembered:
    """Whether an answer is what the file has, and for how many of the other rows it would be right."""
    rows = (question.own, *question.others)
    own, *others = _nearest(answer, rows) if question.shown else [answer == row for row in rows]
    return Remembered(question.row.occupation, float(own), fmean(map(float, others)))


def what_shows(answers: Sequence[Remembered], seed: int) -> Shown:
    """Own share, control and their difference; the interval draws whole occupations."""
    n = len(answers)
    if n < FEWEST:
        return Shown(None, None, None, None, n, f"{Undefined.TOO_FEW}: {n} answers, {FEWEST} are needed")
    own, control = fmean(one.own for one in answers), fmean(one.control for one in answers)
    homes: dict[str, list[float]] = {}
    for one in answers:
        homes.setdefault(one.occupation, []).append(one.own - one.control)
    draws = resample(np.array([(sum(apart), len(apart)) for apart in homes.values()], dtype=np.float64), seed)
    if isinstance(draws, Undefined):
        return Shown(own, control, own - control, None, n, draws.value)
    interval = percentile_interval(draws[:, 0] / draws[:, 1])
    if isinstance(interval, Undefined):
        return Shown(own, control, own - control, None, n, interval.value)
    return Shown(own, control, own - control, interval, n, None)


def finding(shown: Shown, what: str) -> str:
    """The verdict in a sentence; `what` is what was asked for: `labels`, `rows`."""
    if shown.own is None or shown.control is None or shown.difference is None:
        return f"not estimable: {shown.reason}"
    figures = f"{shown.own:.0%} of {shown.n} {what} right, {shown.control:.0%} if the rows were permuted"
    if shown.interval is None:
        return f"not estimable ({shown.reason}): {figures}"
    low, high = shown.interval
    told = f"{figures} (difference {shown.difference:+.2f}, 95 % {low:+.2f} to {high:+.2f})"
    if low > 0:
        return f"remembers the file: {told}; agreement with this set may be memory"
    return f"no sign of memory: {told}; what is not shown may have been read all the same"


def _by_occupation(rows: Iterable[TaskRow]) -> Mapping[str, list[TaskRow]]:
    homes: dict[str, list[TaskRow]] = {}
    for row in rows:
        homes.setdefault(row.occupation, []).append(row)
    return homes


def _drawn(questions: list[Question], n: int, seed: int) -> list[Question]:
    return random.Random(seed).sample(questions, min(n, len(questions)))  # noqa: S311 - a sample, no secret


def _nearest(answer: str, rows: Sequence[str]) -> list[bool]:
    """Which of the rows the answer is, nearly word by word: the most similar one, if it is similar enough."""
    alike = [fuzz.ratio(answer.casefold(), row.casefold()) for row in rows]
    return [one >= ALIKE and one == max(alike) for one in alike]
