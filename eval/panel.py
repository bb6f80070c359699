"""The panel: the raters that passed, as one column that is judged like a rater.

Its answer about a task is the consensus of its members' numbers, moved to the nearest category of the scale so that the
same coefficients apply (Dawid and Skene's is a category already); halfway between two it counts half for each, since
moving all to one side would make a bias that no member has. Refuses to hold a rater together with its calibrated self.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.columns import BoolArray, Column
from scorer.domain.panel import PANEL
from scorer.domain.rubric import Rubric
from scorer.statistics import FloatArray, dawid_skene, reduce


@dataclass(frozen=True)
class PanelRequest:
    """Which raters may sit on the panel (any that passed, where none are named), and how they are reduced."""

    raters: tuple[str, ...] = ()
    reduce: str = "mean"


def panel_column(rubric: Rubric, members: Sequence[Column], how: str) -> Column:
    """The members as one column; a task on which they are known to have rated different texts is left out."""
    answered = np.stack([m.answered for m in members], axis=1)
    text, at_odds = _common_text(members)
    said = answered.any(axis=1) & ~at_odds
    return Column(
        PANEL,
        shares=_nearest(rubric, members, answered, how) * said[:, None],
        texts=text,
        weights=np.ones(len(said)),
        asked=np.any([m.asked for m in members], axis=0) & ~at_odds,
        unusable=np.any([m.unusable for m in members], axis=0) & ~answered.any(axis=1),
    )


def _common_text(members: Sequence[Column]) -> tuple[npt.NDArray[np.str_], BoolArray]:
    """The text that the answering members rated, "" where nobody's is known; and where two rated different ones."""
    text = np.zeros_like(members[0].texts)
    at_odds = np.zeros(len(text), dtype=np.bool_)
    for member in members:
        known = np.where(member.answered, member.texts, "")
        at_odds |= (known != "") & (text != "") & (known != text)
        text = np.where(text == "", known, text)
    return text, at_odds


def _nearest(rubric: Rubric, members: Sequence[Column], answered: BoolArray, how: str) -> FloatArray:
    """Shares of the nearest categories (n, k); distances are rounded so that halfway is halfway in any arithmetic."""
    numbers = np.array([rubric.number(value) for value in rubric.ordered_values])
    matrix = np.stack([m.shares @ numbers for m in members], axis=1)
    if how == "dawid-skene":
        category = dawid_skene(np.stack([m.shares for m in members], axis=1)).category
        consensus = numbers[np.nan_to_num(category).astype(np.intp)]
    else:
        consensus = reduce(np.where(answered, matrix, np.nan), how)
    distance = np.abs(np.nan_to_num(consensus)[:, None] - numbers).round(9)
    nearest = distance == distance.min(axis=1, keepdims=True)
    return np.asarray(nearest / nearest.sum(axis=1, keepdims=True))
