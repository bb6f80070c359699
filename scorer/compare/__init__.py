"""Comparison: two sides of the same occupations; what moved, by how much of what, and what is only noise.

It refuses to explain what nobody rated: a change is split over the tasks that have a score under every combination of
the two sides' raters, rubrics and texts, and the rest is told as a change of the tasks themselves.
"""

from scorer.compare.comparison import Comparison, Move, check_comparable, compare
from scorer.compare.concordance import concordance
from scorer.compare.feed import Entry, atom
from scorer.compare.noise import Asking, Drift, Noise, noise_of
from scorer.compare.page import by_group, comparison_body, comparison_page, digest
from scorer.compare.side import Answers, Side, SideTask, TaskAnswer

__all__ = [
    "Answers",
    "Asking",
    "Comparison",
    "Drift",
    "Entry",
    "Move",
    "Noise",
    "Side",
    "SideTask",
    "TaskAnswer",
    "atom",
    "by_group",
    "check_comparable",
    "compare",
    "comparison_body",
    "comparison_page",
    "concordance",
    "digest",
    "noise_of",
]
