"""What a pull will fetch, told before it begins: how large it is, and what is left out because of its terms."""

from collections.abc import Sequence
from typing import NamedTuple

from scorer.artefacts import Artefact, ArtefactCache, ArtefactState


class Pull(NamedTuple):
    """The artefacts to pull, and what to say first."""

    names: tuple[str, ...]
    told: tuple[str, ...]


def to_pull(cache: ArtefactCache, names: Sequence[str]) -> Pull:
    """The artefacts of these names; without names all that have no terms of their own.

    Raises:
        ArtefactError: a name is unknown.
    """
    wanted = names or [one.name for one in cache.artefacts.values() if not one.terms]
    states = {name: cache.state(name) for name in wanted}
    absent = [cache.artefacts[name] for name, state in states.items() if state is not ArtefactState.PRESENT]
    told = [_left_out(one) for one in cache.artefacts.values() if one.terms and not names]
    if absent:
        told.insert(0, _size(absent))
    return Pull(tuple(wanted), tuple(told))


def _size(absent: Sequence[Artefact]) -> str:
    parts = ", ".join(f"{one.name} {f'{one.size / 1e6:,.0f} MB' if one.size else 'of unknown size'}" for one in absent)
    whole = sum(one.size or 0 for one in absent)
    return f"to fetch: {whole / 1e6:,.0f} MB ({parts}); what is interrupted goes on where it stopped"


def _left_out(one: Artefact) -> str:
    return f"left out: {one.name}, which has terms of its own ({one.terms}): name it with --accept-terms to pull it"
