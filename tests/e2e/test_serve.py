"""`scorer serve` as a process: it says where it is once it is there, and ends when it is asked to."""

import signal
import urllib.request

import pytest
from road import scorer, start_scorer
from shared_data import REPOSITORY


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The tracked release, served on a free port; its workspace, the process, and the address that it printed."""
    place = tmp_path_factory.mktemp("served")
    with start_scorer(place, "serve", str(REPOSITORY / "results.duckdb"), "--port", "0") as process:
        yield place, process, process.stdout.readline().split()[0]
        process.kill()


def test_it_answers_where_it_says_and_a_second_one_is_told(server):
    """The printed address answers; on a port that is taken there is one clear line, nothing else, and status 3."""
    place, _, address = server
    with urllib.request.urlopen(f"{address}/api/release", timeout=60) as answer:  # noqa: S310 - our own server
        assert answer.status == 200
    port = address.rpartition(":")[2]
    said = scorer(place, "serve", "--port", port)
    assert (said.status, said.out) == (3, "")
    assert said.err.splitlines() == [
        f"error: port {port} of 127.0.0.1 is in use: stop what listens there, or name another with --port"
    ]


def test_an_address_that_anybody_reaches_is_refused_before_anything_is_said(command):
    """Without a token neither an address nor advice is printed, only why not, and status 3."""
    said = command("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - that it is refused
    assert (said.status, said.out) == (3, "")
    assert said.err.splitlines()[0].startswith("error: --host 0.0.0.0 can be reached from other machines")
    assert "TLS" not in said.err


def test_ctrl_c_ends_it_cleanly(server):
    """Interrupted, it ends with status 0 and says nothing more."""
    _, process, _ = server
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert (process.stdout.read(), process.stderr.read()) == ("", "")
