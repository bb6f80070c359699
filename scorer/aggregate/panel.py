"""Who may speak: what the gate's Verdicts mean for a rater, and which raters make the panel.

Refuses to decide anything itself: the gate (eval) decides, and no Verdict means HOLD.
"""

from collections.abc import Iterable, Sequence

from scorer.domain.evaluation import Decision, Verdict

PANEL = "panel"
CALIBRATED = "+cal"
NO_VERDICT = "no verdict"
_EVERYWHERE = "all"


class Standing:
    """The Verdicts on one rubric, asked by rater and SOC major group.

    Every Verdict handed in counts: a rater passes where at least one label set was looked at and none says HOLD. Who
    wants to rest the decision on one label set hands in the Verdicts of that set.

    Args:
        verdicts: of any rubrics; one per rater, rubric, label set and level.
        rubric: the rubric asked about, `coverage@1`.
    """

    def __init__(self, verdicts: Iterable[Verdict], rubric: str) -> None:
        self._passed: set[str] = set()
        self._held: dict[tuple[str, str], tuple[str, ...]] = {}
        for verdict in sorted((v for v in verdicts if v.rubric == rubric), key=lambda v: (v.label_set, v.level)):
            if verdict.decision is Decision.HOLD:
                reasons = verdict.reasons or ("held by the gate",)
                key = verdict.rater, verdict.level
                self._held[key] = tuple(dict.fromkeys(self._held.get(key, ()) + reasons))
            elif verdict.level == _EVERYWHERE:
                self._passed.add(verdict.rater)

    def passes(self, rater: str) -> bool:
        """Whether the rater passed as a whole."""
        return rater in self._passed and (rater, _EVERYWHERE) not in self._held

    def hold_reasons(self, rater: str, major_group: str) -> tuple[str, ...]:
        """Why this rater's numbers are held in a SOC major group; empty where they are not."""
        level = f"soc:{major_group}"
        everywhere = self._held.get((rater, _EVERYWHERE), () if rater in self._passed else (NO_VERDICT,))
        return (*everywhere, *(f"{level}: {reason}" for reason in self._held.get((rater, level), ())))


def panel_members(
    raters: Iterable[str], verdicts: Iterable[Verdict], rubric: str, panel: Sequence[str] = ()
) -> tuple[str, ...]:
    """The raters that make the panel: those that passed, never both X and X+cal (then X+cal), in order of name.

    Args:
        raters: who has TaskScores.
        verdicts: of any rubrics.
        rubric: `coverage@1`.
        panel: the configured panel; all raters where empty.
    """
    standing = Standing(verdicts, rubric)
    candidates = set(raters) & set(panel) if panel else set(raters)
    members: dict[str, str] = {}
    for rater in sorted(candidates - {PANEL}):
        if standing.passes(rater):
            members[rater.split(CALIBRATED)[0]] = rater  # `X+cal` sorts after `X`, so it takes X's seat
    return tuple(sorted(members.values()))
