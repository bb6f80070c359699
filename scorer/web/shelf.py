"""The release that is being read: open once for all requests, and opened anew when another one took its place."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from threading import Condition, Lock

from scorer.catalogue import TitleIndex
from scorer.errors import StoreError
from scorer.store import ReleaseHead, ReleaseReader, open_release

Identity = tuple[int, int, int]
"""Device, file and time of change: a release is only ever replaced whole, so they tell one from the next."""


class OpenRelease:
    """One release while it is open, with what is worked out of it once."""

    def __init__(self, reader: ReleaseReader, identity: Identity) -> None:
        self._reader, self.identity = reader, identity
        self.head: ReleaseHead = reader.head()
        self.tables = {table for table, column in reader.columns() if column is None}
        self.credits = self.head.credits()
        self._lock = Lock()

    def reader(self) -> ReleaseReader:
        """A reader for one request."""
        return self._reader.beside()

    def titles(self) -> TitleIndex:
        """All titles, made ready for search when they are first searched."""
        with self._lock:
            return self._titles

    @cached_property
    def _titles(self) -> TitleIndex:
        reader = self.reader()
        named = reader.rows("SELECT occupation_code, title FROM occupation")
        if "alternate_title" in self.tables:
            named += reader.rows("SELECT occupation_code, title FROM alternate_title")
        return TitleIndex((row["occupation_code"], row["title"]) for row in named)


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
        return self._open

    def _identity(self) -> Identity:
        try:
            now = self.path.stat()
        except OSError as error:
            raise StoreError(
                f"there is no release {self.path.name} yet: run `scorer publish`, then load this page again"
            ) from error
        return now.st_dev, now.st_ino, now.st_mtime_ns
