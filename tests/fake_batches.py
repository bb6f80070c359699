"""The files and batches of an OpenAI-compatible endpoint: what goes up is answered by a FakeModel, as told.

    batches = FakeBatches(FakeModel(default="50"))
    with serving(batches) as url: ...            # behind a real socket
    httpx2.AsyncClient(transport=batches.transport())   # in process

A batch moves on by one state each time it is looked at: validating, in_progress, then its end.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread

import httpx2
from fake_openai import FakeModel, error

Json = dict
Answered = tuple[int, bytes]
OTHER_ENDS = {"expired": "batch_expired", "cancelled": "batch_cancelled"}


@dataclass
class FakeBatches:
    """Files and batches of one account.

    Attributes:
        model: answers each request of a batch.
        ends: how batches end, one after the other; the last one for ever. `half` leaves every second line out,
            `failed` is refused in validation, `expired` and `cancelled` answer every second line.
        line_status: status of a request by its place in the file; 200 where it is not named.
        most_tokens: that may wait at once, counted as characters / 4; None: any number.
        key: the only one that opens; `forbidden` may not use batches.
        before, after: called with method and path around each call.
    """

    model: FakeModel = field(default_factory=lambda: FakeModel(default="50"))
    ends: list[str] = field(default_factory=lambda: ["completed"])
    line_status: dict[int, int] = field(default_factory=dict)
    most_tokens: int | None = None
    key: str | None = None
    forbidden: bool = False
    has_batches: bool = True
    refusal: Json | None = None
    spoil: Callable[[bytes], bytes] = lambda content: content
    before: Callable[[str, str], None] = lambda _method, _path: None
    after: Callable[[str, str], None] = lambda _method, _path: None
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, Json] = field(default_factory=dict)
    calls: Counter = field(default_factory=Counter)
    asked: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._lock = RLock()

    def transport(self) -> httpx2.MockTransport:
        """The account as a transport for the real client code."""

        async def handle(request: httpx2.Request) -> httpx2.Response:
            status, content = self.respond(
                request.method, request.url.path, dict(request.headers), await request.aread()
            )
            return httpx2.Response(status, headers={"content-type": "application/json"}, content=content)

        return httpx2.MockTransport(handle)

    def respond(self, method: str, path: str, headers: dict[str, str], content: bytes) -> Answered:
        """Status and body of one request."""
        path = path.partition("?")[0].removeprefix("/v1")
        self.before(method, path)
        with self._lock:
            self.calls[method, re.sub(r"(?<=/)(file|batch)-\d+", "ID", path)] += 1
            answered = self._answer(method, path, headers, content)
        self.after(method, path)
        return answered

    def _answer(self, method: str, path: str, headers: dict[str, str], content: bytes) -> Answered:
        if self.key and headers.get("authorization") != f"Bearer {self.key}":
            return _json(401, error("Incorrect API key provided.", "invalid_api_key"))
        if self.forbidden:
            return _json(403, error("You have insufficient permissions for this operation.", "missing_scope"))
        match method, path.strip("/").split("/") if self.has_batches else []:
            case "POST", ["files"]:
                answered = self._keep(_upload_of(headers["content-type"], content))
            case "GET", ["files", name, "content"] if name in self.files:
                answered = 200, self.files[name]
            case "POST", ["batches"]:
                answered = self._create(json.loads(content))
            case "GET", ["batches"]:
                found = [*reversed(self.batches.values())]
                answered = _json(200, {"object": "list", "data": found, "has_more": False})
            case "GET", ["batches", name] if name in self.batches:
                answered = _json(200, self._look(self.batches[name]))
            case "POST", ["batches", name, "cancel"] if name in self.batches:
                answered = self._cancel(self.batches[name])
            case _:
                answered = _json(404, error("no such thing"))
        return answered

    def _keep(self, content: bytes) -> Answered:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return _json(200, {"id": name, "object": "file", "bytes": len(content), "purpose": "batch"})

    def _create(self, order: Json) -> Answered:
        if order["input_file_id"] not in self.files:
            return _json(404, error("no such file"))
        if self.refusal:
            return _json(400, self.refusal)
        name = f"batch-{len(self.batches) + 1}"
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": order["endpoint"],
            "completion_window": order["completion_window"],
            "created_at": len(self.batches),
            "input_file_id": order["input_file_id"],
            "metadata": order.get("metadata"),
            "status": "validating",
            "end": end,
        }
        return _json(200, self.batches[name])

    def _look(self, batch: Json) -> Json:
        """A batch, one state further."""
        match batch["status"]:
            case "validating" if problem := self._problem(batch):
                batch |= {"status": "failed", "errors": {"object": "list", "data": [problem]}}
            case "validating":
                batch["status"] = "in_progress"
            case "in_progress" if batch["end"] != "stays":
                self._end(batch, batch["end"])
            case "cancelling":
                self._end(batch, "cancelled")
        return batch

    def _problem(self, batch: Json) -> Json | None:
        if batch["end"] == "failed":
            return {"code": "invalid_request", "message": "line 1 asks for \x1b[31mtoo much", "line": 1}
        waiting = [one for one in self.batches.values() if one["status"] == "in_progress"]
        tokens = sum(len(self.files[one["input_file_id"]]) // 4 for one in [batch, *waiting])
        if self.most_tokens is None or tokens <= self.most_tokens:
            return None
        said = f"Enqueued token limit reached for m in organization o. Limit: {self.most_tokens:,} enqueued tokens."
        return {"code": "token_limit_exceeded", "message": said}

    def _end(self, batch: Json, end: str) -> None:
        """Answer what the end lets be answered, and write both files."""
        output, errors = [], []
        for place, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            request = json.loads(line)
            status = self.line_status.get(place, 200)
            if end in {"half", *OTHER_ENDS} and place % 2:
                if end in OTHER_ENDS:
                    told = {"code": OTHER_ENDS[end], "message": "This request was not reached."}
                    errors.append({"id": "r", "custom_id": request["custom_id"], "response": None, "error": told})
                continue
            self.asked[request["custom_id"]] += status == 200
            body = self._body(status, request["body"])
            response = {"status_code": status, "request_id": f"req-{place}", "body": body}
            told = {"id": "r", "custom_id": request["custom_id"], "response": response, "error": None}
            (output if status == 200 else errors).append(told)
        for kind, lines in (("output", output), ("error", errors)):
            if lines:
                content = b"".join(json.dumps(one).encode() + b"\n" for one in reversed(lines))
                batch[f"{kind}_file_id"] = json.loads(self._keep(self.spoil(content))[1])["id"]
        batch["status"] = end if end in OTHER_ENDS else "completed"

    def _body(self, status: int, request: Json) -> Json:
        if status == 200:
            return json.loads(self.model.respond("", json.dumps(request).encode())[2])
        code = {400: "content_policy_violation", 422: "unsupported_parameter"}.get(status, "server_error")
        return error("Not this one.", code)

    def _cancel(self, batch: Json) -> Answered:
        if batch["status"] not in {"validating", "in_progress"}:
            return _json(409, error(f"Cannot cancel a batch with status '{batch['status']}'."))
        batch["status"] = "cancelling"
        return _json(200, batch)


def _json(status: int, body: Json) -> Answered:
    return status, json.dumps(body).encode()


def _upload_of(content_type: str, content: bytes) -> bytes:
    """The file in a multipart body."""
    message = BytesParser(policy=HTTP).parsebytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + content)
    (part,) = [part for part in message.iter_parts() if part.get_filename()]
    return part.get_payload(decode=True)


@contextmanager
def serving(batches: FakeBatches) -> Iterator[str]:
    """The account behind a socket on 127.0.0.1; gives its base_url."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.answer()

        def answer(self):
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = batches.respond(self.command, self.path, headers, content)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
