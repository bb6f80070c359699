"""`scorer rate --engine ray` on two nodes: a node dies, a budget ends, somebody presses Ctrl-C, an address is wrong."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import psutil
import pytest
from inside import KEY_NAME
from road import endpoint, invented_tasks, scorer, start_scorer, stats, wait_for, write_answers, write_onet
from shared_data import REPOSITORY

TASKS = invented_tasks(occupations_per_group=2)
KEY = "sk-test-77c0ffee19"
RATER = """
[raters.{name}]
provider = "openai"
model = "{name}-2026-01-31"
base_url = "{url}"
api_key_env = "{key_name}"
limits = {{ {limits} }}
price = {{ input = 1000.0, output = 1000.0 }}
[ray]
workers = 2
"""
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray's way to say that all addresses are 127.0.0.1, as they are where the scorer starts a cluster itself."""
HELD = 32
"""Cells that a worker holds of a rater with few requests in flight."""


RATE = ("rate", "--all", "--yes", "--engine", "ray")


class Nodes:
    """Two nodes in a process of their own, which know the key."""

    def __init__(self) -> None:
        command = [sys.executable, REPOSITORY / "benchmarks" / "nodes.py", "--cpus", "1"]
        env = {**os.environ, **LOOPBACK, KEY_NAME: KEY}
        pipe = subprocess.PIPE
        self._server = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self.address = self._server.stdout.readline().strip()

    def order(self, what):
        self._server.stdin.write(f"{what}\n")
        self._server.stdin.flush()
        assert self._server.stdout.readline().strip() == what

    def listening(self):
        """The addresses on which the processes of the nodes listen."""
        processes = psutil.Process(self._server.pid).children(recursive=True)
        return [
            one.laddr.ip.removeprefix("::ffff:")
            for process in processes
            for one in process.net_connections("inet")
            if one.status == "LISTEN"
        ]

    def close(self):
        self._server.communicate()  # closes stdin, on which it ends


@pytest.fixture(scope="module")
def nodes():
    cluster = Nodes()
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A workspace that knows 288 tasks; copied, never used itself."""
    place = tmp_path_factory.mktemp("known")
    scorer(place, "onet", "import", str(write_onet(place / "db_30_9_text", TASKS)))
    return place


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    answers = write_answers(tmp_path_factory.mktemp("answers") / "answers.json", TASKS)
    with endpoint("--answers", str(answers), "--key", KEY, "--latency", "0.05") as address:
        yield address


@pytest.fixture
def workspace(tmp_path, known, url):
    """A workspace of the test's own whose rater is `NAME`, and how to name a rater anew."""
    place = tmp_path / "workspace"
    shutil.copytree(known, place)

    def named(name, limits="concurrency = 8"):
        (place / "scorer.toml").write_text(RATER.format(name=name, url=url, key_name=KEY_NAME, limits=limits))
        return place

    return named


def rows(workspace):
    """Ratings in the store, and different Cells among them."""
    with duckdb.connect(workspace / ".scorer" / "store.duckdb", read_only=True) as store:
        return store.execute("SELECT count(*), count(DISTINCT cell_hash) FROM rating").fetchone()


def test_a_node_that_dies_loses_and_doubles_nothing(workspace, nodes, url):
    """One of two nodes is killed half-way: one row a Cell, and no more asked again than its worker held."""
    place, before = workspace("killed"), stats(url).get("200", 0)
    run = start_scorer(place, *RATE, "--address", nodes.address, "--json", **LOOPBACK)
    wait_for(lambda: stats(url).get("200", 0) - before >= 120, seconds=150)
    listening = nodes.listening()
    nodes.order("kill")
    out, err = run.communicate(timeout=150)
    assert run.returncode == 0, err
    assert json.loads(out)["complete"]
    assert rows(place) == (len(TASKS), len(TASKS))
    assert stats(url)["200"] - before <= len(TASKS) + HELD
    assert set(listening) == {"127.0.0.1"}
    nodes.order("add")


def test_a_budget_ends_a_run_on_all_nodes(workspace, nodes, url):
    """No more is spent than was allowed, by whichever worker; exit 1, and a new budget goes on."""
    place, before = workspace("paid"), stats(url).get("200", 0)
    (line,) = scorer(place, "plan", "--all", "--json").json()["estimates"]
    budget = line["usd"]["online"] / 4
    said = scorer(place, *RATE, "--address", nodes.address, "--json", "--budget-usd", f"{budget}", **LOOPBACK)
    report = said.json()
    assert said.status == 1, said.err
    assert "is spent" in report["budget_problem"]
    assert 0 < report["cost_usd"] <= budget
    assert 0 < rows(place)[0] == stats(url)["200"] - before < len(TASKS)


def test_ctrl_c_drains_the_workers(workspace, nodes, url):
    """One interrupt lets what is in flight arrive and exits 1: all that was answered is kept."""
    place, before = workspace("stopped"), stats(url).get("200", 0)
    run = start_scorer(place, *RATE, "--address", nodes.address, **LOOPBACK)
    wait_for(lambda: stats(url).get("200", 0) - before >= 30, seconds=150)
    os.kill(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=150)
    assert run.returncode == 1, err
    assert "still missing: run the same command again" in out
    assert rows(place)[0] == stats(url)["200"] - before < len(TASKS)


def test_no_key_is_in_what_ray_writes(nodes):
    """The workers had the key and used it; it is in no log, no state and no argument of a process of Ray."""
    written = [path for path in Path("/tmp/ray/session_latest/").resolve().rglob("*") if path.is_file()]  # noqa: S108 - where Ray writes
    assert written
    assert not [path for path in written if KEY.encode() in path.read_bytes()]
    assert nodes.address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", "no Ray cluster answers at 127.0.0.1:1"),
        ("127.0.0.1:{port}", "cannot join the Ray cluster at"),
        ("ray://127.0.0.1:10001", "is no address"),
    ],
)
def test_an_unreachable_cluster_is_one_line(workspace, url, address, said):
    """Nobody there, somebody else there, and no address at all: nothing is sent, and it is said within seconds."""
    address = address.format(port=url.removesuffix("/v1").rpartition(":")[2])
    got = scorer(workspace("away"), *RATE, "--address", address)
    assert (got.status, got.out) == (3, "")
    (line,) = got.err.splitlines()
    assert said in line


def test_what_ray_cannot_do_is_said_before_anything_is_planned(command, monkeypatch):
    """An embedded rater, the missing extra, and an address with another engine are told, by whichever command."""
    for asked in (("rate",), ("profiles", "make")):
        assert command(*asked, "--all", "--address", "127.0.0.1:1").status == 2
    assert "use --engine local" in command.fails("rate", "--all", "--engine", "ray", "--rater", "smollm2-135m-instruct")
    command.configure("http://127.0.0.1:1/v1")
    monkeypatch.setattr("scorer.workflows.rating.engines.find_spec", lambda _name: None)
    assert "pip install 'onet-ai-coverage[ray]'" in command.fails("rate", "--all", "--engine", "ray")
