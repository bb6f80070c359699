"""The pictures on the pages are made by a command, of the release that ships."""

import os
import struct

import pytest
import screenshots

from scorer.artefacts import ArtefactCache
from scorer.workflows.sources.onet import OFFLINE

LARGEST = 200_000

pytestmark = [
    pytest.mark.skipif(
        not screenshots.CHROMIUM.exists() and "CI" not in os.environ, reason="there is no /usr/bin/chromium here"
    ),
    pytest.mark.skipif(
        ArtefactCache().path(OFFLINE) is None, reason=f"pinned file absent: scorer artefacts pull {OFFLINE}"
    ),
]


def size_of(picture):
    """Width and height of a PNG, as its header says."""
    header = picture.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", header[16:])


def test_the_pictures_are_made_anew_from_the_release(tmp_path):
    """Each picture on the pages comes out of the command again: as large as it is tracked, neither empty nor heavy."""
    made = screenshots.main(tmp_path)
    tracked = sorted((screenshots.ROOT / "docs" / "images").glob("*.png"))
    assert sorted(picture.name for picture in made) == [picture.name for picture in tracked]
    for picture in (*made, *tracked):
        assert size_of(picture) == (screenshots.WIDTH, screenshots.HEIGHT)
        assert 20_000 < picture.stat().st_size < LARGEST, picture
