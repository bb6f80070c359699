"""A Batch API for large files, in a process of its own: what goes up and comes down passes through the disk.

    python benchmarks/batch_server.py DIRECTORY ANSWER

ANSWER is what every completion says. The first line on stdout is the port. A batch is accepted when it is looked at
first and has ended when it is looked at again. Beside the Batch API:

    GET /stats    {"receiving": bytes of the upload under way, "files": .., "batches": .., "asked": requests of all
                  batches that have ended}
"""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CUSTOM_ID = re.compile(rb'"custom_id":\s*"([^"]+)"')
PIECE = 2**18
USAGE = {"prompt_tokens": 1200, "completion_tokens": 80, "total_tokens": 1280}


class Account:
    """Files and batches, and what was asked.

    Args:
        directory: for the files.
        says: the text of every completion.
    """

    def __init__(self, directory: Path, says: str) -> None:
        self._directory = directory
        self._batches: dict[str, dict[str, Any]] = {}
        self._files = self.receiving = self.asked = 0
        message = {"role": "assistant", "content": says}
        body = {
            "id": "chatcmpl-mock",
            "object": "chat.completion",
            "model": "mock-1",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": USAGE,
        }
        response = {"status_code": 200, "request_id": "req-mock", "body": body}
        line = json.dumps({"id": "r", "custom_id": "@@", "response": response, "error": None})
        self._before, _, self._after = f"{line}\n".encode().partition(b"@@")

    def path(self, name: str) -> Path:
        """Where a file is."""
        return self._directory / name

    def new_file(self) -> str:
        """The name of another file."""
        self._files += 1
        return f"file-{self._files}"

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """A new batch."""
        name = f"batch-{len(self._batches) + 1}"
        kept = ("endpoint", "completion_window", "input_file_id", "metadata")
        self._batches[name] = {"id": name, "object": "batch", "created_at": 0, "status": "validating"}
        self._batches[name] |= {key: order.get(key) for key in kept}
        return self._batches[name]

    def all(self) -> list[dict[str, Any]]:
        """Every batch, latest first."""
        return list(reversed(self._batches.values()))

    def look(self, name: str) -> dict[str, Any]:
        """A batch, one state further."""
        batch = self._batches[name]
        if batch["status"] == "in_progress":
            batch["output_file_id"] = self._answered(batch["input_file_id"])
        batch["status"] = "in_progress" if batch["status"] == "validating" else "completed"
        return batch

    def stats(self) -> dict[str, int]:
        """See above."""
        batches = len(self._batches)
        return {"receiving": self.receiving, "files": self._files, "batches": batches, "asked": self.asked}

    def _answered(self, name: str) -> str:
        output = self.new_file()
        with self.path(output).open("wb") as file:
            for custom_id in self._requests(name):
                self.asked += 1
                file.write(self._before + custom_id + self._after)
        return output

    def _requests(self, name: str) -> Iterator[bytes]:
        with self.path(name).open("rb") as file:
            for line in file:
                if found := CUSTOM_ID.search(line):  # the other lines are of the form in which the file came
                    yield found[1]


class Server(ThreadingHTTPServer):
    """The account behind a socket. Some of its clients are killed: that is tried here, and no error."""

    daemon_threads = True

    def __init__(self, account: Account) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.account = account

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


class Handler(BaseHTTPRequestHandler):
    """One request; large bodies go to the disk and come from it piece by piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """What it counted, a batch, all batches, a file."""
        account = self.server.account
        match self.path.partition("?")[0].removeprefix("/v1").strip("/").split("/"):
            case ["stats"]:
                self._say(account.stats())
            case ["batches"]:
                self._say({"object": "list", "data": account.all(), "has_more": False})
            case ["batches", name]:
                self._say(account.look(name))
            case ["files", name, "content"]:
                self._send(account.path(name))

    def do_POST(self) -> None:
        """A file, or the order of a batch."""
        account = self.server.account
        if self.path.endswith("/files"):
            name = account.new_file()
            self._receive(account, name)
            self._say({"id": name, "object": "file", "bytes": 0, "purpose": "batch"})
        else:
            self._say(account.order(json.loads(self.rfile.read(int(self.headers["content-length"])))))

    def _receive(self, account: Account, name: str) -> None:
        account.receiving, left = 0, int(self.headers["content-length"])
        with account.path(name).open("wb") as file:
            while left and (piece := self.rfile.read(min(left, PIECE))):
                file.write(piece)
                account.receiving, left = account.receiving + len(piece), left - len(piece)
        account.receiving = 0

    def _send(self, path: Path) -> None:
        self._head(path.stat().st_size)
        with path.open("rb") as file:
            shutil.copyfileobj(file, self.wfile, PIECE)

    def _say(self, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self._head(len(content))
        self.wfile.write(content)

    def _head(self, length: int) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(length))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("answer")
    said = parser.parse_args()
    server = Server(Account(said.directory, said.answer))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
