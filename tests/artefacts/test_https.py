"""Pulling over https (here http on this machine): whole, resumed, refused, unreachable."""

import hashlib
import socket
import subprocess
import sys
import textwrap
import threading

import pytest

from scorer.artefacts import ArtefactCache, ArtefactState
from scorer.artefacts import download as download_module
from scorer.artefacts.source import printable
from scorer.errors import ArtefactError

CONTENT = hashlib.shake_256(b"https").digest(3_000_000)


@pytest.fixture
def thing(server, make_artefact):
    server.files["/thing.bin"] = CONTENT
    return make_artefact(CONTENT, url=server.url("/thing.bin"))


@pytest.fixture
def cache(tmp_path, thing):
    return ArtefactCache(tmp_path, {"thing": thing})


def test_a_pull_brings_the_pinned_bytes_and_nothing_else(cache):
    """After a pull the folder holds the file alone, and it counts as present."""
    assert cache.state("thing") is ArtefactState.ABSENT
    path = cache.pull("thing")
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]
    assert cache.state("thing") is ArtefactState.PRESENT
    assert cache.path("thing") == path


def test_what_is_present_is_not_fetched_again(cache, server):
    """A second pull asks nobody."""
    cache.pull("thing")
    cache.pull("thing")
    assert len(server.asked) == 1


def test_a_broken_download_goes_on_where_it_stopped(cache, server):
    """What came is kept, does not count as present, and the next pull asks for the rest only."""
    server.break_after = 2_000_000
    with pytest.raises(ArtefactError, match="run the same command again"):
        cache.pull("thing")
    assert cache.state("thing") is ArtefactState.PARTIAL
    assert cache.path("thing") is None
    server.break_after = None
    assert cache.pull("thing").read_bytes() == CONTENT
    assert server.asked[-1] == ("/thing.bin", "bytes=2000000-")


def test_a_server_that_ignores_ranges_restarts_the_download(cache, server):
    """A whole answer to a question for the rest replaces what was there."""
    server.break_after = 1_000_000
    with pytest.raises(ArtefactError):
        cache.pull("thing")
    server.break_after, server.knows_ranges = None, False
    assert cache.pull("thing").read_bytes() == CONTENT


def test_a_process_killed_in_the_middle_leaves_a_resumable_part(cache, server, thing):
    """SIGKILL during a download leaves nothing that counts as present, and no lock; the next pull goes on."""
    server.hold_after = 2_500_000
    program = f"""
        from pathlib import Path
        from scorer.artefacts import Artefact, ArtefactCache
        thing = Artefact.model_validate_json({thing.model_dump_json()!r})
        ArtefactCache(Path({str(cache.directory)!r}), {{"thing": thing}}).pull("thing")
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)]) as process:
        assert server.reached.wait(30)
        part = cache.directory / "thing" / "thing.bin.https.part"
        while not part.exists() or part.stat().st_size < 2_000_000:
            assert process.poll() is None
        process.kill()
    assert cache.state("thing") is ArtefactState.PARTIAL
    server.hold_after = None
    assert cache.pull("thing").read_bytes() == CONTENT
    assert server.asked[-1][1] is not None


def test_other_bytes_of_the_same_length_are_refused(cache, server):
    """A wrong hash is one error with the expected and the found hash; nothing is kept."""
    forged = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    server.files["/thing.bin"] = forged
    with pytest.raises(ArtefactError) as refused:
        cache.pull("thing")
    assert hashlib.sha256(CONTENT).hexdigest() in str(refused.value)
    assert hashlib.sha256(forged).hexdigest() in str(refused.value)
    assert list((cache.directory / "thing").iterdir()) == []


def test_a_page_of_another_length_is_known_before_a_byte_is_kept(cache, server):
    """A login page in the file's place is refused by its length and leaves nothing behind."""
    server.files["/thing.bin"] = b"<html>please log in</html>"
    with pytest.raises(ArtefactError, match="offers 26 bytes, the pinned file has 3000000"):
        cache.pull("thing")
    assert cache.state("thing") is ArtefactState.ABSENT


def test_a_missing_file_is_said_in_one_line_without_its_query(server, make_artefact, tmp_path):
    """HTTP 404 passes the source over; neither the line nor the error shows a query that may hold a secret."""
    gone = make_artefact(CONTENT, url=server.url("/gone.bin?token=geheim"))
    lines = []
    with pytest.raises(ArtefactError, match="answers 404") as refused:
        ArtefactCache(tmp_path, {"thing": gone}).pull("thing", report=lines.append)
    assert [line for line in lines if "passed over" in line] == lines[1:]
    assert len(lines) == 2
    assert "geheim" not in str(refused.value) + "".join(lines)


def test_other_programs_words_are_repeated_without_secrets():
    """Credentials and queries of addresses are taken out of what pip or a server says; the rest is one line."""
    said = "cannot fetch\n  https://user:geheim@host.example/simple?token=geheim now"
    assert printable(said) == "cannot fetch https://host.example/simple now"


def test_an_unreachable_source_gives_way_to_the_next(server, make_artefact, tmp_path):
    """A refused connection is one line, and the mirror answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/thing.bin"
    server.files["/thing.bin"] = CONTENT
    first = make_artefact(CONTENT, url=dead)
    second = make_artefact(CONTENT, url=server.url("/thing.bin"))
    both = first.model_copy(update={"sources": first.sources + second.sources})
    lines = []
    assert ArtefactCache(tmp_path, {"thing": both}).pull("thing", report=lines.append).read_bytes() == CONTENT
    assert sum("passed over" in line for line in lines) == 1
    assert "not reachable" in lines[1]


def test_a_source_that_never_answers_is_given_up(make_artefact, tmp_path, monkeypatch):
    """Silence after the connection is not waited for longer than the opening may take."""
    monkeypatch.setattr(download_module, "OPEN_WITHIN_S", 0.2)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        silent = make_artefact(CONTENT, url=f"http://127.0.0.1:{deaf.getsockname()[1]}/thing.bin")
        with pytest.raises(ArtefactError, match="no answer within"):
            ArtefactCache(tmp_path, {"thing": silent}).pull("thing")


def test_two_pulls_at_once_fetch_once(cache, server, thing):
    """The second waits for the first, says so, and finds the file present."""
    server.hold_after = 1_000
    lines, paths, waiting = [], [], threading.Event()

    def second():
        def tell(line):
            lines.append(line)
            waiting.set()

        paths.append(ArtefactCache(cache.directory, {"thing": thing}).pull("thing", report=tell))

    threads = [threading.Thread(target=lambda: paths.append(cache.pull("thing"))), threading.Thread(target=second)]
    threads[0].start()
    assert server.reached.wait(30)
    threads[1].start()
    assert waiting.wait(30)
    server.release.set()
    for thread in threads:
        thread.join()
    assert paths[0] == paths[1]
    assert paths[0].read_bytes() == CONTENT
    assert lines == ["thing: another process is pulling it; waiting"]
    assert len(server.asked) == 1
