"""Files of batches: the Cells of each, kept until they are collected, and the lines that a provider sends back."""

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pydantic import ValidationError

from scorer.domain.rating import Cell, Json
from scorer.errors import RunError

CELLS = ".cells.jsonl.gz"


class CellFile:
    """Cells on their way into a file; it has its name only when it is whole and on the disk.

    Prompts share most of their text, so that thousands take less room than a few.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path.with_name(f"{path.name}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._disk = self._beside.open("wb")
        self._file = gzip.GzipFile(fileobj=self._disk, mode="wb", compresslevel=6)

    def add(self, cell: Cell) -> None:
        """One more."""
        self._file.write(cell.model_dump_json().encode() + b"\n")

    def finish(self) -> None:
        """Give it its name."""
        self._file.close()
        self._disk.flush()
        os.fsync(self._disk.fileno())
        self._disk.close()
        self._beside.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._disk.close()
        self._beside.unlink(missing_ok=True)


def read_cells(path: Path) -> Iterator[Cell]:
    """The Cells of a file, one by one.

    Raises:
        RunError: it is gone or damaged.
    """
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                yield Cell.model_validate_json(line)
    except (OSError, EOFError, zlib.error, ValidationError) as error:
        raise RunError(
            f"{path} is gone or damaged, so this batch cannot go on: restore the file, "
            "or `scorer runs cancel --give-up` gives its cells back"
        ) from error


class ResultLines:
    """The lines of output and error files, found by Cell hash; only their places are held.

    A line that is no JSON, or that names no Cell of ours, is left out. Where two lines are about one Cell, the one of
    the file that is named first counts.

    Args:
        paths: the files, the output file first.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._files = [path.open("rb") for path in paths]
        self._places: dict[str, tuple[BinaryIO, int]] = {}
        for file in self._files:
            self._index(file)

    def get(self, cell_hash: str) -> Json | None:
        """The line about a Cell; None where there is none."""
        if cell_hash not in self._places:
            return None
        file, place = self._places[cell_hash]
        file.seek(place)
        return _json(file.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()

    def _index(self, file: BinaryIO) -> None:
        place = 0
        while line := file.readline():
            held = _json(line)
            if held is not None and isinstance(held.get("custom_id"), str):
                self._places.setdefault(held["custom_id"], (file, place))
            place += len(line)


def _json(line: bytes) -> Json | None:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None
