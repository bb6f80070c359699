"""The lock of a workspace: two runs never work on the same Cells."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from scorer.errors import RunError


@contextmanager
def run_lock(path: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock while the block runs; the operating system frees it when the process ends, however it ends.

    Args:
        path: the lock's file.
        wait_s: how long to wait for another process that holds it, in seconds.

    Raises:
        RunError: another process holds it; the message names that process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=wait_s)
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
