"""How much an answer moves when nothing changed: from repeats, and from anchors rated anew on a later occasion.

Noise is not a part of a change, it is what a change must be larger than. Where neither repeats nor anchors exist it is
not estimable, and no occupation is called a mover.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

FEWEST = 30
"""Degrees of freedom below which a variance is too uncertain to judge changes by."""


class Asking(NamedTuple):
    """One usable rating as the noise needs it."""

    rater: str
    rubric: str
    task_id: str
    statement_sha256: str
    variant: str
    occasion: str
    score: float


class Drift(NamedTuple):
    """How far a rater moved on the same texts between two occasions: mean and 95 % interval in numbers of the scale."""

    rater: str
    rubric: str
    occasion: str
    mean: float
    ci_low: float
    ci_high: float
    n: int


@dataclass(frozen=True)
class Noise:
    """Variance of one rating of a rater on a rubric, by (rater, rubric), and the drift of its anchors.

    Attributes:
        variances: pooled within the same question, over repeats and occasions; only where there is enough to pool.
    """

    variances: dict[tuple[str, str], float]
    drifts: tuple[Drift, ...] = ()

    def variance(self, rater: str, rubric: str) -> float:
        """Variance of one rating; NaN where it is not estimable."""
        return self.variances.get((rater, rubric), float("nan"))


def noise_of(askings: Iterable[Asking]) -> Noise:
    """Pool what the same rater said to the same question more than once.

    Args:
        askings: usable ratings of both sides, each once.

    Returns:
        Within-question variance (sum of squares over sum of n - 1) where that sum is at least 30, and the drift between
        the first occasion and each later one where at least 30 texts were rated on both.
    """
    questions: defaultdict[tuple[str, str], defaultdict[tuple[str, str, str], dict[str, list[float]]]]
    questions = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for one in askings:
        question = (one.task_id, one.statement_sha256, one.variant)
        questions[one.rater, one.rubric][question][one.occasion].append(one.score)
    variances = {key: _variance(asked.values()) for key, asked in questions.items()}
    drifts = [drift for key, asked in sorted(questions.items()) for drift in _drifts(key, asked.values())]
    return Noise({key: found for key, found in variances.items() if found is not None}, tuple(drifts))


def _variance(asked: Iterable[dict[str, list[float]]]) -> float | None:
    squares, freedom = 0.0, 0
    for occasions in asked:
        said = list(occasions.values())
        if all(len(scores) == 1 for scores in said):  # anchors: their occasions are the repeats
            said = [[scores[0] for scores in said]]
        for scores in said:
            if len(scores) > 1:  # nearly every question is asked once
                squares += float(np.var(scores) * len(scores))
                freedom += len(scores) - 1
    return squares / freedom if freedom >= FEWEST else None


def _drifts(key: tuple[str, str], asked: Iterable[dict[str, list[float]]]) -> Iterable[Drift]:
    moved: defaultdict[str, list[float]] = defaultdict(list)
    for occasions in asked:
        first = occasions.get("first")
        for occasion, scores in occasions.items():
            if first and occasion != "first":
                moved[occasion].append(float(np.mean(scores) - np.mean(first)))
    for occasion, changes in sorted(moved.items()):
        if len(changes) >= FEWEST:
            mean, half = float(np.mean(changes)), 1.96 * float(np.std(changes, ddof=1)) / len(changes) ** 0.5
            yield Drift(*key, occasion, mean, mean - half, mean + half, len(changes))
