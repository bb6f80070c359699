"""Plans, rates and stores so many Cells, and says how much memory that took at most.

python benchmarks/memory.py CELLS BASE_URL DIRECTORY
"""

import json
import re
import resource
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

from roads import rate
from workload import RATER, tasks_to_rate

from scorer.rating import make_plan


class _PlainInstall(MetaPathFinder):
    """Only development installs have pandas, which pyarrow loads wherever it is found: 50 MB that no user pays."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Nothing, but for pandas that it is not there."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def peak_mb() -> float:
    """Peak resident memory of this process in MB; without the parent's before exec, where the system says."""
    status = Path("/proc/self/status")
    kept = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kib = int(kept[1]) if kept else used / 1024 if sys.platform == "darwin" else used
    return kib / 1024


def main() -> None:
    """Rate, then print."""
    sys.meta_path.insert(0, _PlainInstall())
    cells, base_url, directory = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    plan = make_plan(tasks_to_rate(cells))
    rated = rate(plan.queues[RATER], base_url, directory)
    if rated != cells:
        raise SystemExit(f"{rated} of {cells} Cells rated")
    print(json.dumps({"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
