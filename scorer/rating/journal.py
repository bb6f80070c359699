"""The journal of a run: each Rating is appended and flushed before its Cell counts as done.

One JSON line a Rating. A process that is killed leaves at most one torn last line, which is left out when the journal
is read again; whatever the journal holds and the store does not is stored at the next start, twice never, because a
Rating keeps its id.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from scorer.domain.rating import Rating
from scorer.errors import RunError

JOURNAL = "journal.jsonl"
STORED = "journal.stored.jsonl"
REPLAY_BATCH = 5_000


class Journal:
    """Append-only; `append` returns when the operating system has the line, so that it survives our being killed."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / JOURNAL
        run_dir.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab", buffering=0)
        self._length = self._file.tell()

    def append(self, rating: Rating) -> None:
        """Make one Rating durable.

        Raises:
            RunError: the disk does not take it (full, gone, read-only); the lines before it stay whole, and a later
                one may still be taken.
        """
        line = rating.model_dump_json().encode() + b"\n"
        try:
            written = self._file.write(line)
        except OSError as error:
            raise RunError(f"cannot write {self._path}: {error.strerror}; free the disk and run again") from error
        if written != len(line):
            self._file.truncate(self._length)  # or the next line would be glued to half of this one
            raise RunError(f"cannot write {self._path}: the disk is full; free some space and run again")
        self._length += len(line)

    def close(self, *, stored: bool) -> None:
        """Close; `stored` says that the store holds every line, so that nothing is left to replay."""
        self._file.close()
        if stored:
            self._path.rename(self._path.with_name(STORED))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def read_journal(path: Path) -> Iterator[Rating]:
    """The Ratings of a journal; a torn last line is left out.

    Raises:
        RunError: a line other than the last one is damaged.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield Rating.model_validate_json(line)
            except ValidationError as error:
                raise RunError(
                    f"{path.name} line {number}: damaged ({error.error_count()} problems); "
                    "move the line out of the file and run again: the other lines are kept"
                ) from error


def replay(runs_dir: Path, store: Callable[[Iterable[Rating]], int]) -> int:
    """Store what earlier runs left in their journals; returns how many Ratings the store did not have."""
    added = 0
    for path in sorted(runs_dir.glob(f"*/{JOURNAL}")):
        batch: list[Rating] = []
        for rating in read_journal(path):
            batch.append(rating)
            if len(batch) >= REPLAY_BATCH:
                added += store(batch)
                batch = []
        added += store(batch) if batch else 0
        path.rename(path.with_name(STORED))
    return added
