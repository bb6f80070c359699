"""A small file server, small wheels and small artefacts: all on this machine."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from file_server import serving

from scorer.artefacts import Artefact, ArtefactKind, HttpsSource, WheelPart, WheelSource


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as files:
        yield files


@pytest.fixture
def make_wheel():
    """Writes a wheel that pip accepts, with the given members; returns its path."""

    def write(folder: Path, package: str, version: str, members: dict[str, bytes], metadata: str = "") -> Path:
        name = package.replace("-", "_")
        wheel = folder / f"{name}-{version}-py3-none-any.whl"
        about = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in members.items():
                archive.writestr(path, content)
            archive.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n{metadata}"
            )
            archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{about}/RECORD", "")
        return wheel

    return write


@pytest.fixture
def make_artefact():
    """An artefact pinned to `content`, from an address or from wheel parts (package, version, member)."""

    def make(content: bytes, *, url: str | None = None, parts=(), name: str = "thing", **more) -> Artefact:
        sources = [HttpsSource(url=url)] if url else []
        if parts:
            wheel_parts = [WheelPart(package=p, version=v, member=m) for p, v, m in parts]
            sources.append(WheelSource(parts=tuple(wheel_parts)))
        return Artefact(
            name=name,
            title="A thing",
            kind=ArtefactKind.WEIGHTS,
            file="thing.bin",
            sources=tuple(sources),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            licence="MIT",
            credit="Somebody",
            **more,
        )

    return make
