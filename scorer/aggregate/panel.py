"""Who may speak: what the gate's Verdicts mean for a rater, and which raters make the panel.

Refuses to decide anything itself: the gate (eval) decides, and no Verdict means HOLD.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scorer.aggregate.columns import Column
from scorer.aggregate.combination import combine
from scorer.domain.evaluation import Decision, Verdict
from scorer.domain.panel import EVERYWHERE, panel_members, raters_that_passed
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray

NO_VERDICT = "no verdict"
HELD = "held by the gate"


class Standing:
    """The Verdicts on one rubric, asked by rater and SOC major group.

    A rater passes where at least one label set passed it as a whole: a set with too little evidence does not undo
    that (the same rule makes the panel that the gate judges). A group held by any label set is held.

    Args:
        verdicts: of any rubrics; one per rater, rubric, label set and level.
        rubric: the rubric asked about, `coverage@1`.
    """

    def __init__(self, verdicts: Iterable[Verdict], rubric: str) -> None:
        self._by_rater: defaultdict[str, list[Verdict]] = defaultdict(list)
        for verdict in sorted((v for v in verdicts if v.rubric == rubric), key=lambda v: (v.label_set, v.level)):
            self._by_rater[verdict.rater].append(verdict)

    def passes(self, rater: str) -> bool:
        """Whether the rater passed as a whole."""
        return any(verdict.decision is Decision.PASS for verdict in self._at(rater, EVERYWHERE))

    def evidence(self, rater: str) -> tuple[str, ...]:
        """On which labels and by which policy the rater passed: what a reader of its numbers must know."""
        passed = (v for v in self._at(rater, EVERYWHERE) if v.decision is Decision.PASS)
        return tuple(f"passed on `{verdict.label_set}` by policy `{verdict.policy}`" for verdict in passed)

    def hold_reasons(self, rater: str, major_group: str) -> tuple[str, ...]:
        """Why this rater's numbers are held in a SOC major group; empty where they are not."""
        level = f"soc:{major_group}"
        of_group = (f"{level}: {reason}" for reason in self._reasons(rater, level))
        if self.passes(rater):
            return tuple(of_group)
        return (*(self._reasons(rater, EVERYWHERE) or (NO_VERDICT,)), *of_group)

    def _at(self, rater: str, level: str) -> list[Verdict]:
        return [verdict for verdict in self._by_rater.get(rater, ()) if verdict.level == level]

    def _reasons(self, rater: str, level: str) -> tuple[str, ...]:
        """The reasons of every HOLD, with the label set where there are several."""
        held = [verdict for verdict in self._at(rater, level) if verdict.decision is Decision.HOLD]
        pairs = [(verdict.label_set, reason) for verdict in held for reason in verdict.reasons or (HELD,)]
        return tuple(f"{label_set}: {reason}" if len(held) > 1 else reason for label_set, reason in pairs)


def seats(
    raters: Collection[str], verdicts: Iterable[Verdict], rubric: str, wanted: Collection[str] = ()
) -> tuple[str, ...]:
    """The panel on a rubric among the raters that have TaskScores.

    Args:
        raters: who has TaskScores.
        verdicts: of any rubrics.
        rubric: `coverage@1`.
        wanted: the configured panel; all raters where empty.
    """
    passed = raters_that_passed(verdict for verdict in verdicts if verdict.rubric == rubric)
    return panel_members(passed & set(raters), wanted)


class PanelColumn(NamedTuple):
    """The panel along the census.

    Attributes:
        scores: its numbers, shape (tasks,), NaN where there is none.
        matrix: its members' numbers, shape (tasks, members).
        attempted: whether any member was asked, shape (tasks,).
        remarks: what to know about how the numbers came about.
    """

    scores: FloatArray
    matrix: FloatArray
    attempted: NDArray[np.bool_]
    remarks: tuple[str, ...]


def panel_column(
    columns: Mapping[str, Mapping[str, Column]], members: Sequence[str], rubric: Rubric, measure: str, how: str
) -> PanelColumn:
    """Combine the members (at least one) in a measure.

    Args:
        columns: of every rater, by measure, then rater.
        members: of the panel.
        rubric: gives the categories and the primary measure.
        measure: in which the panel's numbers are wanted.
        how: one of `REDUCTIONS`.

    Raises:
        ConfigurationError: no such reducer.
    """
    matrix, primary = (
        np.column_stack([columns[one][rater].scores for rater in members]) for one in (measure, rubric.primary)
    )
    attempted = np.logical_or.reduce([columns[measure][rater].attempted for rater in members])
    combined = combine(matrix, primary, rubric, measure, how)
    return PanelColumn(combined.scores, matrix, attempted, combined.remarks)
