"""The lock of a workspace: two runs never work on the same Cells."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from scorer.errors import RunError


@contextmanager
def run_lock(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs; the operating system frees it when the process ends, however it ends.

    Raises:
        RunError: another process holds it; the message names that process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=0)
    holder = path.with_suffix(".pid")
    try:
        lock.acquire()
    except Timeout:
        pid = holder.read_text().strip() if holder.exists() else "unknown"
        raise RunError(
            f"another run is at work in this workspace (process {pid}); wait for it or stop it, then run again: "
            "what it has rated is kept"
        ) from None
    try:
        holder.write_text(f"{os.getpid()}\n")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
