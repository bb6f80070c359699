"""Tables of measured figures within the pages: made from benchmarks/figures.json, between marks that stay.

`<!-- measured: speed -->` opens such a table, `<!-- /measured -->` closes it, and what stands between is nobody's to
edit: whoever wants other figures measures them, `make figures`. A goal that was missed says so.
"""

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "benchmarks" / "figures.json"
PAGES = ("README.md", "docs/batch.md", "docs/cluster.md", "docs/researchers.md")
"""The pages that have such tables, or may have."""

_TABLE = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- /measured -->)", re.DOTALL)
_GOAL = re.compile(r"(<=|>=) ([\d.,]+)(%?)")
_SIGN = re.compile(r"(?<=\d)%")
PERCENT, WIDTH = 100, 119

Sections = Mapping[str, Mapping[str, Any]]


class Row(NamedTuple):
    """One row: what is measured and how it is written, with figures of its section in braces, and whose goal it has."""

    section: str
    name: str
    shown: str
    goal: str = ""


SPEED = (
    Row(
        "bench",
        "processor time of a stored, validated rating / a bare `chat.completions.create`",
        "{cpu_ratio:.2f}",
        "cpu_ratio",
    ),
    Row(
        "bench",
        "ratings a second at 50 ms latency, 64 in flight / the ideal; a bare `create` reaches {bare_throughput:.0%}",
        "{throughput:.0%}",
        "throughput",
    ),
    Row(
        "soak",
        "share of 6,000 requests a minute, 500 ms latency, over {limit_s} s; refused",
        "{rpm_used:.0%}; {rpm_refused}",
        "rpm_used",
    ),
    Row(
        "soak",
        "share of 6,000,000 tokens a minute, 500 ms latency, over {limit_s} s; refused",
        "{tpm_used:.0%}; {tpm_refused}",
        "tpm_used",
    ),
    Row(
        "bench",
        "requests a Cell with 2 % refused and 2 % failed; Cells rated",
        "{faulty_requests:.2f}; {faulty_complete:.0%}",
        "faulty_requests",
    ),
    Row(
        "soak",
        "killed with -9 at {kills} seeded points, {in_flight} in flight: lost; doubled; sent again a kill",
        "{lost}; {doubled}; {again_a_kill:.0f}",
        "again_a_kill",
    ),
    Row(
        "bench",
        "whole ratings stored in the processor time of one bare `create`; in a second",
        "{store_speed:.0f}; {store_rows:,.0f}",
        "store_speed",
    ),
    Row("bench", "peak memory, {large_cells:,} Cells at no latency", "{memory_large:.0f} MB", "memory_large"),
    Row(
        "bench",
        "processor time of an occupation page, {page_tasks:,} tasks by 5 raters",
        "{occupation_ms:.0f} ms",
        "occupation_ms",
    ),
)
CLUSTER = (
    Row("cluster", "{cells:,} cells, one of two nodes killed half-way: lost; doubled", "{lost}; {doubled}"),
    Row("cluster", "cells a second, by {workers} workers before the death", "{per_s:,.0f}"),
    Row("cluster", "one worker against two, bound by the processor", "x{busy_factor:.2f}"),
    Row("cluster", "one worker against four that wait for answers", "x{waiting_factor:.1f}"),
    Row(
        "cluster",
        "memory at most: a worker; the office; the process of the run",
        "{worker_mb:,.0f}; {office_mb:,.0f}; {run_mb:,.0f} MB",
    ),
    Row("cluster", "all processes of both nodes, Ray's own included", "{all_mb:,.0f} MB"),
)
BATCHES = (
    Row(
        "batches",
        "processor time of a Cell to plan, draft and hand over; to collect and store",
        "{handing_ms:.2f}; {collecting_ms:.2f} ms",
    ),
    Row(
        "batches",
        "{cells:,} Cells in {files} files, killed with -9 in an upload and in collecting: lost; doubled; asked twice",
        "{lost}; {doubled}; {bought_twice}",
    ),
    Row(
        "batches",
        "memory at most, of the same: handing over; collecting; a command that does nothing",
        "{handing_mb:,.0f}; {collecting_mb:,.0f}; {bare_mb:,.0f} MB",
    ),
)

EMBEDDED = (
    Row("embedded", "by probes, without any label: kappa; r; tasks", "{raw_kappa:.3f}; {raw_pearson:.3f}; {raw_n}"),
    Row(
        "embedded",
        "the same, on tasks held out: kappa; r; tasks",
        "{held_out_kappa:.3f}; {held_out_pearson:.3f}; {held_out_n}",
    ),
    Row(
        "embedded",
        "calibrated on the labels of the other tasks, on those held out: kappa; r; tasks",
        "{calibrated_kappa:.3f}; {calibrated_pearson:.3f}; {calibrated_n}",
    ),
)


def kept() -> Sections:
    """What the measuring commands have kept."""
    sections: Sections = json.loads(FIGURES.read_text(encoding="utf-8"))
    return sections


def table(rows: tuple[Row, ...], sections: Sections) -> str:
    """The rows as a table, with a column of goals where any of them has one, and a line on how it was measured."""
    goals = any(row.goal for row in rows)
    head = ["", "measured", "goal"] if goals else ["", "measured"]
    lines = [head, ["---"] * len(head), *(_cells(row, sections[row.section])[: len(head)] for row in rows)]
    written = "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)
    return f"{_SIGN.sub(' %', written)}\n\n{_how(dict.fromkeys(row.section for row in rows), sections)}\n"


def _cells(row: Row, section: Mapping[str, Any]) -> list[str]:
    figures = section["figures"]
    goal = section["goals"].get(row.goal, "")
    missed = ", missed" if goal and not _met(goal, figures[row.goal]) else ""
    return [row.name.format(**figures), row.shown.format(**figures), f"{goal}{missed}"]


def _met(goal: str, figure: float) -> bool:
    found = _GOAL.match(goal)
    if found is None:
        raise ValueError(f"the goal `{goal}` is none of the form `<= 0.5`")
    limit = float(found[2].replace(",", "")) / (PERCENT if found[3] else 1)
    return figure <= limit if found[1] == "<=" else figure >= limit


def _how(names: Iterable[str], sections: Sections) -> str:
    said = (
        "`{command}` on {date}, revision {revision}: {machine}".format_map(section)
        + (f", the mock endpoint {section['mock']}" if "mock" in section else "")
        for section in (sections[name] for name in names)
    )
    return textwrap.fill(f"Measured by {'; by '.join(said)}.", WIDTH, break_on_hyphens=False)


TABLES: Mapping[str, Callable[[Sections], str]] = {
    "speed": lambda sections: table(SPEED, sections),
    "batches": lambda sections: table(BATCHES, sections),
    "embedded": lambda sections: table(EMBEDDED, sections),
    "cluster": lambda sections: table(CLUSTER, sections),
}


def filled(text: str, sections: Sections) -> str:
    """A page with its tables made anew; other text stays."""
    return _TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]](sections)}{found[3]}", text)
