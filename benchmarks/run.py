"""What rating costs beside the bare SDK, how near it comes to the ideal speed and to a limit, its memory, its pages.

    python benchmarks/run.py            about three minutes
    python benchmarks/run.py --long     more Cells, more rounds, a minute at each limit, the memory of 200,000 Cells
    python benchmarks/run.py --keep     the figures go into figures.json, from which the pages are made

Prints a table with the figures that are kept beside it. Times depend on the machine and on who else uses it; ratios are
measured side by side in one run.
"""

import argparse
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from endpoint import mock_endpoint
from figures import add_option, keep, kept
from limits import OF_REQUESTS, OF_TOKENS, RPM, TPM, at_limit, faults
from measures import LATENCY_MS, cpu, peak_memory_mb, store_rows, throughput
from pages import RATERS, pages
from workload import IN_FLIGHT

GOAL_CELLS = 20_000
STORE_SPEED = 30_000 * 0.00145
"""30,000 rows a second on a machine on which a bare create takes 1.45 ms, as on the one where that goal was set."""
ONET = 18_796
"""Tasks of O*NET 30.1."""


class Length(NamedTuple):
    """How much is measured: Cells, rounds, rows, seconds at a limit, sizes to compare memory at, tasks of a release."""

    cells: int
    rounds: int
    paced: int
    rows: int
    single_rows: int
    seconds: int
    faulty: int
    memory: tuple[int, int]
    tasks: int


LENGTHS = {
    "short": Length(
        cells=1_000,
        rounds=3,
        paced=6_000,
        rows=20_000,
        single_rows=200,
        seconds=15,
        faulty=1_000,
        memory=(5_000, 20_000),
        tasks=ONET,
    ),
    "long": Length(
        cells=3_000,
        rounds=5,
        paced=10_000,
        rows=50_000,
        single_rows=1_000,
        seconds=60,
        faulty=5_000,
        memory=(20_000, 200_000),
        tasks=ONET,
    ),
    "tiny": Length(
        cells=120,
        rounds=1,
        paced=200,
        rows=300,
        single_rows=20,
        seconds=1,
        faulty=60,
        memory=(100, 300),
        tasks=100,
    ),
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
        "rpm_used": Line(f"Used of {RPM:,} requests a minute, 500 ms", "{:.1%}", ">= 97%"),
        "rpm_refused": Line("  requests refused", "{:,.0f}", "0"),
        "tpm_used": Line(f"Used of {TPM:,} tokens a minute, 500 ms", "{:.1%}", ">= 97%"),
        "tpm_refused": Line("  requests refused", "{:,.0f}", "0"),
        "faulty_requests": Line("Requests a Cell, 2 % refused, 2 % failed", "{:.3f}", "<= 1.06"),
        "faulty_complete": Line("  Cells rated", "{:.0%}", "100%"),
        "store_ratio": Line("Store: batches / one row per execute", "{:,.0f} x"),
        "store_rows": Line("  whole ratings in batches", "{:,.0f} rows/s"),
        "store_speed": Line("  whole ratings in the CPU time of one bare create", "{:,.0f}", f">= {STORE_SPEED:.0f}"),
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
        requests = at_limit(mock, place / "rpm", length.seconds, OF_REQUESTS)
        tokens = at_limit(mock, place / "tpm", length.seconds, OF_TOKENS)
        faulty = faults(mock, place / "faulty", length.faulty)
        mock.configure()
        rows = store_rows(place / "store", length.rows, length.single_rows)
        shown = pages(place / "pages", length.tasks)
        small, large = (peak_memory_mb(mock, place / str(cells), cells) for cells in length.memory)
        return {
            "cpu_ratio": took.ratio,
            "rating_us": took.rating_us,
            "bare_us": took.bare_us,
            "throughput": speed.rating,
            "bare_throughput": speed.bare,
            "rpm_used": requests.used,
            "rpm_refused": requests.refused,
            "tpm_used": tokens.used,
            "tpm_refused": tokens.refused,
            "faulty_requests": faulty.requests,
            "faulty_complete": faulty.complete,
            "store_ratio": rows.batched / rows.one_by_one,
            "store_rows": rows.batched,
            "store_speed": rows.batched * took.bare_us / 1e6,
            "memory_small": small,
            "memory_large": large,
            "memory_slope": (large - small) * 1024 / (length.memory[1] - length.memory[0]),
            "occupation_ms": shown.occupation_ms,
            "home_ms": shown.home_ms,
            "large_cells": length.memory[1],
            "page_tasks": length.tasks,
        }, mock.name


def table(length: Length, now: dict[str, float], before: dict[str, float]) -> str:
    """The figures as text."""
    rows = [("", "now", "kept", "goal")]
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
    add_option(parser)
    said = parser.parse_args()
    length = LENGTHS[said.length]
    before = kept().get("bench", {}).get("figures", {}) if said.length == "short" else {}
    figures, mock = measure(length, own_mock=said.own_mock)
    print(table(length, figures, before))
    print(f"\nMock server {mock}; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.")
    goals = {key: line.goal for key, line in lines(length).items() if line.goal}
    keep(said.keep, "bench", figures, goals, command="make bench", mock=mock)


if __name__ == "__main__":
    main()
