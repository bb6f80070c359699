"""One file over https, resumable: what came before a break is kept beside and gone on from.

Standard library only, so the proxies and certificates of the environment hold. Opens within seconds or gives up;
never prints an address with its credentials or query.
"""

import contextlib
import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from scorer.artefacts.source import Readable, Report, SourceError, append, megabytes, printable
from scorer.version import VERSION

OPEN_WITHIN_S = 6.0  # name, connection, TLS, redirects and headers together: the resolver has no time-out of its own
STALL_S = 30.0  # silence in the middle of a body
TELL_EVERY_S = 10.0
GO_ON = "run the same command again to go on from there"


class _NetworkBody:
    """A response body whose network failures cannot be mistaken for those of the disk."""

    def __init__(self, response: Readable) -> None:
        self._response = response

    def read(self, size: int, /) -> bytes:
        try:
            return self._response.read(size)
        except (OSError, http.client.HTTPException) as broken:
            raise SourceError(f"broke off: {printable(str(broken))}; {GO_ON}") from broken


def download(url: str, part: Path, size: int, report: Report) -> None:
    """Make `part` hold the `size` bytes at `url`, going on from what it holds already.

    Raises:
        SourceError: unreachable, refused, of another length, or broken off (what came stays in `part`).
        OSError: `part` cannot be written.
    """
    offset = part.stat().st_size if part.exists() else 0
    if offset == size:
        return
    offset = offset if offset < size else 0
    response = _open(url, offset)
    if response is None:  # the server will not go on from there
        part.unlink()
        download(url, part, size, report)
        return
    with contextlib.closing(response):
        start = offset if response.status == HTTPStatus.PARTIAL_CONTENT else 0
        _check_length(response, start, size)
        length = append(_NetworkBody(response), part, start, size, _teller(report, size))
    if length < size:
        raise SourceError(f"ended after {length} of {size} bytes; {GO_ON}")


def offered_size(url: str) -> int:
    """The length in bytes of the file at `url`, as its server states it; no body is read.

    Raises:
        SourceError: unreachable or refused, or the server does not say.
    """
    response = _open(url, 0)
    if response is None:
        raise SourceError("answers with a part that was not asked for")
    with contextlib.closing(response):
        offered = response.headers.get("Content-Length", "")
    if not offered.isdigit():
        raise SourceError("does not say how long the file is")
    return int(offered)


def _check_length(response: http.client.HTTPResponse, start: int, size: int) -> None:
    """A login page or another version is known by its length before a byte of it is kept."""
    offered = response.headers.get("Content-Length", "")
    if offered.isdigit() and start + int(offered) != size:
        raise SourceError(f"offers {start + int(offered)} bytes, the pinned file has {size}")


def _teller(report: Report, size: int) -> Callable[[int], None]:
    """Tells the length every some seconds: a slow line is alive."""
    told = time.monotonic()

    def tick(length: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_EVERY_S:
            told = time.monotonic()
            report(f"  {megabytes(length)} of {megabytes(size)}")

    return tick


def _open(url: str, offset: int) -> http.client.HTTPResponse | None:
    """The response from byte `offset` on; None where the server does not go on from there."""
    headers = {"User-Agent": f"onet-ai-coverage/{VERSION}"} | ({"Range": f"bytes={offset}-"} if offset else {})
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the registry takes https and 127.0.0.1 only
    try:
        response = _ask_within(OPEN_WITHIN_S, request)
    except urllib.error.HTTPError as refused:
        refused.close()
        if offset and refused.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return None
        raise SourceError(f"answers {refused.code} {printable(str(refused.reason))}") from refused
    except (OSError, http.client.HTTPException) as broken:
        raise SourceError(f"not reachable: {printable(str(getattr(broken, 'reason', broken)))}") from broken
    if response.status == HTTPStatus.PARTIAL_CONTENT and not _starts_at(response, offset):
        response.close()
        return None
    return response


def _starts_at(response: http.client.HTTPResponse, offset: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {offset}-")


def _ask_within(seconds: float, request: urllib.request.Request) -> http.client.HTTPResponse:
    """Open `request` in a thread of its own, because nothing else bounds a resolver or a list of dead addresses.

    Raises:
        TimeoutError: no headers within `seconds`; the thread is left to end by itself.
        OSError, HTTPException: what opening raised.
    """
    answers: queue.Queue[http.client.HTTPResponse | OSError | http.client.HTTPException] = queue.Queue()
    given_up = threading.Event()

    def ask() -> None:
        try:
            response = urllib.request.urlopen(request, timeout=STALL_S)  # noqa: S310 - as above
        except (OSError, http.client.HTTPException) as broken:
            answers.put(broken)
            return
        if given_up.is_set():
            response.close()
        answers.put(response)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        given_up.set()
        raise TimeoutError(f"no answer within {seconds:.0f} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
