"""The door to a store file: short sessions, retried while another process holds it, and errors that say what to do.

DuckDB lets one process at a time open a file that is written, and nobody else may even read it. So nobody keeps the
store open: each use is open, work, close. What stays is DuckDB itself, without the file: it takes much longer to start
than to open one. Nothing here (or anywhere) opens the live file by other means, because that
would drop DuckDB's lock; only its size is looked at.
"""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from weakref import WeakValueDictionary

import duckdb

from scorer.errors import StoreBusyError, StoreCorruptError, StoreError
from scorer.store.schema import migrate
from scorer.store.sql import quoted

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""A wheel's own extensions are enough; nothing is ever downloaded by opening a file."""

ROW_GROUP_ROWS = 4_096
"""DuckDB merges what small appends leave behind, up to a row group, in memory. Its 122,880 rows would be a gigabyte of
ratings with their raw bodies."""

_HOLDER = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
_LOCKED = re.compile(r"could not set lock|being used by another process", re.IGNORECASE)
_DAMAGED = re.compile(
    r"not a valid duckdb|corrupt|checksum|could not read enough bytes|extension .* not found|failed to deserialize"
    r"|replaying the WAL|replaying WAL"
    r"|in-memory database",  # what DuckDB makes of a path that ends in .csv or .json
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(r"could not write|no space left", re.IGNORECASE)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.01, 0.1


class _Place:
    """What all who use one file in this process share.

    Attributes:
        turn: one thread at a time; its sessions nest.
        open: how many sessions it has.
        engine: DuckDB without the file, while there is anybody who may want the file again.
        is_doubtful: whether a session ended in an error, and may have left behind what it had attached or set.
    """

    def __init__(self) -> None:
        self.turn, self.open, self.is_doubtful = RLock(), 0, False
        self.engine: duckdb.DuckDBPyConnection | None = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A new connection to DuckDB; the file is attached where a session has it."""
        if self.engine is None:
            self.engine = duckdb.connect(config=CONFIG)
        return self.engine.cursor()

    def let_go(self) -> None:
        """Close the file; after an error, or where DuckDB cannot do it by itself, by ending DuckDB."""
        if self.engine and not self.is_doubtful:
            with suppress(duckdb.Error):
                self.engine.execute("DETACH store")
                return
        if self.engine:
            self.engine.close()
        self.engine, self.is_doubtful = None, False


_PLACES: WeakValueDictionary[Path, _Place] = WeakValueDictionary()
_PLACES_GUARD = Lock()


class StoreFile:
    """One store file, opened for the length of a `with` block.

    Args:
        path: where it is; made on first use.
        wait_s: how long another process may hold it before we give up, in seconds.
    """

    def __init__(self, path: Path, wait_s: float) -> None:
        self.path, self.wait_s = path, wait_s
        with _PLACES_GUARD:
            self._place = _PLACES.setdefault(path.resolve(), _Place())

    @contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """An open, migrated store; sessions of one thread nest, other threads and processes wait their turn.

        Raises:
            StoreBusyError: another process (or thread) held the store all the time we waited.
            StoreTooNewError: a newer scorer wrote it.
            StoreCorruptError: it is not a store, or is damaged.
        """
        if not self._place.turn.acquire(timeout=max(self.wait_s, 0.0)):
            raise StoreBusyError(f"{self.path} is in use by another thread of this program: run this again")
        try:
            with self._opened() as con, speaking_plainly(self.path):
                migrate(con, self.path)
                yield con
        finally:
            self._place.turn.release()

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        con = self._connect()
        self._place.open += 1
        try:
            yield con
        except BaseException:
            self._place.is_doubtful = True
            raise
        finally:
            con.close()
            self._place.open -= 1
            if not self._place.open:
                self._place.let_go()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline, pause = time.monotonic() + self.wait_s, _FIRST_PAUSE_S
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                return self._attached()
            except duckdb.Error as error:
                if not self._may_pass(error) or time.monotonic() >= deadline:
                    raise plain_error(error, self.path, self.wait_s) from error
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - spreads waiters, guards nothing
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)

    def _attached(self) -> duckdb.DuckDBPyConnection:
        """The store as the default database of a connection."""
        con = self._place.connection()
        try:
            con.execute(f"ATTACH IF NOT EXISTS {quoted(self.path)} AS store (ROW_GROUP_SIZE {ROW_GROUP_ROWS})")
            con.execute("USE store")
        except BaseException:
            con.close()
            raise
        return con

    def _may_pass(self, error: duckdb.Error) -> bool:
        """Held by another process, or (0 bytes) being made by one this moment."""
        return bool(_LOCKED.search(str(error))) or (self.path.is_file() and self.path.stat().st_size == 0)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system refuses around a file into our error."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}): its folder must be writable and the disk must have room"
        ) from error


@contextmanager
def speaking_plainly(path: Path, what: str = "store") -> Iterator[None]:
    """Turn what DuckDB says of a file (damage, disk) into our errors; its other errors are bugs and pass through."""
    try:
        yield
    except duckdb.Error as error:
        of_the_file = isinstance(error, duckdb.IOException | duckdb.FatalException)
        if of_the_file or _UNWRITTEN.search(str(error)) or _DAMAGED.search(str(error)):
            raise plain_error(error, path, what=what) from error
        raise


def plain_error(error: duckdb.Error, path: Path, wait_s: float = 0.0, what: str = "store") -> StoreError:
    """Which of our errors a DuckDB error about a file (a store or a release) is, with what to do now."""
    text = str(error)
    first_line = text.splitlines()[0]
    if _LOCKED.search(text):
        holder = _HOLDER.search(text)
        who = f"process {holder['pid']} ({Path(holder['program']).name})" if holder else "another process"
        waited = f" for more than the {wait_s:g} s we wait" if wait_s else ""
        return StoreBusyError(f"{path} is held by {who}{waited}: let it finish or stop it, then run this again")
    if _DAMAGED.search(text):
        cure = {
            "store": f"move it away; if backups lie beside it ({path.name}.before-*), copy the newest to its name",
            "release": "publish it anew, or fetch it again",
        }
        return StoreCorruptError(f"{path} is not a DuckDB file or is damaged ({first_line}): {cure[what]}")
    return StoreError(
        f"{path} cannot be used ({first_line}): check that it can be read and written and the disk is not full"
    )
