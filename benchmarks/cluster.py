"""What a run on two nodes does: cells a second, how workers add up, memory, and what the death of a node costs.

    python benchmarks/cluster.py                   200,000 Cells
    python benchmarks/cluster.py --cells 20000     the same in a few minutes
    python benchmarks/cluster.py --tiny            only to see that it works
    python benchmarks/cluster.py --keep            the figures go into figures.json, from which the pages are made

Ratios compare runs in one cluster, side by side. In the CPU-bound one the mock answers at once; the journal's process,
the office and the mock share the machine with the workers, so that on two cores two workers cannot be twice one. In the
latency-bound one each worker has as many requests in flight as the others, and each answer takes a fifth of a second.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from endpoint import HERE, Mock, mock_endpoint
from figures import add_option, keep
from soak import counted

MB = 2**20
LATENCY_MS = 200.0


class Length(NamedTuple):
    """Cells: of the run in which a node dies, and of each run of the two comparisons."""

    killed: int
    busy: int
    waiting: int


TINY = Length(600, 200, 100)


def length_of(cells: int) -> Length:
    """All runs in proportion to the one in which a node dies; fewer Cells than this would measure its beginning."""
    return Length(cells, max(cells // 20, 1_000), max(cells // 50, 1_000))


class Run(NamedTuple):
    """What one run took: seconds from the first request to the last answer, and MB of the process with the journal."""

    cells: int
    seconds: float
    peak_mb: float

    @property
    def per_s(self) -> float:
        """Cells a second."""
        return self.cells / self.seconds


class Nodes:
    """The cluster as a process. See `nodes.py`."""

    def __init__(self, server: "subprocess.Popen[str]", address: str) -> None:
        self._server, self.address = server, address
        self._peak_mb: dict[str, float] = {}
        self._watching = True
        self._watch = threading.Thread(target=self._keep_watching, daemon=True)
        self._watch.start()

    def order(self, what: str) -> None:
        """`kill` or `add`, done when this returns."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(f"{what}\n")
        self._server.stdin.flush()
        self._server.stdout.readline()

    def peak_mb(self) -> dict[str, float]:
        """Most memory of one worker, of the office, and of all processes of both nodes together."""
        return {name: round(mb) for name, mb in self._peak_mb.items()}

    def close(self) -> None:
        """End both nodes."""
        self._watching = False
        self._watch.join()
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait()

    def _keep_watching(self) -> None:
        while self._watching:
            sizes: dict[str, float] = {"all": 0.0}
            for one in psutil.Process(self._server.pid).children(recursive=True):
                try:
                    name, mb = " ".join(one.cmdline()), one.memory_full_info().uss / MB
                except psutil.Error:
                    continue
                kind = "worker" if "HandActor" in name else "office" if "Office" in name else "other"
                sizes[kind] = max(sizes.get(kind, 0.0), mb)
                sizes["all"] += mb
            self._peak_mb |= {name: max(mb, self._peak_mb.get(name, 0.0)) for name, mb in sizes.items()}
            time.sleep(0.5)


@contextmanager
def two_nodes(cpus: int) -> Iterator[Nodes]:
    """Two nodes with so many CPUs each, as long as the block runs."""
    start = [sys.executable, str(HERE / "nodes.py"), "--cpus", str(cpus)]
    server = subprocess.Popen(
        start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout
    nodes = Nodes(server, server.stdout.readline().strip())
    try:
        yield nodes
    finally:
        nodes.close()


class Trial(NamedTuple):
    """Where runs are tried."""

    mock: Mock
    nodes: Nodes
    place: Path

    def start(self, name: str, cells: int, workers: int, in_flight: int) -> "subprocess.Popen[str]":
        """A run as a process of its own."""
        self.mock.reset()
        given = [cells, workers, in_flight, self.mock.base_url, self.nodes.address, self.place / name]
        command = [sys.executable, str(HERE / "cluster_run.py"), *map(str, given)]
        env = {**os.environ, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)

    def end(self, run: "subprocess.Popen[str]", cells: int) -> Run:
        """What it took, when it has ended."""
        said = run.communicate()[0]
        if run.returncode:
            raise SystemExit(f"a run ended with status {run.returncode}")
        return Run(cells, self.mock.stats()["span200_s"], float(json.loads(said)["peak_mb"]))

    def ratio(self, name: str, cells: int, workers: tuple[int, int], in_flight: int) -> "Ratio":
        """Cells a second of few workers and of many, each with so many requests in flight."""
        few, many = (self.end(self.start(f"{name}-{n}", cells, n, n * in_flight), cells) for n in workers)
        return Ratio(workers, few.per_s, many.per_s)

    def killed(self, cells: int, workers: int, in_flight: int) -> "Death":
        """A run in which the second node dies half-way."""
        run = self.start("killed", cells, workers, in_flight)
        while self.mock.stats()["ok200"] < cells / 2 and run.poll() is None:
            time.sleep(0.05)
        self.nodes.order("kill")
        took = self.end(run, cells)
        rows, different = counted(self.place / "killed")
        again = round(self.mock.stats()["ok200"] - cells)  # beyond one answer a Cell; large runs repeat their tasks
        return Death(took, workers, cells - different, rows - different, again, self.nodes.peak_mb())


class Ratio(NamedTuple):
    """How cells a second grow from few workers to many."""

    workers: tuple[int, int]
    few_per_s: float
    many_per_s: float

    @property
    def factor(self) -> float:
        """Many against few."""
        return self.many_per_s / self.few_per_s

    def __str__(self) -> str:
        few, many = self.workers
        return f"{few} to {many} workers: {self.few_per_s:,.0f} to {self.many_per_s:,.0f} cells/s, x{self.factor:.2f}"


class Death(NamedTuple):
    """A run in which a node died: what it took, what was lost, doubled and asked again; MB at most by process."""

    run: Run
    workers: int
    lost: int
    doubled: int
    again: int
    peak_mb: dict[str, float]

    def __str__(self) -> str:
        memory = ", ".join(f"{name} {mb:,.0f}" for name, mb in self.peak_mb.items() if name != "other")
        return (
            f"{self.run.cells:,} cells, a node killed half-way: {self.lost} lost, {self.doubled} doubled, "
            f"{self.again} asked again; {self.run.per_s:,.0f} cells/s by {self.workers} workers and then "
            f"{self.workers // 2}\nmemory in MB at most: journal's process {self.run.peak_mb:,.0f}, {memory}"
        )


def measure(trial: Trial, length: Length, cpus: int) -> dict[str, float]:
    """All figures; each line is printed as soon as it is there."""
    trial.mock.configure(latency_ms=0)
    busy = trial.ratio("busy", length.busy, (1, 2), 32)
    print(f"CPU-bound, {busy}", flush=True)
    trial.mock.configure(latency_ms=LATENCY_MS)
    waiting = trial.ratio("waiting", length.waiting, (1, 4), 16)
    print(f"latency-bound, {waiting}", flush=True)
    trial.mock.configure(latency_ms=20)
    death = trial.killed(length.killed, 2 * cpus, 64)
    print(death, flush=True)
    return {
        "cells": length.killed,
        "workers": death.workers,
        "lost": death.lost,
        "doubled": death.doubled,
        "again": death.again,
        "per_s": death.run.per_s,
        "busy_factor": busy.factor,
        "waiting_factor": waiting.factor,
        "run_mb": death.run.peak_mb,
        **{f"{kind}_mb": mb for kind, mb in death.peak_mb.items() if kind != "other"},
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=200_000, help="of the run in which a node dies")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--own-mock", action="store_true", help="use mock_server.py even where the one in C is there")
    add_option(parser)
    said = parser.parse_args()
    length, cpus = TINY if said.tiny else length_of(said.cells), 2
    with (
        tempfile.TemporaryDirectory() as made,
        mock_endpoint(Path(made), own=said.own_mock) as mock,
        two_nodes(cpus) as nodes,
    ):
        print(f"Mock server {mock.name}; two nodes of {cpus} workers on {os.cpu_count()} cores")
        figures = measure(Trial(mock, nodes, Path(made)), length, cpus)
        command = f"benchmarks/cluster.py --cells {length.killed}"
        keep(said.keep, "cluster", figures, command=command, mock=mock.name)


if __name__ == "__main__":
    main()
