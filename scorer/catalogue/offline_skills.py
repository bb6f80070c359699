"""Reads the skills of O*NET 26.1 from the offline artefact: importance and level worked out of their mean.

The file is `occ2vec/data/onet_data/prepared/attributes.parquet` of the package occ2vec 0.0.9 (MIT). For each skill of
an occupation it prints the mean of (IM - 1) / 4 and LV / 7. Both are means of eight analysts' whole numbers, hence
eighths printed with two decimals, and few pairs of such prints have a given mean; they lie apart by 1 in IM and 1.75 in
LV, against each other, while over skills IM and LV rise together along a straight line (r = .97, residual sd .30). So
the pair next to that line is taken: all 20,989 rows that release 30.1 still prints unchanged come out as printed there.

The 46 occupations that took over others' ratings print means of other counts. What has a row that fits no pair is
left out whole, since its other rows fit by chance. Technologies, titles, relatives and activities are not there.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from scorer.catalogue.assembly import CODE
from scorer.catalogue.facts import fact_table
from scorer.catalogue.parquet import rows_where
from scorer.catalogue.tables import some
from scorer.domain.catalogue import OnetRelease
from scorer.domain.occupation_facts import FactKind, FactTable, Skill
from scorer.errors import CatalogueError

RELEASE = "26.1"
"""The only release whose prints were held against official ones."""

COLUMNS = (CODE, "Element ID", "Element Name", "Data Value")
EIGHTHS = (0, 12, 25, 38, 50, 62, 75, 88)
"""Hundredths that an eighth is printed as."""

LINE = (1.42, -1.32)
"""LV over skills, as a line of IM: slope and height, fitted on rows that both releases print."""

DENOMINATOR = 5_600
"""A mean times this is 7 (IM - 1) + 4 LV in hundredths: a whole number."""

NEAR = 0.01
WORKED_OUT = "importance and level are worked out of their mean, which is all that this source prints"
NOT_THERE = "skills alone: no technology, everyday title, related occupation or work activity is in this source"

Pair = tuple[float, float]


def read_offline_skills(parquet: Path, release: OnetRelease) -> FactTable:
    """The skills of the occupations of a release.

    Args:
        parquet: the file.
        release: what `read_offline_release` gave for 26.1.

    Raises:
        CatalogueError: another release; the file is missing, not Parquet, of other columns, or has no usable row.
    """
    if release.name != RELEASE:
        raise CatalogueError(f"{parquet}: its skills are read for O*NET {RELEASE} only, not for {release.name}")
    known = {one.occupation_code for one in release.occupations}
    by_code: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(parquet):
        by_code[row[CODE]].append(row)
    found = {code: _skills(rows) for code, rows in by_code.items() if code in known}
    skills = [skill for of_one in found.values() for skill in of_one]
    if not skills:
        raise CatalogueError(f"{parquet}: no usable row of O*NET {RELEASE}; pull the artefact anew")
    notes = [WORKED_OUT, NOT_THERE]
    if without := sorted(known - {code for code, of_one in found.items() if of_one}):
        notes.append(f"no skills of {len(without)} occupation(s), whose prints cannot be worked out: {some(without)}")
    return fact_table(FactKind.SKILLS, f"occ2vec 0.0.9, {parquet.name}", skills, notes)


def _skills(rows: Sequence[Mapping[str, Any]]) -> list[Skill]:
    """The skills of one occupation: all of them, or none."""
    try:
        pairs = [importance_and_level(float(row["Data Value"])) for row in rows]
    except ValueError:
        return []
    return [
        Skill(
            occupation_code=row[CODE],
            element_id=row["Element ID"],
            element=row["Element Name"],
            importance=importance,
            level=level,
        )
        for row, (importance, level) in zip(rows, pairs, strict=True)
    ]


def importance_and_level(mean: float) -> Pair:
    """The prints of IM (1 to 5) and LV (0 to 7) whose places on their scales have this mean, 0 to 1.

    Raises:
        ValueError: there are none.
    """
    whole = round(mean * DENOMINATOR)
    if abs(mean * DENOMINATOR - whole) > NEAR or whole not in _pairs():
        raise ValueError(f"{mean} is no mean of an importance and a level as O*NET prints them")
    return _pairs()[whole]


@lru_cache(maxsize=1)
def _pairs() -> Mapping[int, Pair]:
    """By 7 (IM - 1) + 4 LV in hundredths: the pair nearest to the line."""
    slope, height = LINE
    found: dict[int, Pair] = {}
    for im, lv in product(_prints(1, 5), _prints(0, 7)):
        whole, pair = 7 * (im - 100) + 4 * lv, (im / 100, lv / 100)
        if whole not in found or _off(pair, slope, height) < _off(found[whole], slope, height):
            found[whole] = pair
    return found


def _off(pair: Pair, slope: float, height: float) -> float:
    return abs(pair[1] - slope * pair[0] - height)


def _prints(low: int, high: int) -> list[int]:
    """Every print of a mean of eight whole numbers from `low` to `high`, in hundredths."""
    return [*(100 * whole + eighth for whole in range(low, high) for eighth in EIGHTHS), 100 * high]


def _rows(parquet: Path) -> list[dict[str, Any]]:
    wanted = {"DB": f"db_{RELEASE.replace('.', '_')}", "Category": "skills"}
    return rows_where(parquet, COLUMNS, COLUMNS[:3], wanted)
