"""A small file server on this machine that can be told to be slow, broken or ignorant of ranges."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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


@contextmanager
def serving() -> Iterator[FileServer]:
    """A server with no files yet."""
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
