"""What every source shares: how it fails, how it copies, how bytes are counted for people."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from scorer.errors import ArtefactError

CHUNK = 1 << 20
_CREDENTIALS = re.compile(r"(?<=://)[^@/\s]+@")
_QUERY = re.compile(r"\?\S*")

Report = Callable[[str], None]


class SourceError(ArtefactError):
    """One source did not give the file: the next one is asked."""


class Readable(Protocol):
    """Anything that gives bytes in chunks."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def silent(line: str) -> None:
    """Report to nobody."""


def megabytes(size: int) -> str:
    """`20.8 MB`: decimal megabytes, as download pages state them."""
    return f"{size / 1e6:.1f} MB"


def printable(text: str) -> str:
    """`text` in one line of at most 200 characters, without credentials or queries of addresses in it."""
    return _QUERY.sub("", _CREDENTIALS.sub("", " ".join(text.split())))[:200]


def append(source: Readable, target: Path, offset: int, limit: int, tick: Callable[[int], None] | None = None) -> int:
    """Write all of `source` into `target` from byte `offset` on, which cuts off whatever stood behind it.

    Args:
        source: read to its end.
        target: made where it does not exist.
        offset: where to start.
        limit: length the file may have; a source that gives more is not the pinned one.
        tick: told the length after each chunk.

    Returns:
        The new length.

    Raises:
        SourceError: the source gives more than `limit`; the file is removed.
        OSError: reading or writing failed; what was written stays.
    """
    target.touch()
    with target.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        while chunk := source.read(CHUNK):
            offset += len(chunk)
            if offset > limit:
                break
            file.write(chunk)
            if tick:
                tick(offset)
    if offset > limit:
        target.unlink()
        raise SourceError(f"gives more than the {limit} bytes it should have")
    return offset
