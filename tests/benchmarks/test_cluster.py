"""`benchmarks/cluster.py` in small: a run on two nodes of which one dies, and the figures that a page takes."""

import json
import subprocess
import sys

import pytest
from kept_figures import assert_makes
from shared_data import REPOSITORY

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where a run of some hundred Cells against our own mock server keeps its figures."""
    place = tmp_path_factory.mktemp("cluster") / "figures.json"
    command = [sys.executable, REPOSITORY / "benchmarks" / "cluster.py", "--tiny", "--own-mock", "--keep", place]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=580)
    assert run.returncode == 0, run.stderr
    return place


def test_the_figures_that_are_kept_are_those_of_the_pages(kept):
    """The command gives each figure that the page takes from it, with the day, the machine and the commit."""
    assert_makes("cluster", kept)


def test_a_node_that_dies_loses_and_doubles_nothing(kept):
    """Every Cell has one row, and no more was asked again than the dead held."""
    figures = json.loads(kept.read_text())["cluster"]["figures"]
    assert (figures["cells"], figures["lost"], figures["doubled"]) == (600, 0, 0)
