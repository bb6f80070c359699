"""The cache itself: where it is, what counts as present, what is said when something is in the way."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from scorer.artefacts import ArtefactCache, ArtefactState, LocalSource
from scorer.errors import ArtefactError

CONTENT = b"forty-two bytes of something worth pinning"


@pytest.fixture
def thing(make_artefact):
    return make_artefact(CONTENT, url="https://example.invalid/thing.bin")


@pytest.fixture
def cache(tmp_path, thing):
    return ArtefactCache(tmp_path / "cache", {"thing": thing})


@pytest.fixture
def stick(tmp_path):
    """A directory carried here by hand, with the file in it."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "thing.bin").write_bytes(CONTENT)
    return folder


def test_a_directory_takes_the_place_of_the_network(cache, stick):
    """With `--from DIR` the file is copied and the original stays."""
    assert cache.pull("thing", from_dir=stick).read_bytes() == CONTENT
    assert (stick / "thing.bin").exists()


def test_another_cache_is_a_directory_to_pull_from(cache, stick, tmp_path, thing):
    """A cache copied from another machine works as it is."""
    cache.pull("thing", from_dir=stick)
    there = ArtefactCache(tmp_path / "there", {"thing": thing})
    assert there.pull("thing", from_dir=cache.directory).read_bytes() == CONTENT


def test_a_wrong_file_by_hand_is_refused_and_left_alone(cache, stick):
    """The error tells both hashes; the user's own file is not touched."""
    (stick / "thing.bin").write_bytes(CONTENT.upper())
    with pytest.raises(ArtefactError, match=r"expected sha256 .* found"):
        cache.pull("thing", from_dir=stick)
    assert (stick / "thing.bin").read_bytes() == CONTENT.upper()
    assert cache.state("thing") is ArtefactState.ABSENT


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_an_unhelpful_directory_is_named(cache, tmp_path, folder):
    """What was looked for, and where, stands in the error."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArtefactError, match=folder):
        cache.pull("thing", from_dir=tmp_path / folder)


def test_damage_is_seen_at_every_use(cache, stick):
    """One flipped bit makes a file unusable: no path, a reason with both hashes, and a pull repairs it."""
    path = cache.pull("thing", from_dir=stick)
    path.write_bytes(b"F" + CONTENT[1:])
    assert cache.state("thing") is ArtefactState.DAMAGED
    assert cache.path("thing") is None
    assert not cache.verify("thing")
    with pytest.raises(ArtefactError, match=r"expected sha256 .* found .* run `scorer artefacts pull thing`"):
        cache.require("thing")
    lines = []
    assert cache.pull("thing", from_dir=stick, report=lines.append).read_bytes() == CONTENT
    assert "damaged" in lines[0]
    assert cache.require("thing") == path


def test_a_local_path_is_a_source(tmp_path, stick, thing):
    """A registered local path is used like any other source, and is missed like any other."""
    local = thing.model_copy(update={"sources": (LocalSource(path=str(stick / "thing.bin")),)})
    assert ArtefactCache(tmp_path / "a", {"thing": local}).pull("thing").read_bytes() == CONTENT
    (stick / "thing.bin").unlink()
    with pytest.raises(ArtefactError, match="is not there"):
        ArtefactCache(tmp_path / "b", {"thing": local}).pull("thing")


def test_a_full_disk_is_refused_before_the_first_byte(cache, stick, monkeypatch):
    """The error says what is needed, what is free, and what to do."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    with pytest.raises(ArtefactError, match=r"needs 16\.0 MB .* 0\.0 MB are free; make room, or set SCORER_CACHE"):
        cache.pull("thing", from_dir=stick)
    assert cache.state("thing") is ArtefactState.ABSENT


def test_a_cache_that_cannot_be_written_says_which_variable_moves_it(tmp_path, stick, thing):
    """A file where the directory should be is an ArtefactError with advice, not a traceback."""
    (tmp_path / "taken").write_text("not a directory")
    with pytest.raises(ArtefactError, match="SCORER_CACHE"):
        ArtefactCache(tmp_path / "taken", {"thing": thing}).pull("thing", from_dir=stick)


def test_an_unknown_name_lists_the_known_ones(cache):
    """A slip of the pen is answered with the names there are."""
    with pytest.raises(ArtefactError, match="unknown artefact `thong`; did you mean `thing`"):
        cache.pull("thong")


def test_terms_are_accepted_before_a_pull(stick, thing, tmp_path):
    """An artefact with terms of its own is pulled only by somebody who accepts them."""
    bound = ArtefactCache(
        tmp_path / "bound", {"thing": thing.model_copy(update={"terms": "https://example.invalid/terms"})}
    )
    with pytest.raises(ArtefactError, match=r"https://example\.invalid/terms"):
        bound.pull("thing", from_dir=stick)
    assert bound.pull("thing", from_dir=stick, accept_terms=True).exists()


def test_the_cache_is_the_users_unless_the_environment_says_otherwise(monkeypatch, tmp_path):
    """`SCORER_CACHE` moves the cache; without it the user's cache directory is used."""
    monkeypatch.setenv("SCORER_CACHE", str(tmp_path))
    assert ArtefactCache().directory == tmp_path
    monkeypatch.delenv("SCORER_CACHE")
    assert "onet-ai-coverage" in Path(ArtefactCache().directory).parts
