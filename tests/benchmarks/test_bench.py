"""`make bench` measures what it says it measures; a very short run, and no figure held against a clock."""

import re
import subprocess
import sys

import pytest
from kept_figures import assert_makes
from shared_data import REPOSITORY

RUN = REPOSITORY / "benchmarks" / "run.py"
LINES = {
    "CPU: a stored, validated rating / bare create": "x",
    "a stored, validated rating, CPU": "us",
    "chat.completions.create, CPU": "us",
    "Throughput at 50 ms, 64 in flight / ideal": "%",
    "chat.completions.create, the same": "%",
    "Used of 6,000 requests a minute, 500 ms": "%",
    "Used of 6,000,000 tokens a minute, 500 ms": "%",
    "Requests a Cell, 2 % refused, 2 % failed": "",
    "Cells rated": "%",
    "Store: batches / one row per execute": "x",
    "whole ratings in batches": "rows/s",
    "Peak memory, 100 Cells": "MB",
    "Peak memory, 300 Cells": "MB",
    "a further Cell": "kB",
    "Occupation page, 100 tasks x 5 raters, CPU": "ms",
    "home page, CPU": "ms",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What a run of a few hundred Cells against our own mock server prints, and where it keeps its figures."""
    kept = tmp_path_factory.mktemp("bench") / "figures.json"
    run = subprocess.run(
        [sys.executable, RUN, "--tiny", "--own-mock", "--keep", kept],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, kept


@pytest.fixture(scope="module")
def table(ran):
    """What it prints."""
    return ran[0]


@pytest.mark.parametrize(("line", "unit"), LINES.items())
def test_every_line_has_a_figure(table, line, unit):
    """Each measurement stands in the table once, with a figure in its unit."""
    figures = re.findall(rf"^\s*{re.escape(line)}\s+(-?[\d,.]+)\s?{re.escape(unit)}(?:\s|$)", table, re.MULTILINE)
    assert len(figures) == 1, table
    if unit != "kB":
        assert float(figures[0].replace(",", "")) > 0


def test_the_table_says_what_was_measured_against(table):
    """Goals stand beside the figures, and the mock server is named, since figures with another one differ."""
    assert "<= 0.50 x" in table
    assert ">= 60%" in table
    assert "Mock server in Python" in table


def test_the_figures_that_are_kept_are_those_of_the_pages(ran):
    """The command gives each figure and goal that the pages take from it, with the day, the machine and the commit."""
    assert_makes("bench", ran[1])


def test_batches_are_faster_than_single_rows(table):
    """The store's batches beat one INSERT a row by far, even in a short run beside other work."""
    (ratio,) = re.findall(r"^Store: batches / one row per execute\s+([\d,]+) x", table, re.MULTILINE)
    assert int(ratio.replace(",", "")) >= 2
