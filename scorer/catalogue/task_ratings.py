"""The task ratings of one release, gathered row by row: importance, relevance and frequency of each task.

O*NET prints nine rows a task: IM (mean 1 to 5), RT (percent of incumbents, 0 to 100) and FT (percent of incumbents in
each of seven frequency categories). A low precision flag (Recommend Suppress) does not change a value: it is counted.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

from scorer.catalogue.tables import some

RANGES = {"IM": (1.0, 5.0), "RT": (0.0, 100.0), "FT": (0.0, 100.0)}
MEANS = {"IM": "importance", "RT": "relevance"}
CATEGORIES = frozenset("1234567")
Key = TypeVar("Key", int, str)

ROUNDING = 1.0
"""How far from 100 the percents of one task may sum: they are printed with two decimals, so this is generous."""


def expected_frequency(percents: Mapping[int, float]) -> float | None:
    """Expected frequency category of a task.

    Args:
        percents: share of incumbents, in percent, by category: 1 yearly or less, 2 more than yearly, 3 more than
            monthly, 4 more than weekly, 5 daily, 6 several times daily, 7 hourly or more.

    Returns:
        sum(category * percent) / sum(percent), from 1 to 7, to four decimals. It is the mean of an ordinal code,
        not a number of times. None where the percents do not sum to 100 (a category is missing): a mean over what is
        left would be another quantity.
    """
    total = math.fsum(percents.values())
    if abs(total - 100) > ROUNDING:
        return None
    return round(math.fsum(category * percent for category, percent in percents.items()) / total, 4)


class TaskRatings:
    """Ratings of the tasks of one release.

    Args:
        codes: occupation code of each known task, by task id.

    Attributes:
        suppressed: rows that O*NET recommends to suppress; they are used all the same.
    """

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.suppressed = 0
        self._codes = codes
        self._means: dict[str, dict[str, float | None]] = defaultdict(dict)
        self._percents: dict[str, dict[int, float | None]] = defaultdict(dict)

    def add(self, task_id: str, code: str, scale: str, category: str | None, value: float | None) -> None:
        """Takes one row; ValueError where it contradicts the statements, the scale or an earlier row."""
        self._check(task_id, code, scale, value)
        if scale in MEANS:
            _put(self._means[task_id], MEANS[scale], value)
        elif category in CATEGORIES:
            _put(self._percents[task_id], int(str(category)), value)
        else:
            raise ValueError(f"FT category `{category}` is none of 1 to 7")

    def _check(self, task_id: str, code: str, scale: str, value: float | None) -> None:
        if self._codes.get(task_id) != code:
            raise ValueError(f"task `{task_id}` of occupation `{code}` is not among the task statements")
        if scale not in RANGES:
            raise ValueError(f"Scale ID `{scale}` is none of {', '.join(RANGES)}")
        low, high = RANGES[scale]
        if value is not None and not low <= value <= high:
            raise ValueError(f"{scale} {value:g} is not within {low:g} to {high:g}")

    def of(self, task_id: str) -> dict[str, float | None]:
        """`importance`, `relevance` and `frequency` of a task, so far as they are printed."""
        return {**self._means.get(task_id, {}), "frequency": expected_frequency(self._printed(task_id))}

    def _printed(self, task_id: str) -> dict[int, float]:
        percents = self._percents.get(task_id, {})
        return {category: percent for category, percent in percents.items() if percent is not None}

    def summary(self, file: str) -> list[str]:
        """What a reader should know, one line each: how many tasks have which rating, what was flagged or left out."""
        ratings = {task_id: self.of(task_id) for task_id in self._codes}
        names = (*MEANS.values(), "frequency")
        counts = {name: sum(row.get(name) is not None for row in ratings.values()) for name in names}
        told = ", ".join(f"{name} for {count:,}" for name, count in counts.items())
        lines = [f"{file}: {told} of {len(ratings):,} tasks"]
        if self.suppressed:
            lines.append(f"{file}: {self.suppressed:,} row(s) that O*NET recommends to suppress are kept")
        partial = [
            task_id for task_id in self._percents if self._printed(task_id) and not ratings[task_id]["frequency"]
        ]
        if partial:
            lines.append(f"{file}: no frequency where FT percents do not sum to 100, {len(partial):,}: {some(partial)}")
        return lines


def _put(row: dict[Key, float | None], key: Key, value: float | None) -> None:
    if key in row:
        raise ValueError("the same rating is there already")
    row[key] = value
