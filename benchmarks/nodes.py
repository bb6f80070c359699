"""A Ray cluster of two nodes on this machine, as a process of its own: what a run on several machines is tried with.

    python benchmarks/nodes.py --cpus 2

It prints the address of the head, and then obeys lines on stdin: `kill` ends the second node as a power cut would,
`add` starts another one. Each is answered by a line, when it is done. It ends, and both nodes with it, when stdin
closes. All addresses are loopback, usage reporting is off, a death is noticed within a second or two.
"""

import argparse
import os
import sys

# Before Ray is imported. The second one is Ray's name for "loopback alone"; who joins must set it as well. Without the
# third, workers give way to every other process of the machine, and what is measured is those.
os.environ |= {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_worker_niceness": "0",
}

from ray.cluster_utils import Cluster

STORE_BYTES = 100 * 2**20
HEALTH = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 3}


def say(line: str) -> None:
    """A line on stdout, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Start, obey, end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpus", type=int, default=1, help="of each node: as many workers may sit there")
    cpus = parser.parse_args().cpus
    node = {"num_cpus": cpus, "object_store_memory": STORE_BYTES}
    head = {**node, "include_dashboard": False, "_system_config": HEALTH}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    second = cluster.add_node(**node)
    say(cluster.address)
    for order in map(str.strip, sys.stdin):
        if order == "kill":
            cluster.remove_node(second, allow_graceful=False)
        elif order == "add":
            second = cluster.add_node(**node)
        say(order)
    cluster.shutdown()


if __name__ == "__main__":
    main()
