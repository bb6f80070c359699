"""What is missing: the Cells of a selection that have no answer yet, and why each one is asked.

An answer of any kind (a refusal, a truncated text, a category off the scale) is an answer: it is asked again only on
request. A Cell whose attempts were all used up without an answer (`failed`) is missing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from scorer.domain.rating import Cell, Status


class Reason(StrEnum):
    """Why a Cell is asked."""

    NEW = "new"
    FAILED_BEFORE = "failed before"


class PlanLine(NamedTuple):
    """How many Cells of one rater, rubric and variant are missing for one reason."""

    rater: str
    rubric: str
    variant: str
    reason: Reason
    cells: int


class Plan(NamedTuple):
    """The Cells still missing.

    Attributes:
        missing: in the order of asking.
        lines: their counts by rater, rubric, variant and reason.
        present: how many Cells of the selection have an answer already.
    """

    missing: tuple[Cell, ...]
    lines: tuple[PlanLine, ...]
    present: int


def make_plan(asked: Iterable[Cell], known: Mapping[str, Status]) -> Plan:
    """What is missing of the Cells that are asked for.

    Args:
        asked: every Cell of the selection; the same Cell named twice is asked once.
        known: the status of the latest rating by Cell hash.
    """
    missing: dict[str, Cell] = {}
    present: set[str] = set()
    counts: Counter[tuple[str, str, str, Reason]] = Counter()
    for cell in asked:
        digest = cell.cell_hash
        reason = reason_to_ask(known.get(digest))
        if reason is None:
            present.add(digest)
        elif digest not in missing:
            missing[digest] = cell
            counts[cell.rater, cell.rubric, cell.variant, reason] += 1
    lines = tuple(PlanLine(*key, count) for key, count in counts.items())
    return Plan(tuple(missing.values()), lines, len(present))


def reason_to_ask(status: Status | None) -> Reason | None:
    """Why a Cell with this latest status is asked; None where it has its answer."""
    if status is None:
        return Reason.NEW
    return Reason.FAILED_BEFORE if status is Status.FAILED else None
