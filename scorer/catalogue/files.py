"""The text files of one O*NET release, wherever they lie: in a directory, in one folder below it, or in a zip.

Files are found by base name, so a folder inside the archive (`db_30_1_text/`) changes nothing and no path from an
archive is ever written to. Refused: what is neither directory nor zip, damaged archives, files too large to be true.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from scorer.errors import CatalogueError

MAX_BYTES = 256 * 2**20
"""Far more than any file of a release: what claims more is damaged or a zip bomb."""

RELEASE_FOLDER = re.compile(r"(?:onet|db)[_-](\d+)[_.](\d+)(?:_text)?", re.IGNORECASE)
RELEASE = re.compile(r"\d+\.\d+")
# RuntimeError: encrypted, or an unknown method; ValueError: names or offsets that make no sense
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True)
class FileNames:
    """What the files of a release are called."""

    occupations: str = "Occupation Data.txt"
    statements: str = "Task Statements.txt"
    ratings: str = "Task Ratings.txt"
    job_zones: str = "Job Zones.txt"


NAMES: tuple[tuple[tuple[int, int], FileNames], ...] = (((0, 0), FileNames()),)
"""From which release on the files are called what; ascending. O*NET renames files between releases."""


def file_names(release: str) -> FileNames:
    """The names that hold for a release, such as `30.1`."""
    major, minor = (int(part) for part in release.split("."))
    return [names for since, names in NAMES if since <= (major, minor)][-1]


@dataclass(frozen=True)
class Member:
    """One file: the folder it stands in, its size in bytes, and how to open it."""

    folder: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class TextFiles:
    """The `.txt` files of one place, by base name."""

    place: Path
    members: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def rows(self, name: str, purpose: str) -> Iterator[tuple[int, list[str]]]:
        """Line number and tab-separated cells, unquoted: a `"` is a character like any other.

        Raises:
            CatalogueError: the file is missing (said to be the missing `purpose`), ambiguous, too large or damaged.
        """
        member = self._one(name, purpose)
        try:
            with member.open() as lines:
                for number, line in enumerate(lines, start=1):
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace")
                    yield number, text.rstrip("\r\n").split("\t")
        except DAMAGED as error:
            raise CatalogueError(f"{self.place}: `{name}` cannot be read ({error}); get it anew") from error

    def _one(self, name: str, purpose: str) -> Member:
        if name not in self:
            found = ", ".join(f"`{known}`" for known in sorted(self.members)) or "no text file"
            raise CatalogueError(
                f"{self.place}: missing {purpose}: `{name}` is not there; found {found}; "
                "give the directory or zip of official text files"
            )
        first, *others = self.members[name]
        if others:
            folders = " and ".join(f"`{member.folder}`" for member in (first, *others))
            raise CatalogueError(f"{self.place}: `{name}` stands in {folders}; give the path of one release")
        if first.size > MAX_BYTES:
            raise CatalogueError(
                f"{self.place}: `{name}` says it has {first.size:,} bytes; no O*NET file is that large"
            )
        return first

    def release_name(self, stated: str | None) -> str:
        """The release: as stated, else as the path or a folder in it is called.

        Raises:
            CatalogueError: what is stated is no release number, or nothing tells the release.
        """
        if stated is not None:
            if not RELEASE.fullmatch(stated):
                raise CatalogueError(f"release `{stated}` is not a number such as 30.1")
            return stated
        if not self.members:
            raise CatalogueError(
                f"{self.place}: no text file is there; give the directory or zip of official text files"
            )
        folders = [member.folder for same_name in self.members.values() for member in same_name]
        for clue in (self.place.name, self.place.stem, *folders):
            if match := RELEASE_FOLDER.fullmatch(clue):
                return f"{match[1]}.{match[2]}"
        raise CatalogueError(
            f"{self.place}: the name does not tell the release (as db_30_1_text would); say it: --release 30.1"
        )


@contextmanager
def open_text_files(path: Path) -> Iterator[TextFiles]:
    """The text files below a directory, or in a zip archive that stays open meanwhile.

    Raises:
        CatalogueError: there is nothing, or it is neither.
    """
    place = path.resolve()
    if place.is_dir():
        yield _of_directory(place)
    elif not place.exists():
        raise CatalogueError(f"{path}: not found; give the directory or zip of official O*NET text files")
    elif not zipfile.is_zipfile(place):
        raise CatalogueError(f"{path}: neither a directory nor a whole zip archive; if it is a download, get it anew")
    else:
        try:
            archive = zipfile.ZipFile(place)
        except DAMAGED as error:
            raise CatalogueError(f"{path}: damaged zip archive ({error}); get it anew") from error
        with archive:
            yield _of_archive(place, archive)


def _of_directory(place: Path) -> TextFiles:
    files = TextFiles(place)
    for path in sorted(place.glob("*.txt")) or sorted(place.glob("*/*.txt")):
        files.members[path.name].append(Member(path.parent.name, path.stat().st_size, partial(_open_bytes, path)))
    return files


def _of_archive(place: Path, archive: zipfile.ZipFile) -> TextFiles:
    files = TextFiles(place)
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        if path.suffix == ".txt" and not member.is_dir() and "__MACOSX" not in path.parts:
            files.members[path.name].append(Member(path.parent.name, member.file_size, partial(archive.open, member)))
    return files


def _open_bytes(path: Path) -> IO[bytes]:
    return path.open("rb")
