"""The mock endpoint as a process: the one written in C where its source and a compiler are here, else our own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workload import answer

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("SCORER_SHARED") or HERE.parents[1] / "shared")
PATIENCE_S = 20


class Mock:
    """A running mock: where it is, and its knobs."""

    def __init__(self, port: int, name: str) -> None:
        self.name, self.base_url, self._root = name, f"http://127.0.0.1:{port}/v1", f"http://127.0.0.1:{port}"

    def latency(self, milliseconds: float) -> None:
        """How long each answer takes from now on, nothing else being in its way."""
        self.configure(latency_ms=milliseconds)

    def configure(self, **knobs: float) -> None:
        """Latency, shares of failures, limits a minute; what is not said is off."""
        said = dict.fromkeys(("latency_ms", "sigma", "p429", "p500", "rpm", "tpm"), 0.0) | knobs
        self._call("/__config?" + "&".join(f"{name}={value}" for name, value in said.items()))

    def stats(self) -> dict[str, float]:
        """Requests, answers, refusals and failures since the last `reset`."""
        return self._call("/__stats")

    def answered(self) -> int:
        """Completions since the last `reset`."""
        return int(self._call("/__stats")["ok200"])

    def reset(self) -> None:
        """Count from zero."""
        self._call("/__reset")

    def says(self, text: str) -> None:
        """What every completion says."""
        self._call("/__content", json.dumps(text)[1:-1].encode())

    def _call(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        with urllib.request.urlopen(self._root + path, data=body, timeout=PATIENCE_S) as reply:  # noqa: S310 - our own server
            return dict(json.load(reply))


@contextmanager
def mock_endpoint(directory: Path, *, own: bool = False) -> Iterator[Mock]:
    """A mock that gives valid answers, as long as the block runs.

    Args:
        directory: for the compiled one.
        own: take our own even where the other could be had.
    """
    port = _free_port()
    compiled = None if own else _compiled(directory)
    start = [str(compiled), "-p"] if compiled else [sys.executable, str(HERE / "mock_server.py"), "--port"]
    server = subprocess.Popen([*start, str(port)], stdout=subprocess.DEVNULL)
    try:
        _await(port, server)
        mock = Mock(port, "in C" if compiled else "in Python")
        mock.says(answer())
        yield mock
    finally:
        server.kill()
        server.wait()


def _compiled(directory: Path) -> Path | None:
    source, compiler, program = SHARED / "tools" / "mock_llm.c", shutil.which("gcc"), directory / "mock_llm"
    if not (compiler and source.is_file()):
        return None
    built = subprocess.run([compiler, "-O2", "-o", program, source, "-lm"], capture_output=True, check=False)
    return program if built.returncode == 0 else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"the mock server does not answer on port {port}")
