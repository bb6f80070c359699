"""How the engine keeps to a limit and what faults cost it: minutes, not seconds.

    python benchmarks/soak.py            about six minutes
    python benchmarks/soak.py --tiny     only to see that it works

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
from typing import NamedTuple

import duckdb
from endpoint import HERE, Mock, mock_endpoint
from limits import OF_REQUESTS, OF_TOKENS, RPM, TPM, faults, kept
from workload import IN_FLIGHT


class Length(NamedTuple):
    """Seconds at a limit, Cells among faults, Cells and kills of the run that is killed."""

    seconds: int
    faulty: int
    cells: int
    kills: int


LENGTHS = {"long": Length(60, 1_000, 3_000, 20), "tiny": Length(3, 150, 200, 2)}


def killed(mock: Mock, directory: Path, cells: int, kills: int) -> str:
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
    again = seen["ok200"] - seen["distinct_ok"]
    return (
        f"{kills} kills: {cells - different} lost, {rows - different} doubled, {again:.0f} sent again "
        f"({again / kills:.1f} a kill, {IN_FLIGHT} in flight)"
    )


def counted(directory: Path) -> tuple[int, int]:
    """Rows of the store, and different Cells among them."""
    with duckdb.connect(directory / "store.duckdb", read_only=True) as store:
        ((rows, cells),) = store.execute("SELECT count(*), count(DISTINCT cell_hash) FROM rating").fetchall()
    return rows, cells


def main() -> None:
    """Measure and print, line by line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiny", dest="length", action="store_const", const="tiny", default="long")
    parser.add_argument("--own-mock", action="store_true", help="use mock_server.py even where the one in C is there")
    said = parser.parse_args()
    length = LENGTHS[said.length]
    with tempfile.TemporaryDirectory() as made, mock_endpoint(Path(made), own=said.own_mock) as mock:
        place = Path(made)
        lines = {
            f"{RPM:,} requests a minute": lambda: kept(mock, place / "rpm", length.seconds, OF_REQUESTS),
            f"{TPM:,} tokens a minute": lambda: kept(mock, place / "tpm", length.seconds, OF_TOKENS),
            "2 % refused, 2 % failed": lambda: faults(mock, place / "faulty", length.faulty),
            "kill -9 and go on": lambda: killed(mock, place / "killed", length.cells, length.kills),
        }
        print(f"Mock server {mock.name}")
        for name, measure in lines.items():
            print(f"{name:<30}{measure()}", flush=True)


if __name__ == "__main__":
    main()
