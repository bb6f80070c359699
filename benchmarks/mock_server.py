"""A fast stand-in for an OpenAI-compatible endpoint, in a process of its own: the client is what gets measured.

    python benchmarks/mock_server.py --port 9000

    GET  /__config?latency_ms=50    latency of each answer from now on
    POST /__content                 the answer's text, escaped as inside a JSON string
    GET  /__stats                   {"ok200": answers given, "max_inflight": most at once}
    GET  /__reset                   zero the counts

It looks at no more of a request than it must, so it is many times faster than what it measures.
"""

import argparse
import asyncio
import json
from urllib.parse import parse_qs, urlsplit

COMPLETION = (
    '{"id":"chatcmpl-mock","object":"chat.completion","created":1760000000,"model":"mock-1","choices":[{"index":0,'
    '"message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},"logprobs":null,'
    '"finish_reason":"stop"}],"usage":{"prompt_tokens":1200,"completion_tokens":80,"total_tokens":1280,'
    '"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},'
    '"service_tier":"default","system_fingerprint":"fp_mock"}'
)


class Mock:
    """What all connections share: the answer, its latency, the counts."""

    def __init__(self) -> None:
        self.latency_s, self.answered, self.in_flight, self.most_in_flight = 0.0, 0, 0, 0
        self.set_content("")

    def set_content(self, escaped: str) -> None:
        """Build the response once."""
        self.response = _response(COMPLETION % escaped)

    def control(self, path: str, body: bytes) -> bytes:
        """Answer of a path that is no chat completion."""
        address = urlsplit(path)
        if address.path == "/__config":
            self.latency_s = float(parse_qs(address.query)["latency_ms"][0]) / 1000
        elif address.path == "/__content":
            self.set_content(body.decode())
        elif address.path == "/__reset":
            self.answered = self.most_in_flight = 0
        return _response(json.dumps({"ok200": self.answered, "max_inflight": self.most_in_flight}))


class Connection(asyncio.Protocol):
    """One keep-alive connection; its client waits for each answer before it asks again."""

    def __init__(self, mock: Mock) -> None:
        self._mock, self._received = mock, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is whole."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _content_length(head):
            return
        path = head.split(b" ", 2)[1].decode()
        whole, self._received = bytes(body), bytearray()
        if not path.endswith("/chat/completions"):
            self._transport.write(self._mock.control(path, whole))
            return
        mock = self._mock
        mock.in_flight += 1
        mock.most_in_flight = max(mock.most_in_flight, mock.in_flight)
        if mock.latency_s:
            asyncio.get_running_loop().call_later(mock.latency_s, self._answer)
        else:
            self._answer()

    def _answer(self) -> None:
        self._mock.in_flight -= 1
        self._mock.answered += 1
        if not self._transport.is_closing():
            self._transport.write(self._mock.response)


def _response(body: str) -> bytes:
    content = body.encode()
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req-mock\r\ncontent-length: {len(content)}"
    )
    return head.encode() + b"\r\n\r\n" + content


def _content_length(head: bytearray) -> int:
    _, found, rest = bytes(head).lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


async def serve(port: int) -> None:
    """Serve until killed."""
    mock = Mock()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(mock), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(serve(parser.parse_args().port))
