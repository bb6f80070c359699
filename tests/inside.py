"""The command in this process, a second quicker than a process of its own, and endpoints that answer as told."""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from fake_openai import completion, fill
from fake_server import serve
from road import Said

from scorer.cli import main
from scorer.domain.rating import Rater
from scorer.providers import Endpoint, open_provider
from scorer.rating import Patience
from scorer.workflows.rating.raters import Reached, reach
from scorer.workflows.workspace.bench import Bench

HASTY = Patience(attempts=2, elapsed_s=1.0, first_wait_s=0.01, longest_wait_s=0.02)
KEY_NAME = "SCORER_TEST_KEY"
PROGRESS = re.compile(r"(run \S+: )?(rated|stopping)\b")

Json = dict
Respond = Callable[[Json, str], tuple[int, Json | str]]


class Command:
    """`scorer --workspace DIR ...` in this process."""

    def __init__(self, workspace: Path, monkeypatch, capsys) -> None:
        self.workspace, self._monkeypatch, self._capsys = workspace, monkeypatch, capsys

    def __call__(self, *words: object) -> Said:
        """Exit status and what was said; anything but a clean exit, a traceback for one, fails the test."""
        self._capsys.readouterr()
        arguments = ["scorer", "--workspace", str(self.workspace), *map(str, words)]
        self._monkeypatch.setattr(sys, "argv", arguments)
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code or 0
        said = self._capsys.readouterr()
        return Said(status, said.out, said.err)

    def fails(self, *words: object) -> str:
        """The one clear line of a command that ends with status 3 and prints nothing else."""
        said = self(*words)
        assert (said.status, said.out) == (3, ""), said
        (line,) = [line for line in said.err.splitlines() if not PROGRESS.match(line)]
        assert line.startswith("error: ")
        return line

    def configure(self, url: str, name: str = "scripted", *, has_key: bool = False, more: str = "") -> None:
        """A scorer.toml with one rater at an address."""
        key = f'api_key_env = "{KEY_NAME}"\n' if has_key else ""
        price = "" if "price" in more or not has_key else "price = { input = 0.1, output = 0.4 }\n"
        (self.workspace / "scorer.toml").write_text(
            f'[raters.{name}]\nprovider = "openai"\nmodel = "{name}-model"\nbase_url = "{url}"\n'
            f"limits = {{ concurrency = 2 }}\n{key}{price}{more}"
        )

    def query(self, sql: str) -> list[tuple]:
        """What the working store says."""
        with duckdb.connect(self.workspace / ".scorer" / "store.duckdb", read_only=True) as store:
            return store.execute(sql).fetchall()


class _Scripted:
    latency_s = 0.0

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def respond(self, authorization: str, content: bytes) -> tuple[int, dict, str]:
        status, body = self._respond(json.loads(content), authorization.removeprefix("Bearer "))
        return status, {"x-request-id": f"req-{authorization}"}, body if isinstance(body, str) else json.dumps(body)


@contextmanager
def answering(respond: Respond) -> Iterator[str]:
    """An endpoint in a thread; `respond` gets the request and the key and gives status and body. Gives the base_url."""
    server = serve(_Scripted(respond))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(request: Json, **fields: object) -> str:
    """The text of an answer as the request's schema wants it; fields may be replaced."""
    schema = request["response_format"]["json_schema"]["schema"]
    return json.dumps({**fill(schema, "50"), **fields})


def good(request: Json, _key: str = "") -> tuple[int, Json]:
    """What a good endpoint answers."""
    return 200, completion(answer(request))


def scripted_engine(url: str) -> Callable:
    """Stands in for `reach` of an embedded rater: what it is asked goes to this address, and no engine starts."""

    @contextmanager
    def reaching(bench: Bench, rater: Rater) -> Iterator[Reached]:
        if rater.provider == "template":  # no model is behind it
            with reach(bench, rater) as reached:
                yield reached
            return
        yield Reached(open_provider(rater, endpoint=Endpoint(url, "sk-none")), {"engine": "scripted"})

    return reaching
