"""A comparison for people: one self-contained page, and a Markdown digest to mail or post."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scorer.compare.comparison import PARTS, Comparison, Move
from scorer.pages import Dot, before_after, interval, number, page_environment

MOST = 50
"""Occupations that a page shows; the JSON has all."""


class GroupMove(NamedTuple):
    """How the occupations of a SOC major group moved on average: n of them, `movers` of which by more than noise."""

    major_group: str
    n: int
    change: float
    movers: int


def comparison_page(comparison: Comparison, titles: Mapping[str, str], attribution: str) -> str:
    """One HTML page that needs nothing else.

    Args:
        comparison: what moved.
        titles: of occupations by code.
        attribution: credit lines of both sides.
    """
    template = page_environment("scorer.compare").get_template("comparison.html")
    return template.render(
        _shown(comparison, titles), scatter=_scatter(comparison), attribution=attribution, pages=None
    )


def comparison_body(comparison: Comparison, titles: Mapping[str, str], pages: str) -> Markup:
    """The same without the page around it, for a page that has its own.

    Args:
        comparison: what moved.
        titles: of occupations by code.
        pages: address of the page of an occupation, up to its code.
    """
    template = page_environment("scorer.compare").get_template("comparison_body.html")
    shown = _shown(comparison, titles)
    return Markup(template.render(shown, scatter=_scatter(comparison), pages=pages))  # noqa: S704 - rendered with escaping


def digest(comparison: Comparison, titles: Mapping[str, str], attribution: str) -> str:
    """The same in short, as Markdown."""
    return _markdown().get_template("digest.md").render(_shown(comparison, titles), attribution=attribution)


def by_group(comparison: Comparison) -> list[GroupMove]:
    """Mean moves by SOC major group, in the order of the groups; each occupation counts once."""
    groups: defaultdict[str, list[Move]] = defaultdict(list)
    for move in comparison.moves:
        groups[move.occupation_code[:2]].append(move)
    return [
        GroupMove(group, len(moves), float(np.mean([m.change for m in moves])), sum(m.is_mover for m in moves))
        for group, moves in sorted(groups.items())
    ]


def _shown(comparison: Comparison, titles: Mapping[str, str]) -> dict[str, object]:
    largest = max((abs(move.change) for move in comparison.moves), default=0.0)
    return {
        "comparison": comparison,
        "titles": titles,
        "shown": comparison.moves[:MOST],
        "parts": [part for part in PARTS if part in comparison.factors or part == "tasks"],
        "groups": by_group(comparison),
        "largest": largest or 1.0,
    }


def _scatter(comparison: Comparison) -> Markup | None:
    """Every occupation's number on one side over that on the other; None where none could be compared."""
    if not comparison.moves:
        return None
    dots = [Dot(move.first, move.second) for move in comparison.moves]
    beyond = [move.is_mover if move.reason is None else None for move in comparison.moves]
    return before_after(dots, beyond, comparison.first.name, comparison.second.name)


@cache
def _markdown() -> Environment:
    environment = Environment(  # noqa: S701 - Markdown; what comes from outside passes `plain`
        loader=PackageLoader("scorer.compare"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"number": number, "interval": interval, "plain": _plain}
    return environment


def _plain(text: str) -> str:
    """Text from outside on one line of Markdown, with nothing that Markdown or HTML would read."""
    shown = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|~" else char for char in shown if char.isprintable())
