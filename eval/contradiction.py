"""Whether a rationale says the opposite of its category: by phrases that a plain file lists, or by another's name."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scorer.domain.rubric import Rubric

LOW, HIGH = 0.25, 0.75
"""Places on the scale, 0 to 1, up to which a category says little and from which it says much."""
BEFORE = 40
"""Characters before a phrase in which a denial is looked for."""


class _Cues(NamedTuple):
    reversed: frozenset[str]
    little: re.Pattern[str]
    much: re.Pattern[str]
    denial: re.Pattern[str]
    named_number: re.Pattern[str]


@cache
def _cues() -> _Cues:
    told = tomllib.loads((files("eval") / "rationale_cues.toml").read_text("utf-8"))
    little, much = (re.compile("|".join(told[name]), re.IGNORECASE) for name in ("little", "much"))
    denial, number = (re.compile(told[name], re.IGNORECASE) for name in ("denial", "named_number"))
    return _Cues(frozenset(told["reversed"]), little, much, denial, number)


def contradiction(rubric: Rubric, category: str, rationale: str) -> str | None:
    """What is contradictory, in a few words; None where nothing is seen.

    Args:
        rubric: where the category stands on its scale.
        category: one of the scale.
        rationale: given for it.
    """
    if other := _another(rubric, category, rationale):
        return f"names category {other}, gives {category}"
    cues, place = _cues(), _place(rubric, category)
    little = _says(cues.little, rationale, cues.denial)
    much = _says(cues.much, rationale, cues.denial)
    if place >= HIGH and little and not much:
        return f"says that AI does little, gives {category}"
    if place <= LOW and much and not little:
        return f"says that AI does it all, gives {category}"
    return None


def _place(rubric: Rubric, category: str) -> float:
    """Where on the scale a category stands, from 0 (people do it) to 1 (AI does)."""
    lowest = min(one.number for one in rubric.categories)
    place = (rubric.number(category) - lowest) / rubric.span if rubric.span else 0.5
    return 1 - place if rubric.name in _cues().reversed else place


def _says(cue: re.Pattern[str], rationale: str, denial: re.Pattern[str]) -> bool:
    return any(
        not denial.search(rationale[max(one.start() - BEFORE, 0) : one.start()]) for one in cue.finditer(rationale)
    )


def _another(rubric: Rubric, category: str, rationale: str) -> str | None:
    """Another category that the rationale names as its answer, where it does not name its own."""
    if all(value.isdigit() for value in rubric.values):
        named = _cues().named_number.findall(rationale)
    else:
        named = re.findall(rf"\b(?:{'|'.join(map(re.escape, rubric.values))})\b", rationale)
    others = [value for value in named if value in rubric.values]
    return others[0] if others and category not in others else None
