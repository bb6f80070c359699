"""Memory that a process may still take, as far as the system says: on Linux, within the limit of its control group."""

from contextlib import suppress
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int | None:
    """Bytes; None where the system does not say."""
    known = [one for one in (_of_the_machine(), _of_the_group()) if one is not None]
    return min(known, default=None)


def _of_the_machine() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _of_the_group() -> int | None:
    """What the limit leaves; pages that only cache files can be taken back and count as free."""
    with suppress(OSError, ValueError, IndexError):
        limit = (CONTROL_GROUP / "memory.max").read_text().strip()
        if limit == "max":
            return None
        used = int((CONTROL_GROUP / "memory.current").read_text())
        told = dict(line.split() for line in (CONTROL_GROUP / "memory.stat").read_text().splitlines())
        return max(0, int(limit) - used + int(told.get("inactive_file", 0)))
    return None
