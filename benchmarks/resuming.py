"""Rates what is still missing of so many Cells, like `scorer rate`: made to be killed and started again.

python benchmarks/resuming.py CELLS BASE_URL DIRECTORY
"""

import sys
from pathlib import Path

from roads import rate
from workload import RATER, rubric, tasks_to_rate

from scorer.rating import make_plan, replay
from scorer.store import Store


def main() -> None:
    """Take over what a killed run left, then rate the rest."""
    cells, base_url, directory = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    store = Store(directory / "store.duckdb")
    replay(directory / "runs", store.ratings.add)
    plan = make_plan(tasks_to_rate(cells), store.ratings.past([RATER], [rubric().id]))
    if plan.missing:
        rate(plan.queues[RATER], base_url, directory)


if __name__ == "__main__":
    main()
