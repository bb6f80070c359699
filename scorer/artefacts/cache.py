"""The cache: pinned files on this machine, verified at every use.

A file counts as present only when its bytes have the pinned hash. It is written beside and moved into place, under a
lock, so that neither an interruption nor a second process leaves anything that looks whole and is not.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import filelock
import platformdirs

from scorer.artefacts.fetch import fetch, fetch_from, wrongness
from scorer.artefacts.registry import Artefact, registry
from scorer.artefacts.source import Report, silent
from scorer.domain.names import hint
from scorer.errors import ArtefactError

APPLICATION = "onet-ai-coverage"
CACHE_VARIABLE = "SCORER_CACHE"


class ArtefactState(StrEnum):
    """What the cache holds of an artefact."""

    ABSENT = "absent"
    PARTIAL = "partial"
    PRESENT = "present"
    DAMAGED = "damaged"


class ArtefactCache:
    """Artefacts in a directory, one folder each.

    Args:
        directory: where they are; None: `SCORER_CACHE`, else the user's cache directory.
        artefacts: what can be asked for; None: the registry of the package.
    """

    def __init__(self, directory: Path | None = None, artefacts: Mapping[str, Artefact] | None = None) -> None:
        self.directory = directory or _default_directory()
        self.artefacts = dict(registry() if artefacts is None else artefacts)

    def state(self, name: str) -> ArtefactState:
        """Absent, partial, present or damaged; hashes the file (100 MB take about 0.1 to 0.3 s)."""
        artefact = self._artefact(name)
        final = self._final(artefact)
        if final.is_file():
            return ArtefactState.DAMAGED if wrongness(final, artefact) else ArtefactState.PRESENT
        return ArtefactState.PARTIAL if any(final.parent.glob("*.part")) else ArtefactState.ABSENT

    def path(self, name: str) -> Path | None:
        """The file, verified now; None where it is absent, partial or damaged."""
        return self._final(self._artefact(name)) if self.verify(name) else None

    def verify(self, name: str) -> bool:
        """Whether the file is here and has the pinned bytes."""
        return self.state(name) is ArtefactState.PRESENT

    def require(self, name: str) -> Path:
        """The file, verified now.

        Raises:
            ArtefactError: it is not here or damaged; says how to get it.
        """
        artefact = self._artefact(name)
        state = self.state(name)
        final = self._final(artefact)
        if state is ArtefactState.PRESENT:
            return final
        why = f"is damaged ({wrongness(final, artefact)})" if state is ArtefactState.DAMAGED else f"is {state}"
        raise ArtefactError(f"artefact `{name}` {why} in {final.parent}; run `scorer artefacts pull {name}`")

    def pull(
        self, name: str, from_dir: Path | None = None, report: Report = silent, *, accept_terms: bool = False
    ) -> Path:
        """Have the file here: nothing to do where it is present, else the sources in order.

        Args:
            name: an artefact of the registry.
            from_dir: take it from this directory instead, as the file itself or as its wheels; no network is used.
            report: told one line for each thing worth knowing.
            accept_terms: the user has read and accepts `Artefact.terms`.

        Raises:
            ArtefactError: unknown name, terms not accepted, no source gave the pinned bytes, no room, no permission.
        """
        if ready := self.path(name):  # a read-only cache is good enough
            return ready
        artefact = self._artefact(name)
        if artefact.terms and not accept_terms:
            raise ArtefactError(
                f"artefact `{name}` has terms of its own: read {artefact.terms}, then add --accept-terms"
            )
        try:
            with self._alone(artefact, report):
                return self._pull(artefact, from_dir, report)
        except OSError as broken:
            what = f"{broken.strerror or broken}: {broken.filename or self.directory}"
            advice = f"make it readable and writable, or set {CACHE_VARIABLE} to another directory"
            raise ArtefactError(f"artefact `{name}`: {what}; {advice}") from broken

    def _pull(self, artefact: Artefact, from_dir: Path | None, report: Report) -> Path:
        final = self._final(artefact)
        state = self.state(artefact.name)  # again: another process may have been quicker
        if state is ArtefactState.DAMAGED:
            report(f"{artefact.name}: damaged in the cache ({wrongness(final, artefact)}); removed")
            final.unlink()
        if state is not ArtefactState.PRESENT:
            if from_dir is None:
                fetch(artefact, final, report)
            else:
                fetch_from(from_dir, artefact, final)
        return final

    def _artefact(self, name: str) -> Artefact:
        if name not in self.artefacts:
            raise ArtefactError(f"unknown artefact `{name}`{hint(name, self.artefacts)}")
        return self.artefacts[name]

    def _final(self, artefact: Artefact) -> Path:
        return self.directory / artefact.name / artefact.file

    @contextlib.contextmanager
    def _alone(self, artefact: Artefact, report: Report) -> Iterator[None]:
        """One process at a time pulls an artefact; the others wait and then find it present."""
        self._final(artefact).parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.directory / f"{artefact.name}.lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            report(f"{artefact.name}: another process is pulling it; waiting")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


def _default_directory() -> Path:
    stated = os.environ.get(CACHE_VARIABLE)
    return Path(stated) if stated else Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False))
