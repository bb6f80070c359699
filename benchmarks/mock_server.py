"""A fast stand-in for an OpenAI-compatible endpoint, in a process of its own: the client is what gets measured.

    python benchmarks/mock_server.py --port 9000

    GET  /__config?latency_ms=50&sigma=0.4&p429=0.02&p500=0.02&rpm=6000&tpm=0
                                    latency of each answer from now on (lognormal where sigma is not 0), shares of
                                    refusals and failures, and limits a minute, of which a second's worth goes at once
    POST /__content                 the answer's text, escaped as inside a JSON string
    GET  /__stats                   {"requests": .., "ok200": answers, "distinct_ok": different ones by TASK_ID=..,
                                    "r429": .., "r429_limit": .., "r500": .., "max_inflight": most at once,
                                    "span200_s": seconds from the first request to the last one that is answered}
    GET  /__reset                   zero the counts

It looks at no more of a request than it must, so it is many times faster than what it measures.
"""

import argparse
import asyncio
import json
import math
import random
import re
import time
from collections import Counter
from urllib.parse import parse_qs, urlsplit

TASK_ID = re.compile(rb"TASK_ID=(\d+)")
COMPLETION = (
    '{"id":"chatcmpl-mock","object":"chat.completion","created":1760000000,"model":"mock-1","choices":[{"index":0,'
    '"message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},"logprobs":null,'
    '"finish_reason":"stop"}],"usage":{"prompt_tokens":1200,"completion_tokens":80,"total_tokens":1280,'
    '"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},'
    '"service_tier":"default","system_fingerprint":"fp_mock"}'
)


class Bucket:
    """A limit a minute of which a second's worth may go at once."""

    def __init__(self, per_minute: float) -> None:
        self.per_s, self.left, self.at = per_minute / 60, per_minute / 60, time.monotonic()

    def takes(self, amount: float) -> bool:
        """Whether so much may go now; without a limit everything may."""
        if not self.per_s:
            return True
        now = time.monotonic()
        self.left, self.at = min(self.per_s, self.left + (now - self.at) * self.per_s), now
        fits = self.left >= amount
        self.left -= amount if fits else 0.0
        return fits


class Mock:
    """What all connections share: the answer, the knobs, the counts."""

    def __init__(self) -> None:
        self.knobs: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.in_flight = 0
        self.first = self.span_s = 0.0
        self.seen: set[bytes] = set()
        self.chance = random.Random(7)  # noqa: S311 - luck of a mock, guards nothing
        self.configure({})
        self.set_content("")

    def configure(self, knobs: dict[str, float]) -> None:
        """Turn knobs; the others stay."""
        self.knobs |= knobs
        self.requests, self.tokens = Bucket(self.knobs.get("rpm", 0.0)), Bucket(self.knobs.get("tpm", 0.0))

    def set_content(self, escaped: str) -> None:
        """Build the response once."""
        self.response = _response(COMPLETION % escaped)

    def answer(self, body: bytes) -> tuple[bytes, float]:
        """Response to a completion, and seconds until it is sent."""
        self.counts["requests"] += 1
        now = time.monotonic()
        self.first = self.first or now
        if not (self.requests.takes(1) and self.tokens.takes(len(body) / 4)):
            self.counts["r429_limit"] += 1
            return self._error("429", {"retry-after-ms": "100"}), 0.0
        luck, p429 = self.chance.random(), self.knobs.get("p429", 0.0)
        if luck < p429:
            return self._error("429", {"retry-after-ms": "100"}), 0.0
        if luck < p429 + self.knobs.get("p500", 0.0):
            return self._error("500", {}), 0.0
        self.counts["ok200"] += 1
        self.span_s = now - self.first
        if found := TASK_ID.search(body):
            self.seen.add(found[1])
        latency, sigma = self.knobs.get("latency_ms", 0.0) / 1000, self.knobs.get("sigma", 0.0)
        return self.response, latency * math.exp(self.chance.gauss(0, sigma)) if sigma else latency

    def control(self, path: str, body: bytes) -> bytes:
        """Answer of a path that is no chat completion."""
        address = urlsplit(path)
        if address.path == "/__config":
            self.configure({name: float(values[0]) for name, values in parse_qs(address.query).items()})
        elif address.path == "/__content":
            self.set_content(body.decode())
        elif address.path == "/__reset":
            self.counts.clear()
            self.seen.clear()
            self.first = self.span_s = 0.0
        counted = dict.fromkeys(("requests", "ok200", "r429", "r429_limit", "r500", "max_inflight"), 0) | self.counts
        return _response(json.dumps(counted | {"distinct_ok": len(self.seen), "span200_s": self.span_s}))

    def _error(self, status: str, headers: dict[str, str]) -> bytes:
        self.counts[f"r{status}"] += 1
        return _response(json.dumps({"error": {"message": "no", "type": "t", "code": None}}), status, headers)


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
        mock.counts["max_inflight"] = max(mock.counts["max_inflight"], mock.in_flight)
        response, seconds = mock.answer(whole)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._answer, response)
        else:
            self._answer(response)

    def _answer(self, response: bytes) -> None:
        self._mock.in_flight -= 1
        if not self._transport.is_closing():
            self._transport.write(response)


def _response(body: str, status: str = "200", headers: dict[str, str] | None = None) -> bytes:
    content = body.encode()
    stated = {
        "content-type": "application/json",
        "x-request-id": "req-mock",
        "content-length": str(len(content)),
        **(headers or {}),
    }
    head = "".join(f"\r\n{name}: {value}" for name, value in stated.items())
    return f"HTTP/1.1 {status} {status}{head}\r\n\r\n".encode() + content


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
