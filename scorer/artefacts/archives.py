"""Archives that nobody pins: fetched once from an official address or a mirror, and known by their sha256 from then on.

The first download is trusted for its address (https) and for being a whole zip archive; its sha256 is written beside
it, and an archive whose bytes are no longer those is fetched anew. What broke off is kept and gone on from.
"""

import hashlib
import zipfile
from pathlib import Path
from typing import NamedTuple

import filelock

from scorer.artefacts.download import download, offered_size
from scorer.artefacts.registry import HttpsSource
from scorer.artefacts.source import Report, SourceError, megabytes, printable
from scorer.errors import ArtefactError

MAX_BYTES = 2**29
"""Several times the largest archive of O*NET."""

ADVICE = (
    "behind a proxy set HTTPS_PROXY; a mirror is named with --base-url; without a network, bring the archive here by "
    "hand and import it"
)


class Archive(NamedTuple):
    """A zip archive in the cache. `address`: where it came from, without credentials."""

    path: Path
    sha256: str
    address: str


def fetch_archive(base_url: str, name: str, directory: Path, report: Report) -> Archive:
    """Have an archive here: as it was fetched before, else from `base_url`.

    Args:
        base_url: the folder it stands in: https, or http on this machine.
        name: its file name.
        directory: where it is kept, beside `NAME.sha256`.
        report: told one line for each thing worth knowing.

    Raises:
        ArtefactError: the address is none, is not reachable, does not have it, breaks off or gives something else;
            says what to do.
    """
    address = f"{base_url.rstrip('/')}/{name}"
    try:
        HttpsSource(url=address)
    except ValueError:
        raise ArtefactError(f"{printable(address)}: an address must begin with https://") from None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(directory / f"{name}.lock"):
            return _known(directory / name, report) or _fetched(address, directory / name, report)
    except SourceError as failed:
        raise ArtefactError(f"{printable(address)} {failed}; {ADVICE}") from failed
    except OSError as broken:
        raise ArtefactError(f"{broken.filename or directory}: {broken.strerror}; make it writable") from broken


def _known(path: Path, report: Report) -> Archive | None:
    """What was fetched before, where its bytes are still the same."""
    record = _record(path)
    if not (path.is_file() and record.is_file()):
        return None
    sha256, _, address = record.read_text(encoding="utf-8").strip().partition("  ")
    if _hash(path) != sha256:
        report(f"{path.name}: damaged in the cache (another sha256 than when it was fetched); fetched anew")
        path.unlink()
        return None
    report(f"{path.name}: here already, sha256 {sha256}")
    return Archive(path, sha256, address)


def _fetched(address: str, path: Path, report: Report) -> Archive:
    part = path.with_name(f"{path.name}.part")
    begun = part.stat().st_size if part.exists() else 0
    report(f"{path.name}: from {printable(address)}" + (f", going on after {megabytes(begun)}" if begun else ""))
    size = offered_size(address)
    if size > MAX_BYTES:
        raise SourceError(f"offers {megabytes(size)}, more than any archive of this kind has")
    download(address, part, size, report)
    if not zipfile.is_zipfile(part):
        part.unlink()
        raise SourceError("gives something that is no zip archive (the login page of a proxy?); nothing was kept")
    archive = Archive(path, _hash(part), printable(address))
    _record(path).write_text(f"{archive.sha256}  {archive.address}\n", encoding="utf-8")
    part.replace(path)
    report(f"{path.name}: {megabytes(path.stat().st_size)}, sha256 {archive.sha256}")
    return archive


def forget(archive: Archive) -> None:
    """Remove an archive that turned out to be damaged, so that the next fetch starts anew."""
    archive.path.unlink(missing_ok=True)
    _record(archive.path).unlink(missing_ok=True)


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
