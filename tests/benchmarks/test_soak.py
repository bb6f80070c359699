"""`make soak` in small: a limit that is kept, faults that cost little, kills that cost nothing that was answered."""

import re
import subprocess
import sys

import pytest
from kept_figures import assert_makes
from shared_data import REPOSITORY


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What a run of seconds against our own mock server prints, and where it keeps its figures."""
    kept = tmp_path_factory.mktemp("soak") / "figures.json"
    command = [sys.executable, REPOSITORY / "benchmarks" / "soak.py", "--tiny", "--own-mock", "--keep", kept]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stderr
    return run.stdout, kept


@pytest.fixture(scope="module")
def said(ran):
    """What it prints."""
    return ran[0]


def test_the_figures_that_are_kept_are_those_of_the_pages(ran):
    """The command gives each figure and goal that the pages take from it, with the day, the machine and the commit."""
    assert_makes("soak", ran[1])


def test_an_endpoint_that_enforces_its_limits_refuses_nothing(said):
    """Paced by a stated limit of requests, then of tokens: not one 429, and every Cell rated."""
    assert re.findall(r"(\d+) refused, (\d+) of (\d+) rated", said) == [("0", "300", "300"), ("0", "214", "214")]


def test_two_in_a_hundred_refused_and_failed_cost_little(said):
    """Every Cell is rated, for at most 1.15 requests each in so small a run."""
    ((complete, requests),) = re.findall(r"(\d+)% complete, ([\d.]+) requests a Cell", said)
    assert complete == "100"
    assert 1.0 < float(requests) <= 1.15


def test_a_process_that_is_killed_loses_and_doubles_nothing(said):
    """Killed with -9 at seeded points: every Cell has one row, and no more is sent again than was in flight."""
    ((lost, doubled, again, in_flight),) = re.findall(
        r"(\d+) lost, (\d+) doubled, \d+ sent again \(([\d.]+) a kill, (\d+) in flight\)", said
    )
    assert (lost, doubled) == ("0", "0")
    assert float(again) <= int(in_flight)
