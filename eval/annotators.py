"""The alternative annotator test: may the rater stand in for one of the people who labelled?

Each person is left out in turn. On every task that both the rater and that person answered, whoever is nearer to the
remaining people wins (both, where they are equally near). The rater does as well as the person where its disadvantage,
less the margin epsilon, is significantly below zero.

Source: Calderon, Reichart and Dror (2025), The Alternative Annotator Test for LLM-as-a-Judge, ACL 2025.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eval.columns import Column, same_text
from scorer.domain.rubric import Level, Rubric
from scorer.statistics import FloatArray, discoveries, t_below

MIN_PEOPLE = 3
RATE = 0.05


class AnnotatorTest(NamedTuple):
    """What the test found.

    Attributes:
        people: whom it was made against: those with enough tasks.
        won: against how many of them the rater does as well, at a false discovery rate of .05.
        advantage: mean share of tasks on which the rater is at least as near to the others as the person left out.
    """

    people: int
    won: int
    advantage: float

    @property
    def omega(self) -> float:
        """Winning rate, 0 to 1."""
        return self.won / self.people


def alternative_annotator_test(
    rater: Column, people: Sequence[Column], rubric: Rubric, epsilon: float, min_tasks: int
) -> AnnotatorTest | None:
    """Test a rater against each of the people of a label set.

    Args:
        rater: its answers.
        people: one column each.
        rubric: nearness is the same category on a nominal scale, else the root mean square distance of the numbers.
        epsilon: by how much of the tasks the rater may lose more often than it wins.
        min_tasks: tasks from which a person is tested.

    Returns:
        None where fewer than three people have so many tasks with the rater and a third.
    """
    shares = [person.shares * same_text(rater, person)[:, None] for person in people]
    together: FloatArray = np.sum(shares, axis=0) if shares else np.zeros_like(rater.shares)
    counted = [_wins(rater.shares, own, together - own, rubric) for own in shares]
    tested = [(won, lost) for won, lost in counted if len(won) >= max(min_tasks, 2)]
    if len(tested) < MIN_PEOPLE:
        return None
    p_values = np.array([_p_value(lost - won, epsilon) for won, lost in tested])
    correction = (1 / np.arange(1, len(tested) + 1)).sum()  # Benjamini and Yekutieli (2001): the tests depend
    passed = discoveries(p_values, RATE / correction)
    return AnnotatorTest(len(tested), sum(passed), float(np.mean([won.mean() for won, _ in tested])))


def _wins(rater: FloatArray, person: FloatArray, others: FloatArray, rubric: Rubric) -> tuple[FloatArray, FloatArray]:
    """Where the rater is at least as near to the others as the person, and the reverse; tasks that all answered."""
    shared = rater.any(axis=1) & person.any(axis=1) & others.any(axis=1)
    far = _distances(rubric)
    weights = others[shared] / others[shared].sum(axis=1, keepdims=True)
    of_rater, of_person = (((said[shared] @ far) * weights).sum(axis=1).round(9) for said in (rater, person))
    return (of_rater <= of_person).astype(np.float64), (of_person <= of_rater).astype(np.float64)


def _distances(rubric: Rubric) -> FloatArray:
    """Squared distances of categories: the smaller their mean, the smaller its root."""
    numbers = np.array([rubric.number(value) for value in rubric.ordered_values])
    apart = np.abs(np.subtract.outer(numbers, numbers))
    return np.asarray(np.sign(apart) if rubric.level is Level.NOMINAL else apart**2)


def _p_value(disadvantage: FloatArray, epsilon: float) -> float:
    """One-sided t test that the mean disadvantage is epsilon or more."""
    spread = float(disadvantage.std(ddof=1))
    if spread == 0:
        return 0.0 if disadvantage.mean() < epsilon else 1.0
    t = (float(disadvantage.mean()) - epsilon) / (spread / len(disadvantage) ** 0.5)
    return t_below(len(disadvantage) - 1, t)
