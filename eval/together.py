"""Agreement of more than two, and of a rater with itself.

- People of a label set among themselves (the human ceiling), and all raters together: Krippendorff's alpha of any
  number of columns, answers missing or not.
- A rater's repeats among themselves: ICC(2,1) on the numbers of the rubric.
- A rater's answers about the same statement under several occupations: share of pairs with the same answer.

Rows name the same party twice: `people` and `people`, `gpt-5-4` and `gpt-5-4`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from eval.agreement import agreement
from eval.answers import RaterColumn
from eval.columns import BoolArray, Column, Frame
from scorer.domain.evaluation import Agreement, Undefined
from scorer.domain.rubric import Level, Rubric
from scorer.statistics import (
    Estimate,
    FloatArray,
    cluster_sums,
    estimate,
    icc,
    icc_sums,
    resample,
    same_answer,
    same_answer_sums,
    stacks,
)

ALL_RATERS = "all raters"
"""No rater can have this name: those have no spaces."""
SAME_STATEMENT = "same statement"
TWO = 2


def joint_alphas(
    columns: Sequence[Column], frame: Frame, rubric: Rubric, seed: int, mask: BoolArray | None = None
) -> tuple[dict[Level, Estimate], int]:
    """Krippendorff's alpha of all columns together at each level, and the tasks that two of them or more answered.

    Source: Krippendorff (2019), Content Analysis, 4th ed., ch. 12; interval: 2,000 draws of occupations.
    """
    counts: FloatArray = np.sum([column.shares for column in columns], axis=0)
    pairable = (counts.sum(axis=1) >= TWO) & (True if mask is None else mask)
    n = int(pairable.sum())
    if not n:
        return dict.fromkeys(Level, Estimate(Undefined.NO_OVERLAP, Undefined.NO_OVERLAP)), n
    weights = np.max([column.weights for column in columns], axis=0)[pairable]
    units = stacks.unit_coincidences(counts[pairable]) * (weights / weights.mean())[:, None, None]
    sums = cluster_sums(units, frame.occupations[pairable])
    draws = resample(sums, seed)
    return {level: estimate(sums, _Alpha(level, rubric), draws, n) for level in Level}, n


class _Alpha:
    """Alpha at a level as a function of coincidence matrices (..., k, k)."""

    def __init__(self, level: Level, rubric: Rubric) -> None:
        self._level = level
        self._numbers = np.array([rubric.number(value) for value in rubric.ordered_values])

    def __call__(self, matrices: FloatArray) -> FloatArray:
        return stacks.alpha(matrices, stacks.alpha_distances(matrices, self._level, self._numbers))


def among_themselves(
    name: str, columns: Sequence[Column], frame: Frame, rubric: Rubric, seed: int
) -> Iterator[Agreement]:
    """Rows of alpha of these columns together, overall and in every stratum in which two of them meet."""
    strata: Mapping[str, BoolArray | None] = {"all": None, **{k: v for k, v in frame.strata.items() if k != "all"}}
    for stratum, mask in strata.items():
        found, n = joint_alphas(columns, frame, rubric, seed, mask)
        if n or stratum == "all":
            for level, one in found.items():
                yield agreement((name, name), rubric, stratum, f"alpha_{level}", one, n=n)


def repeatability(rater: RaterColumn, frame: Frame, rubric: Rubric, seed: int) -> Iterator[Agreement]:
    """ICC(2,1) of a rater's repeats, on the tasks with as many usable repeats as most have; no row without repeats."""
    known = {task: said for task, said in rater.repeats.items() if task in frame.place}
    if not known:
        return
    many = Counter(map(len, known.values())).most_common(1)[0][0]
    whole = {task: said for task, said in known.items() if len(said) == many}
    matrix = np.array([[rubric.number(category) for category in said] for said in whole.values()])
    sums = cluster_sums(icc_sums(matrix), frame.occupations[[frame.place[task] for task in whole]])
    found = estimate(sums, icc, resample(sums, seed), len(whole))
    yield agreement((rater.name, rater.name), rubric, "all", "icc", found, n=len(whole))


def consistency(column: Column, rubric: Rubric, seed: int) -> Iterator[Agreement]:
    """Share of pairs of tasks with one text that got one answer; drawn by text, n counts pairs; no row without any."""
    spoken = column.answered & (column.texts != "")
    groups = np.unique(column.texts[spoken], return_inverse=True)[1]
    sums = same_answer_sums(cluster_sums(column.shares[spoken], groups)) if spoken.any() else np.zeros((0, 2))
    sums = sums[sums[:, 1] > 0]
    if not len(sums):
        return
    n = int(sums[:, 1].sum())
    found = estimate(sums, same_answer, resample(sums, seed), n)
    yield agreement((column.name, column.name), rubric, SAME_STATEMENT, "raw_agreement", found, n=n)
