"""The journal of a run: each Rating is appended and flushed before its Cell counts as done.

One JSON line a Rating. What its exchanges share with those before it stands once, in a line of its own before the first
that has it (see `scorer.domain.exchanges`). A process that is killed leaves at most one torn last line, which is left
out when the journal is read again; whatever the journal holds and the store does not is stored at the next start, twice
never, because a Rating keeps its id.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from scorer.domain.base import json_bytes
from scorer.domain.exchanges import Frames, refilled
from scorer.domain.rating import Json, Rating
from scorer.errors import RunError

JOURNAL = "journal.jsonl"
STORED = "journal.stored.jsonl"
REPLAY_BATCH = 5_000
FRAME, PARTS = "frame", "parts"


class Journal:
    """Append-only; `append` returns when the operating system has the line, so that it survives our being killed."""

    def __init__(self, run_dir: Path) -> None:
        self._path = run_dir / JOURNAL
        run_dir.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab", buffering=0)
        self._length = self._file.tell()
        self._frames, self._written = Frames(), set[str]()

    def append(self, rating: Rating) -> None:
        """Make one Rating durable.

        Raises:
            RunError: the disk does not take it (full, gone, read-only); the lines before it stay whole, and a later
                one may still be taken.
        """
        frame, raw = self._frames.take(rating.raw)
        line = json_bytes({**vars(rating), "raw": raw, FRAME: frame}) + b"\n"
        if frame is None or frame in self._written:
            self._write(line)
        else:
            self._write(json_bytes({FRAME: frame, PARTS: self._frames.parts[frame]}) + b"\n" + line)
            self._written.add(frame)
            del self._frames.parts[frame]  # prompts that nobody else shares would pile up

    def _write(self, lines: bytes) -> None:
        try:
            written = self._file.write(lines)
        except OSError as error:
            raise RunError(f"cannot write {self._path}: {error.strerror}; free the disk and run again") from error
        if written != len(lines):
            self._file.truncate(self._length)  # or the next line would be glued to half of this one
            raise RunError(f"cannot write {self._path}: the disk is full; free some space and run again")
        self._length += len(lines)

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
    frames: dict[str | None, list[str]] = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                said = json.loads(line)
                if PARTS in said:
                    frames[said[FRAME]] = said[PARTS]
                else:
                    yield _rating(said, frames)
            except (ValueError, TypeError, LookupError) as error:
                raise RunError(
                    f"{path.name} line {number}: damaged ({type(error).__name__}); "
                    "move the line out of the file and run again: the other lines are kept"
                ) from error


def _rating(said: Json, frames: Mapping[str | None, Sequence[str]]) -> Rating:
    frame = said.pop(FRAME, None)  # journals of older versions have none
    if frame is not None:
        said["raw"] = refilled(frames[frame], said["raw"])
    return Rating.model_validate(said)


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
