"""Who sits on the panel: the one rule that evaluation and aggregation share."""

from collections.abc import Collection, Iterable

from scorer.domain.evaluation import Decision, Verdict

PANEL = "panel"
CALIBRATED = "+cal"
EVERYWHERE = "all"


def raters_that_passed(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """Raters that at least one label set passed as a whole; a set with too little evidence does not undo that."""
    return frozenset(v.rater for v in verdicts if v.level == EVERYWHERE and v.decision is Decision.PASS)


def panel_members(passed: Collection[str], wanted: Collection[str] = ()) -> tuple[str, ...]:
    """The raters of a panel, in order of name: those that passed, never both X and X+cal (then X+cal).

    Args:
        passed: raters that the gate passed.
        wanted: the configured panel; any rater where empty.
    """
    seats = (set(passed) & set(wanted) if wanted else set(passed)) - {PANEL}
    return tuple(sorted(name for name in seats if name + CALIBRATED not in seats))
