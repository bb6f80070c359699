"""What a large selection costs by batches, from the first command to the last row, and what kill -9 costs on the way.

    python benchmarks/batches.py                  10,000 Cells undisturbed, 40,000 killed twice: about three minutes
    python benchmarks/batches.py --cells 60000
    python benchmarks/batches.py --tiny           only to see that it works
    python benchmarks/batches.py --keep           the figures go into figures.json, from which the pages are made

Commands run as a user runs them, each a process of its own, against `batch_server.py`. CPU and memory are those of the
commands alone. The second workspace is killed in the middle of an upload and in the middle of collecting; each time the
same `scorer rate` is run again.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from endpoint import HERE
from figures import add_option, keep
from soak import counted
from workload import MOST_TASKS, answer, tasks_to_rate

MB = 2**20
INCOMPLETE, KILLED = 1, -signal.SIGKILL
LOOK_EVERY_S = 0.002
BYTES_OF_A_LINE = 7_500
"""Of a journal, about."""
SETTINGS = """
[raters.mock]
provider = "openai"
model = "mock-2026-01-31"
base_url = "{url}/v1"
price = {{ input = 1.0, output = 4.0, batch = 0.5 }}
"""


class Took(NamedTuple):
    """What a command took: CPU seconds and MB at most; and its exit status, minus the signal where it was killed."""

    cpu_s: float
    peak_mb: float
    status: int


class Account:
    """The Batch API as a process."""

    def __init__(self, port: str) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def stats(self) -> dict[str, Any]:
        """What it counted. See `batch_server.py`."""
        with urllib.request.urlopen(f"{self.url}/stats", timeout=60) as told:  # noqa: S310 - our own server
            return dict(json.load(told))


@contextmanager
def account(directory: Path) -> Iterator[Account]:
    """A Batch API as long as the block runs."""
    directory.mkdir()
    command = [sys.executable, str(HERE / "batch_server.py"), str(directory), answer()]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    try:
        yield Account(server.stdout.readline().strip())
    finally:
        server.kill()
        server.wait()


class Workspace:
    """A workspace that knows so many Cells: tasks, each asked as often as it takes."""

    def __init__(self, place: Path, at: Account, cells: int) -> None:
        self.place, self.account, self.cells = place, at, cells
        self.repeats = -(-cells // MOST_TASKS)
        write_release(place / "db_30_9_text", cells // self.repeats)
        (place / "scorer.toml").write_text(SETTINGS.format(url=at.url))
        self.run("onet", "import", "db_30_9_text")

    def rate(self, ripe: Callable[[], bool] | None = None) -> Took:
        """Plan, draft, hand over; or go on with what an earlier one began."""
        return self.run("rate", "--all", "--repeats", str(self.repeats), "--engine", "batch", "--yes", ripe=ripe)

    def watch(self, ripe: Callable[[], bool] | None = None) -> Took:
        """Collect."""
        return self.run("runs", "watch", ripe=ripe)

    def run(self, *arguments: str, ripe: Callable[[], bool] | None = None) -> Took:
        """A command; killed as soon as it is ripe, where that is said."""
        command = [sys.executable, "-m", "scorer", "--workspace", str(self.place), *arguments]
        running = subprocess.Popen(command, cwd=self.place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        ended, status, used = os.wait4(running.pid, os.WNOHANG if ripe else 0)
        while not ended:
            if ripe and ripe():
                running.kill()
                ripe = None
            time.sleep(LOOK_EVERY_S)
            ended, status, used = os.wait4(running.pid, os.WNOHANG)
        running.returncode = os.waitstatus_to_exitcode(status)
        assert running.stderr
        said = running.stderr.read().decode()
        if running.returncode not in {0, INCOMPLETE, KILLED}:
            raise SystemExit(f"scorer {' '.join(arguments)} ended with status {running.returncode}:\n{said}")
        return Took(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / MB, running.returncode)

    def kept(self) -> tuple[int, int]:
        """Rows of the store, and different Cells among them."""
        return counted(self.place / ".scorer")

    def is_going_up(self) -> bool:
        """Whether the provider has the first part of a file and not yet the last one."""
        return bool(self.account.stats()["receiving"])

    def is_coming_down(self) -> bool:
        """Whether a collecting process has taken a third of the Cells or more; their journal is as long as that."""
        journals = self.place.glob(".scorer/runs/*/batches/journal.jsonl")
        return sum(path.stat().st_size for path in journals) > self.cells * BYTES_OF_A_LINE / 3


def write_release(directory: Path, tasks: int) -> None:
    """The official text files of an invented release."""
    asked = tasks_to_rate(tasks)
    directory.mkdir(parents=True)
    titles = [("O*NET-SOC Code", "Title", "Description")]
    titles += [(code, one.title, "It is invented.") for code, one in asked.occupations.items()]
    statements = [("O*NET-SOC Code", "Task ID", "Task", "Task Type")]
    statements += [(one.occupation_code, one.task_id, one.statement, "Core") for one in asked.tasks]
    weights = [("O*NET-SOC Code", "Task ID", "Scale ID", "Category", "Data Value", "Recommend Suppress")]
    weights += [(one.occupation_code, one.task_id, "IM", "n/a", "4.00", "n/a") for one in asked.tasks]
    for name, rows in (("Occupation Data", titles), ("Task Statements", statements), ("Task Ratings", weights)):
        (directory / f"{name}.txt").write_text("".join("\t".join(row) + "\n" for row in rows))


class Quiet(NamedTuple):
    """An undisturbed run: rows stored, milliseconds of CPU that each half of the road takes of a Cell."""

    cells: int
    rows: int
    handing_ms: float
    collecting_ms: float

    def __str__(self) -> str:
        return (
            f"{self.cells:,} cells: {self.rows:,} rows; CPU a cell: {self.handing_ms:.2f} ms to plan, draft and hand "
            f"over, {self.collecting_ms:.2f} ms to collect and store"
        )


class Killed(NamedTuple):
    """A run killed twice: files, Cells lost, rows doubled, Cells that the provider was asked twice; MB at most."""

    cells: int
    files: int
    lost: int
    doubled: int
    bought_twice: int
    handing_mb: float
    collecting_mb: float
    bare_mb: float

    def __str__(self) -> str:
        return (
            f"{self.cells:,} cells in {self.files} files, killed twice: {self.lost} lost, {self.doubled} doubled, "
            f"{self.bought_twice} asked twice; at most {self.handing_mb:,.0f} MB to hand over, "
            f"{self.collecting_mb:,.0f} MB to collect, {self.bare_mb:,.0f} MB for nothing"
        )


def undisturbed(place: Path, at: Account, cells: int) -> Quiet:
    """What each half of the road takes, the start of a command left out."""
    workspace = Workspace(place, at, cells)
    bare = workspace.run("runs", "list")
    handing, collecting = ((took.cpu_s - bare.cpu_s) / cells * 1000 for took in (workspace.rate(), workspace.watch()))
    return Quiet(cells, workspace.kept()[0], handing, collecting)


def killed(place: Path, at: Account, cells: int) -> Killed:
    """Killed in the middle of an upload and of collecting; each time the same command goes on."""
    before = at.stats()
    workspace = Workspace(place, at, cells)
    bare = workspace.run("runs", "list")
    handing = [workspace.rate(workspace.is_going_up), workspace.rate()]
    collecting = [workspace.watch(workspace.is_coming_down), workspace.rate()]
    statuses = [took.status for took in handing + collecting]
    if statuses != [KILLED, INCOMPLETE, KILLED, 0]:
        raise SystemExit(f"the commands ended with {statuses}")
    rows, different = workspace.kept()
    files, bought = (at.stats()[name] - before[name] for name in ("batches", "asked"))
    peaks = (max(took.peak_mb for took in half) for half in (handing, collecting, [bare]))
    return Killed(cells, files, cells - different, rows - different, bought - cells, *peaks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=40_000, help="of the run that is killed; a quarter undisturbed")
    parser.add_argument("--tiny", dest="cells", action="store_const", const=2_400)
    add_option(parser)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, account(Path(made) / "account") as at:
        quiet = undisturbed(Path(made) / "quiet", at, said.cells // 4)
        print(quiet, flush=True)
        disturbed = killed(Path(made) / "killed", at, said.cells)
        print(disturbed, flush=True)
    figures = {**quiet._asdict(), **disturbed._asdict()}
    keep(said.keep, "batches", figures, command=f"benchmarks/batches.py --cells {said.cells}", mock="in Python")


if __name__ == "__main__":
    main()
