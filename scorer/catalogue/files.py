"""The files of one O*NET release, wherever they lie: in a directory, in one folder below it, or in a zip.

Files are found by base name, so a folder inside the archive (`db_30_1_text/`) changes nothing and no path from an
archive is ever written to. A table may be there as text, Excel or SQL; text goes first. Refused: what is neither
directory nor zip, damaged archives, files too large to be true.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from scorer.catalogue import formats
from scorer.catalogue.layout import Layout, layouts, sql_name
from scorer.errors import CatalogueError

RELEASE_FOLDER = re.compile(r"(?:onet|db)[_-](\d+)[_.](\d+)(?:_[a-z]+)?", re.IGNORECASE)
RELEASE = re.compile(r"\d+\.\d+")
# RuntimeError: encrypted, or an unknown method; ValueError: names or offsets that make no sense
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError)
ADVICE = "give the directory or zip of official O*NET files (text, Excel or SQL)"

_READERS = {".txt": formats.text_rows, ".xlsx": formats.excel_rows, ".sql": formats.sql_rows}
_NUMBERED = re.compile(r"(?:\d+_)?(.+)\.sql")


class Member(NamedTuple):
    """One file: its base name, the folder it stands in, its size in bytes, and how to open it."""

    name: str
    folder: str
    size: int
    open: Callable[[], IO[bytes]]

    @property
    def suffix(self) -> str:
        """The form of the file: `.txt`, `.xlsx` or `.sql`."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def table(self) -> str:
        """What the table is called in SQL copies: `03_occupation_data.sql` and `Occupation Data.txt` are the same."""
        numbered = _NUMBERED.fullmatch(self.name.lower())
        return numbered[1] if numbered else sql_name(PurePosixPath(self.name).stem)


@dataclass(frozen=True)
class ReleaseFiles:
    """The files of one place, by the name of their table."""

    place: Path
    members: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))

    def find(self, table: str, release: str) -> tuple[Layout, list[Member]] | None:
        """The layout whose files are all there, and these; None where there is none.

        Raises:
            CatalogueError: a file is there twice in the same form.
        """
        for layout in layouts(table, release):
            found = [self._one(name) for name in layout.files]
            if members := [member for member in found if member]:
                missing = [name for name, member in zip(layout.files, found, strict=True) if member is None]
                if missing:
                    raise CatalogueError(f"{self.place}: `{missing[0]}` is not there beside `{members[0].name}`")
                return layout, members
        return None

    def _one(self, name: str) -> Member | None:
        here = self.members.get(sql_name(name), [])
        for suffix in _READERS:
            if same := [member for member in here if member.suffix == suffix]:
                if len(same) > 1:
                    folders = " and ".join(f"`{member.folder}`" for member in same)
                    raise CatalogueError(
                        f"{self.place}: `{same[0].name}` stands in {folders}; give the path of one release"
                    )
                return same[0]
        return None

    def missing(self, table: str, release: str, purpose: str) -> CatalogueError:
        """What to say where a table that is needed is not there."""
        names = sorted(member.name for same in self.members.values() for member in same)
        found = ", ".join(f"`{name}`" for name in names) or "no file of a release"
        (wanted,) = layouts(table, release)[0].files
        return CatalogueError(f"{self.place}: missing {purpose}: `{wanted}.txt` is not there; found {found}; {ADVICE}")

    def rows(self, member: Member) -> Iterator[formats.Row]:
        """The rows of one file.

        Raises:
            CatalogueError: it is too large, damaged, or breaks off.
        """
        if member.size > formats.MAX_BYTES:
            raise CatalogueError(
                f"{self.place}: `{member.name}` says it has {member.size:,} bytes; no O*NET file is that large"
            )
        try:
            with member.open() as file:
                yield from _READERS[member.suffix](file)
        except CatalogueError as error:
            raise CatalogueError(f"{self.place}: `{member.name}` {error}; get it anew") from error
        except DAMAGED as error:
            raise CatalogueError(f"{self.place}: `{member.name}` cannot be read ({error}); get it anew") from error

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
            raise CatalogueError(f"{self.place}: no file of a release is there; {ADVICE}")
        folders = [member.folder for same_name in self.members.values() for member in same_name]
        for clue in (self.place.name, self.place.stem, *folders):
            if match := RELEASE_FOLDER.fullmatch(clue):
                return f"{match[1]}.{match[2]}"
        raise CatalogueError(
            f"{self.place}: the name does not tell the release (as db_30_1_text would); say it: --release 30.1"
        )


@contextmanager
def open_files(path: Path) -> Iterator[ReleaseFiles]:
    """The files below a directory, or in a zip archive that stays open meanwhile.

    Raises:
        CatalogueError: there is nothing, or it is neither.
    """
    place = path.resolve()
    if place.is_dir():
        yield _gathered(place, _in_directory(place))
    elif not place.exists():
        raise CatalogueError(f"{path}: not found; {ADVICE}")
    elif not zipfile.is_zipfile(place):
        raise CatalogueError(f"{path}: neither a directory nor a whole zip archive; if it is a download, get it anew")
    else:
        try:
            archive = zipfile.ZipFile(place)
        except DAMAGED as error:
            raise CatalogueError(f"{path}: damaged zip archive ({error}); get it anew") from error
        with archive:
            yield _gathered(place, _in_archive(archive))


def _gathered(place: Path, members: Sequence[Member]) -> ReleaseFiles:
    files = ReleaseFiles(place)
    for member in members:
        if member.suffix in _READERS and not member.name.startswith((".", "~$")):
            files.members[member.table].append(member)
    return files


def _in_directory(place: Path) -> list[Member]:
    def files(pattern: str) -> list[Path]:
        return [path for path in sorted(place.glob(pattern)) if path.suffix.lower() in _READERS and path.is_file()]

    found = files("*") or files("*/*")
    return [Member(path.name, path.parent.name, path.stat().st_size, partial(_open_bytes, path)) for path in found]


def _in_archive(archive: zipfile.ZipFile) -> list[Member]:
    return [
        Member(path.name, path.parent.name, entry.file_size, partial(archive.open, entry))
        for entry in archive.infolist()
        if not entry.is_dir() and "__MACOSX" not in (path := PurePosixPath(entry.filename)).parts
    ]


def _open_bytes(path: Path) -> IO[bytes]:
    return path.open("rb")
