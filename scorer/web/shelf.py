"""The release that is being read: open once for all requests, and opened anew when another one took its place."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Condition, RLock
from typing import Any, TypeVar

from starlette.responses import Response

from scorer.catalogue import TitleIndex
from scorer.errors import StoreError
from scorer.store import ReleaseHead, ReleaseReader, open_release

Kept = TypeVar("Kept")
Identity = tuple[int, int, int]
"""Device, file and time of change: a release is only ever replaced whole, so they tell one from the next."""


class LatestPages:
    """The answers made last, by address: who looks at a list goes back and forth."""

    def __init__(self, most: int = 64) -> None:
        self._most, self._pages, self._lock = most, OrderedDict[str, Response](), RLock()

    def get(self, address: str) -> Response | None:
        """The answer; None where it was not made lately."""
        with self._lock:
            if address in self._pages:
                self._pages.move_to_end(address)
            return self._pages.get(address)

    def put(self, address: str, page: Response) -> None:
        """Keep an answer; the one not asked for longest goes."""
        with self._lock:
            self._pages[address] = page
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)


class OpenRelease:
    """One release while it is open, with what is worked out of it once."""

    def __init__(self, reader: ReleaseReader, identity: Identity) -> None:
        self._reader, self.identity = reader, identity
        self.head: ReleaseHead = reader.head()
        self.tables = {table for table, column in reader.columns() if column is None}
        self.credits = self.head.credits()
        self.pages = LatestPages()
        self._kept, self._turns = dict[str, Any](), defaultdict[str, RLock](RLock)

    def reader(self) -> ReleaseReader:
        """A reader for one request."""
        return self._reader.beside()

    def once(self, name: str, work: Callable[["OpenRelease"], Kept]) -> Kept:
        """What `work` makes of this release; made when it is first asked for, kept as long as the release is open.

        Whoever asks for the same meanwhile waits for it; nobody else does.
        """
        if name not in self._kept:
            with self._turns[name]:
                if name not in self._kept:
                    self._kept[name] = work(self)
        kept: Kept = self._kept[name]
        return kept

    def folder(self) -> Path:
        """A folder for files made of this release; gone with it."""
        return self.once("folder", lambda _: Path(mkdtemp(prefix="scorer-")))

    def close(self) -> None:
        """Forget what was made of it."""
        if "folder" in self._kept:
            rmtree(self.folder(), ignore_errors=True)

    def titles(self) -> TitleIndex:
        """All titles, made ready for search when they are first searched."""
        return self.once("titles", _title_index)


class Shelf:
    """Where the release stands; any number of threads read it at a time.

    DuckDB gives one path one database within a process, so an old release is closed before the new one is opened:
    whoever finds a new one waits for those who still read.

    Args:
        path: of the release; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._change, self._readers = Condition(), 0
        self._open: OpenRelease | None = None
        self._stack = ExitStack()

    @contextmanager
    def taken(self) -> Iterator[OpenRelease]:
        """The release as it is now, open for the length of the block.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        with self._change:
            release = self._current()
            self._readers += 1
        try:
            yield release
        finally:
            with self._change:
                self._readers -= 1
                self._change.notify_all()

    def close(self) -> None:
        """Let go of the file."""
        with self._change:
            self._stack.close()
            self._open = None

    def _current(self) -> OpenRelease:
        found = self._identity()
        if self._open is None or self._open.identity != found:
            self._change.wait_for(lambda: self._readers == 0)
            self._stack.close()
            self._open = None
            self._open = OpenRelease(self._stack.enter_context(open_release(self.path)), found)
            self._stack.callback(self._open.close)
        return self._open

    def _identity(self) -> Identity:
        try:
            now = self.path.stat()
        except OSError as error:
            raise StoreError(
                f"there is no release {self.path.name} yet: run `scorer publish`, then load this page again"
            ) from error
        return now.st_dev, now.st_ino, now.st_mtime_ns


def _title_index(release: OpenRelease) -> TitleIndex:
    tables = [table for table in ("occupation", "alternate_title") if table in release.tables]
    query = " UNION ALL ".join(f"SELECT occupation_code, title FROM {table}" for table in tables)  # noqa: S608 - our own names
    codes, titles = release.reader().arrow(query).columns
    return TitleIndex(zip(codes.to_pylist(), titles.to_pylist(), strict=True))
