"""Add occupations that O*NET does not have, and list them."""

from collections.abc import Sequence
from typing import NamedTuple

from scorer.catalogue import read_custom
from scorer.domain.catalogue import CustomOccupation, ReleaseKind
from scorer.workflows.workspace.bench import Bench


class AddedOccupation(NamedTuple):
    """What was added.

    Attributes:
        is_new: False where this text is the current one of its code already.
        unknown: nearest codes that no O*NET release here has; with another release they may come to stand in.
    """

    custom: CustomOccupation
    is_new: bool
    unknown: Sequence[str]


class CustomLine(NamedTuple):
    """One custom occupation as it is current here. `version`: the catalogue release that holds its text."""

    occupation_code: str
    title: str
    tasks: int
    nearest: Sequence[str]
    version: str


def add_occupations(bench: Bench, source: str) -> list[AddedOccupation]:
    """Add the occupations of a file; all of them, or none where something is wrong.

    Raises:
        CatalogueError: one line for each fault in the file, with its place.
    """
    read = read_custom(source)
    store = bench.store
    with store.held():
        known = _onet_codes(bench)
        return [
            AddedOccupation(one, store.catalogue.add_custom(one), [code for code in one.nearest if code not in known])
            for one in read
        ]


def custom_occupations(bench: Bench) -> list[CustomLine]:
    """The custom occupations of the workspace."""
    store = bench.store
    with store.held():
        found = [(name, store.catalogue.load(name), store.catalogue.nearest(name)) for name in _names(bench)]
    return [
        CustomLine(one.occupations[0].occupation_code, one.occupations[0].title, len(one.tasks), nearest, name)
        for name, one, nearest in found
    ]


def _names(bench: Bench) -> Sequence[str]:
    return list(bench.store.catalogue.custom().values())


def _onet_codes(bench: Bench) -> frozenset[str]:
    store = bench.store
    names = [s.name for s in store.catalogue.summaries() if s.kind is ReleaseKind.ONET]
    return frozenset(one.occupation_code for name in names for one in store.catalogue.titles(name))
