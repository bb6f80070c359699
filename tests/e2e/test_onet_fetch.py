"""Fetching a release from an address: whole, gone on from, refused, cached; the store changes only at the end."""

import io
import zipfile

import pytest
from file_server import serving
from road import invented_tasks, write_onet

NAME = "db_30_3_text.zip"


@pytest.fixture
def archive(tmp_path):
    """The bytes of an official archive with invented tasks."""
    directory = write_onet(tmp_path / "source" / "db_30_3_text", invented_tasks(occupations_per_group=1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:  # stored, so that it is long enough to break off
        for path in sorted(directory.iterdir()):
            out.write(path, f"db_30_3_text/{path.name}")
    return packed.getvalue()


@pytest.fixture
def server(archive, monkeypatch, tmp_path):
    """A mirror that has it, and a cache of the test's own."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("SCORER_CACHE", str(tmp_path / "cache"))
    with serving() as files:
        files.files[f"/mirror/{NAME}"] = archive
        yield files


@pytest.fixture
def fetch(command, server):
    """`scorer onet fetch` of release 30.3 from that mirror."""

    def fetching(*more, fails=False):
        words = ("onet", "fetch", "--release", "30.3", "--base-url", server.url("/mirror"), *more)
        return failing(command, *words) if fails else command(*words)

    return fetching


def failing(command, *words):
    """The error of a command that ends with status 3, after what it told of its progress."""
    said = command(*words)
    assert (said.status, said.out) == (3, ""), said
    *_, line = said.err.splitlines()
    assert line.startswith("error: ")
    return line


def releases(command):
    return command.query("SELECT name, source FROM catalogue_release ORDER BY name")


def test_a_release_is_fetched_and_imported(command, fetch, server, tmp_path):
    """It stands beside the one that was here, with the sha256 and the address of its archive."""
    said = fetch()
    assert said.status == 0, said
    assert "O*NET 30.3: 12 occupations, 12 with tasks; 144 tasks" in said.out
    ((name, source), _) = releases(command)
    sha256, address = (tmp_path / "cache" / "onet" / f"{NAME}.sha256").read_text().split()
    assert name == "30.3"
    assert source == f"O*NET files: {NAME}, sha256 {sha256}, {address}"
    assert address == server.url(f"/mirror/{NAME}")


def test_what_was_fetched_is_not_fetched_again(fetch, server):
    """The second time nobody is asked, and nothing is added."""
    fetch()
    asked = len(server.asked)
    said = fetch()
    assert len(server.asked) == asked
    assert "(was here already)" in said.out
    assert "here already, sha256" in said.err


def test_a_broken_download_leaves_the_store_and_is_gone_on_from(command, fetch, server, archive):
    """The message says so; the next fetch asks for the rest only, and the whole is right."""
    server.break_after = 10_000
    line = fetch(fails=True)
    assert "ended after 10000 of" in line
    assert "run the same command again to go on from there" in line
    assert len(releases(command)) == 1
    server.break_after = None
    assert fetch().status == 0
    assert server.asked[-1] == (f"/mirror/{NAME}", "bytes=10000-")
    assert len(archive) > 10_000


@pytest.mark.parametrize("form", ["excel", "mysql"])
def test_an_archive_that_the_mirror_does_not_have(command, fetch, server, form):
    """404 is said with the address that was asked, and what to do."""
    line = fetch("--form", form, fails=True)
    assert f"{server.url('/mirror')}/db_30_3_{form}.zip answers 404" in line
    assert "--base-url" in line
    assert len(releases(command)) == 1


def test_a_login_page_is_no_archive(command, fetch, server, tmp_path):
    """Something else under the name is refused and not kept."""
    server.files[f"/mirror/{NAME}"] = b"<html>Please sign in</html>"
    assert "no zip archive (the login page of a proxy?)" in fetch(fails=True)
    assert not list((tmp_path / "cache" / "onet").glob("*.zip*t"))
    assert len(releases(command)) == 1


def test_a_damaged_archive_is_forgotten(command, fetch, server, archive):
    """A whole zip whose content is spoilt adds nothing, and the next fetch starts anew."""
    spoilt = bytearray(archive)
    spoilt[archive.index(b"Carry out step 0") + 3] ^= 0xFF
    server.files[f"/mirror/{NAME}"] = bytes(spoilt)
    assert "cannot be read" in fetch(fails=True)
    assert len(releases(command)) == 1
    server.files[f"/mirror/{NAME}"] = archive
    assert fetch().status == 0
    assert server.asked[-1] == (f"/mirror/{NAME}", None)


def test_a_cache_whose_bytes_changed_is_not_trusted(fetch, server, tmp_path):
    """An archive that is no longer the one that was fetched is fetched anew, and said to be."""
    fetch()
    kept = tmp_path / "cache" / "onet" / NAME
    kept.write_bytes(kept.read_bytes()[:-1])
    said = fetch()
    assert "damaged in the cache" in said.err
    assert (said.status, server.asked[-1]) == (0, (f"/mirror/{NAME}", None))


@pytest.mark.usefixtures("server")
def test_without_a_network_the_message_says_what_to_do(command):
    """Proxy, mirror, or bring it by hand: the three ways are named, and so is the address."""
    with serving() as gone:
        address = gone.url("")
    line = failing(command, "onet", "fetch", "--base-url", address)
    assert f"{address}/db_30_1_text.zip not reachable" in line
    assert "HTTPS_PROXY" in line
    assert "--base-url" in line
    assert "by hand" in line


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--base-url", "http://mirror.example/db"), "an address must begin with https://"),
        (("--base-url", "file:///etc"), "an address must begin with https://"),
        (("--release", "newest"), "release `newest` is not a number such as 30.1"),
        (("--release", "../30.1"), "is not a number such as 30.1"),
        (("--form", "access"), "unknown form `access`; choose one of text, excel, mysql"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(command, server, words, why):
    """No address but https, no name but a release number, no form that O*NET does not publish."""
    assert why in command.fails("onet", "fetch", *words)
    assert server.asked == []


def test_a_secret_in_the_address_is_told_nobody(command, server):
    """User and password of a mirror stand in no message and not in the store."""
    address = server.url("/mirror").replace("http://", "http://user:topsecret@")
    said = command("onet", "fetch", "--release", "30.3", "--base-url", address)
    assert "topsecret" not in said.out + said.err + str(releases(command))
