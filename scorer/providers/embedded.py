"""An embedded rater's server: llama.cpp in a process of its own, on this machine, for as long as somebody uses it.

A crash of the engine ends that process and not the run; the run is told why. The server listens on 127.0.0.1 at a port
that was free, and opens to a key made for the occasion. It is asked by the same provider as any other endpoint.
"""

import json
import os
import platform
import secrets
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Thread
from typing import IO, Self
from urllib.parse import urlsplit

from scorer.domain.rating import Json
from scorer.errors import ArtefactError, ConfigurationError, PermanentError
from scorer.providers.gguf import GgufHead, read_gguf
from scorer.providers.memory import available_memory
from scorer.providers.provider import Endpoint

ENGINE = "xllamacpp"
CHILD = Path(__file__).with_name("llama_child.py")
LOG_LINES = 40
GRACE_S = 5.0
POLL_S = 0.05

# How a model without a chat template is asked: the messages as a transcript that its next word continues.
TRANSCRIPT = (
    "{% for m in messages %}{% if m['role'] == 'assistant' %} {{ m['content'] }}\n\n"
    "{% elif m['role'] == 'user' %}{{ m['content'] }}\nAnswer:{% else %}{{ m['content'] }}\n\n{% endif %}{% endfor %}"
)

# Memory that a model takes, from those measured (0.1, 0.25 and 1.1 GB of weights take 0.25, 0.38 and 2.0 GB).
MEMORY_PER_BYTE, MEMORY_AT_LEAST = 1.7, 80_000_000


class EmbeddedServer:
    """Starts, watches and stops one server; a context manager.

    One slot and one client give the same answers again; more slots do not.

    Args:
        weights: a GGUF file.
        name: how answers call the model; the file's stem where None.
        threads: of the engine; the cores we may use where None.
        n_ctx: tokens of prompt and answer together.
        patience_s: seconds that loading may take.

    Raises:
        ConfigurationError: the engine is not installed.
        ArtefactError: the weights are missing, or no file that the engine can load.
        PermanentError: the machine has too little memory left for them.
    """

    def __init__(
        self,
        weights: Path,
        *,
        name: str | None = None,
        threads: int | None = None,
        n_ctx: int = 2048,
        patience_s: float = 180.0,
    ) -> None:
        self._weights, self._name = weights, name or weights.stem
        self._threads, self._n_ctx, self._patience_s = threads or usable_cores(), n_ctx, patience_s
        self._version = _engine_version()
        self.head = read_gguf(weights)
        _check_memory(self._name, self.head)
        self._key = secrets.token_urlsafe(32)
        self._child: subprocess.Popen[str] | None = None
        self._readers: list[Thread] = []
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._started: Json = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def endpoint(self) -> Endpoint:
        """Where the running server is asked, and its key."""
        return Endpoint(f"{self._started['address']}/v1", self._key, epitaph=self.epitaph)

    def engine_facts(self) -> Json:
        """What the readings depend on beside weights and prompt: to be stored with the rater, no part of a Cell."""
        return {
            "engine": f"llama.cpp ({ENGINE} {self._version})",
            "threads": self._threads,
            "n_ctx": self._n_ctx,
            "n_parallel": 1,
            "cache_prompt": True,
            "prompt": "the model's chat template" if self.head.has_chat_template else "transcript",
            "machine": f"{platform.system()} {platform.machine()}",
            "processor": self._started.get("processor"),
        }

    def epitaph(self) -> str | None:
        """How the server ended, with its last log lines; None while it runs."""
        code = self._child.poll() if self._child else None
        if code is None:
            return None
        how = f"by signal {-code}" if code < 0 else f"with code {code}"
        last = " | ".join(list(self._log)[-3:]) or "no log line"
        return f"the engine of `{self._name}` ended {how} ({last}); run the same command again to go on"

    def stop(self) -> None:
        """End the server: it leaves when its stdin closes, and is made to where it does not."""
        child = self._child
        if child is None:
            return
        if child.stdin:
            with suppress(OSError):  # it may be gone already
                child.stdin.close()
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for reader in self._readers:
            reader.join(GRACE_S)
        for stream in (child.stdout, child.stderr):
            if stream:
                stream.close()

    def _start(self) -> None:
        self._child = child = subprocess.Popen(  # noqa: S603 - our own script, our own interpreter, no shell
            [sys.executable, "-P", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "OMP_WAIT_POLICY": "passive"},
            start_new_session=True,  # Ctrl-C in a terminal goes to the group: the run drains before the engine stops
        )
        deadline = time.monotonic() + self._patience_s
        self._listen(_drain, child.stderr, self._log)
        self._started = self._introduce(child, deadline)
        self._await_health(deadline)

    def _introduce(self, child: "subprocess.Popen[str]", deadline: float) -> Json:
        """Hand the settings over and read where it listens."""
        settings = {
            "weights": str(self._weights),
            "name": self._name,
            "key": self._key,
            "n_ctx": self._n_ctx,
            "n_parallel": 1,
            "n_threads": self._threads,
            "chat_template": "" if self.head.has_chat_template else TRANSCRIPT,
        }
        said: list[str] = []
        listener = self._listen(_first_line, child.stdout, said)
        with suppress(OSError):  # dead already: its log says why
            print(json.dumps(settings), file=child.stdin, flush=True)
        listener.join(max(0.0, deadline - time.monotonic()))
        started: Json = json.loads(said[0]) if said and said[0] else {"error": self._silence(child)}
        if "address" not in started:
            raise ArtefactError(
                f"the engine cannot load {self._weights}: {self._reason() or started['error']}; "
                "is it a whole GGUF file of a model that llama.cpp knows? `scorer artefacts verify` checks pinned ones"
            )
        return started

    def _listen(self, read: Callable[..., None], stream: IO[str] | None, sink: object) -> Thread:
        """Read a pipe beside the run, so that it never fills."""
        reader = Thread(target=read, args=(stream, sink), daemon=True)
        reader.start()
        self._readers.append(reader)
        return reader

    def _await_health(self, deadline: float) -> None:
        address = urlsplit(self._started["address"])
        while not _is_healthy(str(address.hostname), address.port or 0):
            if epitaph := self.epitaph():
                raise PermanentError(epitaph)
            if time.monotonic() > deadline:
                raise PermanentError(
                    f"the engine of `{self._name}` was not ready in {self._patience_s:g} s; is the machine very busy?"
                )
            time.sleep(POLL_S)

    def _silence(self, child: "subprocess.Popen[str]") -> str:
        with suppress(subprocess.TimeoutExpired):
            child.wait(POLL_S)
        return self.epitaph() or f"no sign of life in {self._patience_s:g} s"

    def _reason(self) -> str | None:
        """The first error of the engine's log, without its time stamp: the later ones only repeat it."""
        time.sleep(POLL_S)  # the log comes by another pipe
        errors = (line.partition(" E ")[2].strip() for line in self._log)
        return next((line for line in errors if line), None)


def usable_cores() -> int:
    """Cores that this process may run on."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _engine_version() -> str:
    try:
        return version(ENGINE)
    except PackageNotFoundError:
        raise ConfigurationError("embedded raters need the engine: pip install 'onet-ai-coverage[embedded]'") from None


def _check_memory(name: str, head: GgufHead) -> None:
    needed, free = round(MEMORY_PER_BYTE * head.size) + MEMORY_AT_LEAST, available_memory()
    if free is not None and free < needed:
        raise PermanentError(
            f"`{name}` needs about {needed / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free: "
            "close other programs, or take a smaller rater"
        )


def _is_healthy(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200  # noqa: PLR2004 - HTTP's word for fine
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _drain(stream: IO[str], log: "deque[str]") -> None:
    for line in stream:
        log.append(line.strip())


def _first_line(stream: IO[str], said: list[str]) -> None:
    said.append(stream.readline())
