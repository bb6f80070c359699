"""One run on a cluster: plans, rates and stores so many Cells, and says how much memory this process took at most.

python benchmarks/cluster_run.py CELLS WORKERS IN_FLIGHT BASE_URL ADDRESS DIRECTORY
"""

import asyncio
import json
import sys
from pathlib import Path

from memory import peak_mb
from workload import RATER, rater, rubric, tasks_to_rate

from scorer.domain.money import FREE
from scorer.domain.rating import Limits
from scorer.rating import Budget, ClusterEngine, Job, Journal, Sink, make_plan
from scorer.rating.cluster.on_ray import ray_cluster
from scorer.store import Store


def main() -> None:
    """Rate, then print."""
    cells, workers, in_flight = map(int, sys.argv[1:4])
    base_url, address, directory = sys.argv[4], sys.argv[5], Path(sys.argv[6])
    store, asked = Store(directory / "store.duckdb"), rater(base_url, Limits(concurrency=in_flight))
    plan = make_plan(tasks_to_rate(cells))
    with Journal(directory / "runs" / "run") as journal:
        sink = Sink(journal, store.ratings.add)
        job = Job("run", {RATER: asked}, {rubric().id: rubric()}, {RATER: FREE}, Budget(), sink, lambda _: None)
        with ray_cluster(job, address, workers) as cluster:
            asyncio.run(ClusterEngine(job, cluster).rate(plan.queues))
        journal.close(stored=sink.is_empty)
    print(json.dumps({"peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
