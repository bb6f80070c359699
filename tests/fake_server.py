"""The scripted endpoint of `fake_openai.py` behind a real socket, as a process of its own.

    python tests/fake_server.py --port 0 --answers answers.json --noise 0.1 --seed 1
    python tests/fake_server.py --port 0 --random --categories E0,E1,E2 --latency 0.02 --rate-429 0.05 --rate-500 0.02

The first line on stdout is the port; base_url is then http://127.0.0.1:PORT/v1. `answers.json` maps task statements to
categories. GET /stats returns the counts. The same model answers by batches (`fake_batches.py`): one ends when it is
looked at for the second time. The server ends on SIGTERM, or when stdin closes with --follow-stdin.
"""

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fake_batches import FakeBatches
from fake_openai import FakeModel


def handler(model: FakeModel) -> type[BaseHTTPRequestHandler]:
    """A request handler that asks the model, at once or by batches."""
    batches = FakeBatches(model)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # headers and body leave together

        def do_POST(self):
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            if not self.path.endswith("/chat/completions"):
                self.answer_batches(content)
                return
            time.sleep(model.latency_s)
            self.answer(*model.respond(self.headers.get("authorization", ""), content))

        def do_GET(self):
            if self.path == "/stats":
                self.answer(200, {}, json.dumps(model.report()))
            else:
                self.answer_batches(b"")

        def answer_batches(self, content):
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = batches.respond(self.command, self.path, headers, content)
            self.answer(status, {}, body.decode())

        def answer(self, status, headers, body):
            content = body.encode()
            self.send_response(status)
            for name, value in {**headers, "content-type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    return Handler


def serve(model: FakeModel, port: int = 0) -> ThreadingHTTPServer:
    """A server on 127.0.0.1, bound but not yet serving: call `serve_forever`, in a thread or here."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler(model))
    server.daemon_threads = True
    return server


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--answers", type=Path, help="JSON: statement -> category")
    parser.add_argument("--default", help="category of other statements (else random)")
    parser.add_argument("--categories", default="", help="legal answers, by comma, where no schema tells them")
    parser.add_argument("--random", action="store_true", help="any category, by the seed")
    parser.add_argument("--noise", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--rate-429", type=float, default=0.0)
    parser.add_argument("--rate-500", type=float, default=0.0)
    parser.add_argument("--key", help="the only key that opens")
    parser.add_argument("--model", action="append", default=[], help="the only models known")
    parser.add_argument("--follow-stdin", action="store_true", help="end when stdin closes")
    return parser.parse_args()


def main() -> None:
    said = options()
    model = FakeModel(
        answers=json.loads(said.answers.read_text("utf-8")) if said.answers else {},
        categories=tuple(filter(None, said.categories.split(","))),
        default=said.default,
        noise=said.noise,
        seed=said.seed,
        is_random=said.random,
        latency_s=said.latency,
        rate_429=said.rate_429,
        rate_500=said.rate_500,
        key=said.key,
        models=tuple(said.model),
    )
    server = serve(model, said.port)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    if said.follow_stdin:
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
