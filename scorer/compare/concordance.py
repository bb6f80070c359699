"""How far our occupation scores go together with indices that others have published: neither has to be right.

Joined by code, with the loss told. An index by SOC code meets the mean of our O*NET occupations of that code.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from scorer.domain.concordance import Concordance, IndexScore
from scorer.domain.evaluation import OccupationScore, Undefined
from scorer.statistics import FloatArray

FEWEST = 10
"""Pairs below which there is no correlation to speak of."""

SOC_LENGTH = 7
_WIDTHS = {"pearson": 1.0, "spearman": 1.06}

Key = tuple[str, str, str]


def concordance(scores: Iterable[OccupationScore], index: Iterable[IndexScore]) -> list[Concordance]:
    """Correlate every rater's published scores with every index.

    Args:
        scores: of any rubrics, raters and measures; what is held takes no part.
        index: of any number of indices.

    Returns:
        Pearson and Spearman for each rubric, rater, measure and index, in that order.

    Source: intervals by Fisher's z (Fisher 1921), for Spearman with variance 1.06 / (n - 3) (Fieller, Hartley and
    Pearson 1957).
    """
    ours: defaultdict[Key, dict[str, float]] = defaultdict(dict)
    for one in scores:
        if one.status == "published" and one.score is not None:
            ours[one.rubric, one.rater, one.measure][one.occupation_code] = one.score
    theirs: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for score in index:
        theirs[score.index_name][score.occupation_code] = score.score
    return [
        row
        for key, own in sorted(ours.items())
        for name, others in sorted(theirs.items())
        for row in _rows(key, own, name, others)
    ]


def _rows(key: Key, own: Mapping[str, float], name: str, others: Mapping[str, float]) -> Iterator[Concordance]:
    by_soc = all(len(code) == SOC_LENGTH for code in others)
    mine = _by_soc(own) if by_soc else own
    codes = sorted(mine.keys() & others.keys())
    first, second = (np.array([side[code] for code in codes]) for side in (mine, others))
    rubric, rater, measure = key
    for metric, columns in {"pearson": (first, second), "spearman": (_ranks(first), _ranks(second))}.items():
        value, low, high, reason = _correlation(*columns, _WIDTHS[metric])
        yield Concordance(
            index_name=name,
            rubric=rubric,
            rater=rater,
            measure=measure,
            metric=metric,
            value=value,
            ci_low=low,
            ci_high=high,
            n=len(codes),
            n_index=len(others),
            n_ours=len(own),
            joined_by="soc" if by_soc else "onet",
            reason_undefined=reason,
        )


def _by_soc(scores: Mapping[str, float]) -> dict[str, float]:
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for code, score in scores.items():
        groups[code[:SOC_LENGTH]].append(score)
    return {code: sum(some) / len(some) for code, some in groups.items()}


def _ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, ties sharing their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], dtype=np.float64)


def _correlation(
    first: FloatArray, second: FloatArray, width: float
) -> tuple[float | None, float | None, float | None, str | None]:
    """Value and both ends of the 95 % interval, or why there is none."""
    n = len(first)
    if n < FEWEST:
        return None, None, None, Undefined.TOO_FEW.value
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None, None, None, Undefined.NO_VARIATION.value
    r = float(np.corrcoef(first, second)[0, 1])
    z, half = math.atanh(max(min(r, 1 - 1e-12), -1 + 1e-12)), 1.959964 * math.sqrt(width / (n - 3))
    return r, math.tanh(z - half), math.tanh(z + half), None
