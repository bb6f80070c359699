"""Weights that a user names by address and hash, and what a pull says before it begins."""

import hashlib

import pytest

from scorer.artefacts import ArtefactCache, ArtefactState, own_weights, registry
from scorer.errors import ArtefactError
from scorer.workflows.workspace.artefacts import to_pull

CONTENT = b"GGUF and the rest of it" * 1000


@pytest.fixture
def own(server):
    server.files["/model.gguf"] = CONTENT
    return own_weights(server.url("/model.gguf"), hashlib.sha256(CONTENT).hexdigest(), "mine")


def test_weights_at_an_address_are_pulled_and_known_by_their_hash(own, tmp_path):
    """Their size comes from the server, their identity from the user; the bytes decide."""
    cache, told = ArtefactCache(tmp_path, {own.name: own}), []

    path = cache.pull(own.name, report=told.append)

    assert path.read_bytes() == CONTENT
    assert cache.state(own.name) is ArtefactState.PRESENT
    assert any("0.0 MB from https 127.0.0.1/model.gguf" in line for line in told)


def test_other_bytes_than_the_user_named_are_not_kept(own, server, tmp_path):
    """A file of another hash is refused in one line with both hashes, and nothing stays behind."""
    server.files["/model.gguf"] = CONTENT[::-1]
    cache = ArtefactCache(tmp_path, {own.name: own})

    with pytest.raises(ArtefactError, match=f"expected sha256 {own.sha256}, found") as caught:
        cache.pull(own.name)

    assert "\n" not in str(caught.value)
    assert cache.state(own.name) is ArtefactState.ABSENT


def test_an_address_that_is_not_encrypted_is_refused():
    """Weights come over https, or from this machine."""
    with pytest.raises(ArtefactError, match=r"rater `mine`.*https://"):
        own_weights("http://models.example/model.gguf", "0" * 64, "mine")


def test_a_pull_says_beforehand_how_large_it_is(own, tmp_path):
    """The sum and its parts; what has no size yet is said to have none."""
    qwen = registry()["qwen2.5-coder-1.5b-instruct"]
    cache = ArtefactCache(tmp_path, {qwen.name: qwen, own.name: own})

    (line,) = to_pull(cache, [qwen.name, own.name]).told

    assert line.startswith(f"to fetch: 1,117 MB ({qwen.name} 1,117 MB, {own.name} of unknown size)")


def test_what_has_terms_is_left_out_until_it_is_named(tmp_path):
    """A pull of everything leaves Gemma out and says where its terms stand; named without consent it is refused."""
    cache = ArtefactCache(tmp_path)

    found = to_pull(cache, [])

    assert "gemma-3-270m" not in found.names
    assert any("https://ai.google.dev/gemma/terms" in line for line in found.told)
    assert to_pull(cache, ["gemma-3-270m"]).names == ("gemma-3-270m",)
    with pytest.raises(ArtefactError, match=r"ai.google.dev/gemma/terms, then add --accept-terms"):
        cache.pull("gemma-3-270m")
