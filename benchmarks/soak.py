"""How the engine keeps to a limit and what faults cost it: minutes, not seconds.

    python benchmarks/soak.py            about six minutes
    python benchmarks/soak.py --tiny     only to see that it works
    python benchmarks/soak.py --keep     the figures go into figures.json, from which the pages are made

Each line is a figure of one run against the mock endpoint: the share of a limit that is used over a minute (requests,
then tokens) and the refusals after the first second; requests for each Cell where 2 % are refused and 2 % fail; and
what is lost, doubled or sent again when the process is killed at seeded points and started again.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb
from endpoint import HERE, Mock, mock_endpoint
from figures import add_option, keep
from limits import OF_REQUESTS, OF_TOKENS, RPM, TPM, Faults, Kept, at_limit, faults
from workload import IN_FLIGHT

Shown = TypeVar("Shown", Kept, Faults, "Killed")


class Length(NamedTuple):
    """Seconds at a limit, Cells among faults, Cells and kills of the run that is killed."""

    seconds: int
    faulty: int
    cells: int
    kills: int


LENGTHS = {"long": Length(60, 1_000, 3_000, 20), "tiny": Length(3, 150, 200, 2)}


class Killed(NamedTuple):
    """What kills at seeded points cost: Cells lost, rows doubled, answers that were asked for again."""

    kills: int
    lost: int
    doubled: int
    again: int

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.lost} lost, {self.doubled} doubled, {self.again} sent again "
            f"({self.again / self.kills:.1f} a kill, {IN_FLIGHT} in flight)"
        )


def killed(mock: Mock, directory: Path, cells: int, kills: int) -> Killed:
    """Kill the process at seeded numbers of answers, start it again, and let the last one end."""
    mock.reset()
    mock.configure(latency_ms=50.0)
    points = sorted(random.Random(7).sample(range(IN_FLIGHT, cells), kills))  # noqa: S311 - guards nothing
    command = [sys.executable, str(HERE / "resuming.py"), str(cells), mock.base_url, str(directory)]
    for point in points:
        run = subprocess.Popen(command)
        while mock.stats()["distinct_ok"] < point and run.poll() is None:
            time.sleep(0.01)
        run.kill()
        run.wait()
    subprocess.run(command, check=True)
    seen = mock.stats()
    rows, different = counted(directory)
    return Killed(kills, cells - different, rows - different, round(seen["ok200"] - seen["distinct_ok"]))


def counted(directory: Path) -> tuple[int, int]:
    """Rows of the store, and different Cells among them."""
    with duckdb.connect(directory / "store.duckdb", read_only=True) as store:
        ((rows, cells),) = store.execute("SELECT count(*), count(DISTINCT cell_hash) FROM rating").fetchall()
    return rows, cells


def measure(mock: Mock, place: Path, length: Length) -> dict[str, float]:
    """All figures; each is printed as soon as it is there."""

    def shown(name: str, figure: Shown) -> Shown:
        print(f"{name:<30}{figure}", flush=True)
        return figure

    print(f"Mock server {mock.name}")
    requests = shown(f"{RPM:,} requests a minute", at_limit(mock, place / "rpm", length.seconds, OF_REQUESTS))
    tokens = shown(f"{TPM:,} tokens a minute", at_limit(mock, place / "tpm", length.seconds, OF_TOKENS))
    faulty = shown("2 % refused, 2 % failed", faults(mock, place / "faulty", length.faulty))
    cost = shown("kill -9 and go on", killed(mock, place / "killed", length.cells, length.kills))
    return {
        "rpm_used": requests.used,
        "rpm_refused": requests.refused,
        "tpm_used": tokens.used,
        "tpm_refused": tokens.refused,
        "limit_s": length.seconds,
        "faulty_requests": faulty.requests,
        "faulty_complete": faulty.complete,
        "kills": cost.kills,
        "lost": cost.lost,
        "doubled": cost.doubled,
        "again_a_kill": cost.again / cost.kills,
        "in_flight": IN_FLIGHT,
    }


def main() -> None:
    """Measure, print line by line, and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", dest="length", action="store_const", const="tiny", default="long")
    parser.add_argument("--own-mock", action="store_true", help="use mock_server.py even where the one in C is there")
    add_option(parser)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, mock_endpoint(Path(made), own=said.own_mock) as mock:
        figures = measure(mock, Path(made), LENGTHS[said.length])
        goals = {"rpm_used": ">= 97%", "tpm_used": ">= 97%", "again_a_kill": f"<= {IN_FLIGHT}"}
        keep(said.keep, "soak", figures, goals, command="make soak", mock=mock.name)


if __name__ == "__main__":
    main()
