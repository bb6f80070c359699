"""What rating costs beside the bare SDK, how near it comes to the ideal speed, what memory it takes, what a page costs.

    python benchmarks/run.py            about two minutes and a half
    python benchmarks/run.py --long     more Cells, more rounds, and the memory of 200,000 Cells

Prints a table with the figures of the previous run of the same length beside it. Times depend on the machine and on who
else uses it; ratios are measured side by side in one run.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from endpoint import HERE, mock_endpoint
from measures import LATENCY_MS, cpu, peak_memory_mb, store_rows, throughput
from pages import RATERS, pages
from workload import IN_FLIGHT

LAST = HERE / ".last.json"
GOAL_CELLS = 20_000
ONET = 18_796
"""Tasks of O*NET 30.1."""


class Length(NamedTuple):
    """How much is measured: Cells, rounds, rows, the two sizes between which memory is compared, tasks of a release."""

    cells: int
    rounds: int
    paced: int
    rows: int
    single_rows: int
    memory: tuple[int, int]
    tasks: int


LENGTHS = {
    "short": Length(
        cells=1_000, rounds=3, paced=2_000, rows=20_000, single_rows=200, memory=(5_000, 20_000), tasks=ONET
    ),
    "long": Length(
        cells=3_000, rounds=5, paced=10_000, rows=50_000, single_rows=1_000, memory=(20_000, 200_000), tasks=ONET
    ),
    "tiny": Length(cells=120, rounds=1, paced=200, rows=300, single_rows=20, memory=(100, 300), tasks=100),
}


class Line(NamedTuple):
    """One line of the table: what, how it is written, and the goal where there is one."""

    name: str
    form: str
    goal: str = ""


def lines(length: Length) -> dict[str, Line]:
    """The lines of the table, by the name of their figure."""
    small, large = length.memory
    return {
        "cpu_ratio": Line("CPU: a stored, validated rating / bare create", "{:.2f} x", "<= 0.50 x"),
        "rating_us": Line("  a stored, validated rating, CPU", "{:,.0f} us"),
        "bare_us": Line("  chat.completions.create, CPU", "{:,.0f} us"),
        "throughput": Line(f"Throughput at {LATENCY_MS:.0f} ms, {IN_FLIGHT} in flight / ideal", "{:.0%}", ">= 60%"),
        "bare_throughput": Line("  chat.completions.create, the same", "{:.0%}"),
        "store_ratio": Line("Store: batches / one row per execute", "{:,.0f} x"),
        "store_rows": Line("  whole ratings in batches", "{:,.0f} rows/s"),
        "memory_small": Line(f"Peak memory, {small:,} Cells", "{:,.0f} MB"),
        "memory_large": Line(f"Peak memory, {large:,} Cells", "{:,.0f} MB", "<= 300 MB" if large == GOAL_CELLS else ""),
        "memory_slope": Line("  a further Cell", "{:,.1f} kB"),
        "occupation_ms": Line(
            f"Occupation page, {length.tasks:,} tasks x {len(RATERS)} raters, CPU", "{:.1f} ms", "<= 50 ms"
        ),
        "home_ms": Line("  home page, CPU", "{:.1f} ms"),
    }


def measure(length: Length, *, own_mock: bool) -> tuple[dict[str, float], str]:
    """All figures, and which mock answered."""
    with tempfile.TemporaryDirectory() as made, mock_endpoint(Path(made), own=own_mock) as mock:
        place = Path(made)
        took = cpu(mock, place / "cpu", length.cells, length.rounds)
        speed = throughput(mock, place / "paced", length.paced)
        rows = store_rows(place / "store", length.rows, length.single_rows)
        shown = pages(place / "pages", length.tasks)
        small, large = (peak_memory_mb(mock, place / str(cells), cells) for cells in length.memory)
        return {
            "cpu_ratio": took.ratio,
            "rating_us": took.rating_us,
            "bare_us": took.bare_us,
            "throughput": speed.rating,
            "bare_throughput": speed.bare,
            "store_ratio": rows.batched / rows.one_by_one,
            "store_rows": rows.batched,
            "memory_small": small,
            "memory_large": large,
            "memory_slope": (large - small) * 1024 / (length.memory[1] - length.memory[0]),
            "occupation_ms": shown.occupation_ms,
            "home_ms": shown.home_ms,
        }, mock.name


def table(length: Length, now: dict[str, float], before: dict[str, float]) -> str:
    """The figures as text."""
    rows = [("", "now", "before", "goal")]
    rows += [
        (line.name, line.form.format(now[key]), line.form.format(before[key]) if key in before else "-", line.goal)
        for key, line in lines(length).items()
    ]
    return "\n".join(f"{name:<52}{new:>16}{old:>16}{goal:>12}".rstrip() for name, new, old, goal in rows)


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", dest="length", action="store_const", const="long", default="short")
    parser.add_argument("--tiny", dest="length", action="store_const", const="tiny", help="only to see that it works")
    parser.add_argument("--own-mock", action="store_true", help="use mock_server.py even where the one in C is there")
    said = parser.parse_args()
    length = LENGTHS[said.length]
    kept = json.loads(LAST.read_text()) if LAST.exists() else {}
    figures, mock = measure(length, own_mock=said.own_mock)
    print(table(length, figures, kept.get(said.length, {})))
    print(f"\nMock server {mock}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.")
    if said.length != "tiny":
        LAST.write_text(json.dumps({**kept, said.length: figures}, indent=2) + "\n")


if __name__ == "__main__":
    main()
