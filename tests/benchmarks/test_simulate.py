"""`make simulate` in short: the tables of the page from few draws, near the ones that are tracked."""

import importlib.util
import re

import pytest
from shared_data import REPOSITORY

DRAWS = 60
"""Binomial standard error of one cell .028, of the mean over the fifty cells below .004."""

CELL = re.compile(r"\| ([01]\.\d{3}|not estimable) (?=\|)")


@pytest.fixture(scope="module")
def simulate():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("simulate", REPOSITORY / "benchmarks" / "simulate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_simulations_comes_out_of_its_command(simulate):
    """The same tables, row by row; the same cells not estimable; coverages that agree on the average."""
    again, tracked = simulate.page(DRAWS), simulate.PAGE.read_text(encoding="utf-8")
    assert rows_of(again) == rows_of(tracked)
    ours, theirs = ([cell for cell in CELL.findall(page) if cell[0] in "01"] for page in (again, tracked))
    assert len(ours) == len(theirs) > 40
    assert mean(ours) == pytest.approx(mean(theirs), abs=0.02)


def rows_of(page):
    """The rows of all tables with what was simulated, without the coverages that came out."""
    return [
        re.sub(r"\d+\.\d\d?\d? \|$|0\.\d{3} \||1\.000 \|", "", line) for line in page.splitlines() if line[:2] == "| "
    ]


def mean(cells):
    """Of coverages as they are written."""
    return sum(map(float, cells)) / len(cells)
