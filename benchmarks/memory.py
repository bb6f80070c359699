"""Plans, rates and stores so many Cells, and says how much memory that took at most.

python benchmarks/memory.py CELLS BASE_URL DIRECTORY
"""

import json
import re
import resource
import sys
from pathlib import Path

sys.modules["pandas"] = None  # type: ignore[assignment] - only development installs have it, and pyarrow loads it

from roads import rate  # noqa: E402 - after the line above
from workload import RATER, tasks_to_rate  # noqa: E402

from scorer.rating import make_plan  # noqa: E402


def peak_mb() -> float:
    """Peak resident memory of this process in MB; without the parent's before exec, where the system says."""
    status = Path("/proc/self/status")
    kept = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kib = int(kept[1]) if kept else used / 1024 if sys.platform == "darwin" else used
    return kib / 1024


def main() -> None:
    """Rate, then print."""
    cells, base_url, directory = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    plan = make_plan(tasks_to_rate(cells))
    rated = rate(plan.queues[RATER], base_url, directory)
    if rated != cells:
        raise SystemExit(f"{rated} of {cells} Cells rated")
    print(json.dumps({"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
