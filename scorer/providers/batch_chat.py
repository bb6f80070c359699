"""The Batch API of an OpenAI-compatible endpoint, through the openai SDK: the same requests, answered later.

A line of an output file is read as the response that it holds, so that an answer means the same by either way.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import httpx2
import openai

from scorer.domain.base import json_bytes
from scorer.domain.rating import Cell, Json, Reply
from scorer.errors import PermanentError, ProviderError, TransientError
from scorer.providers.batches import RemoteBatch
from scorer.providers.chat import PATH, OpenAIProvider
from scorer.providers.errors import excerpt, provider_error

URL = f"/v1{PATH}"
OUR_NAME = "scorer_batch"
TIER = "service_tier"
TOO_MUCH = "token_limit_exceeded"
MOST_PAGES = 50
TRANSFER_S = 1_800.0
NO_SUCH_API = frozenset({404, 405, 501})
FORBIDDEN = 403
_LIMIT = re.compile(r"Limit: ([\d,]+)")
Called = TypeVar("Called")


class OpenAIBatches(OpenAIProvider):
    """The Batch API behind one Rater. See `BatchProvider`."""

    def line(self, cell: Cell) -> bytes:
        """The Cell as a line of a batch file."""
        return json_bytes({"custom_id": cell.cell_hash, "method": "POST", "url": URL, "body": self._request(cell)})

    def reply(self, cell: Cell, line: Json) -> Reply:
        """What a line says of the Cell: read as the response of an endpoint that was asked at once."""
        response = self._response(line)
        sent, started = self._request(cell), perf_counter()
        if response.is_success:
            return self._reply(response, sent, started)
        return self._after(self._client._make_status_error_from_response(response), sent, started)  # noqa: SLF001 - as the SDK itself reads it

    async def check(self) -> None:
        """Ask for the latest batch: an endpoint without the API, or a key without the right, says so now."""
        await self._call(lambda: self._client.batches.list(limit=1))

    async def upload(self, path: Path) -> str:
        """Send a batch file."""
        with path.open("rb") as file:
            content = (path.name, file, "application/jsonl")
            sent = await self._call(
                lambda: self._client.files.create(file=content, purpose="batch", timeout=TRANSFER_S)
            )
        return self._name(sent)

    async def create(self, file_id: str, name: str) -> RemoteBatch:
        """Order a batch."""
        made = await self._call(
            lambda: self._client.batches.create(
                input_file_id=file_id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={OUR_NAME: name},
            ),
            f"file {excerpt(file_id)}",
        )
        return self._remote(made)

    async def find(self, file_id: str) -> RemoteBatch | None:
        """Look through the batches, latest first."""
        page = await self._call(lambda: self._client.batches.list(limit=100))
        for _ in range(MOST_PAGES):
            found = next((one for one in page.data or () if one.input_file_id == file_id), None)
            if found:
                return self._remote(found)
            if not page.has_next_page():
                return None
            page = await self._call(page.get_next_page)
        raise PermanentError(
            f"{self._who}: more than {100 * MOST_PAGES:,} batches, none of file {excerpt(file_id)}: "
            "remove old ones at the provider, then run again"
        )

    async def retrieve(self, batch_id: str) -> RemoteBatch:
        """How a batch stands."""
        known = await self._call(lambda: self._client.batches.retrieve(batch_id), f"batch {excerpt(batch_id)}")
        return self._remote(known)

    async def cancel(self, batch_id: str) -> RemoteBatch:
        """Ask for its end."""
        try:
            ending = await self._call(lambda: self._client.batches.cancel(batch_id), f"batch {excerpt(batch_id)}")
        except (PermanentError, TransientError):
            known = await self.retrieve(batch_id)  # one that has ended cannot be cancelled
            if known.status in {"validating", "in_progress"}:
                raise
            return known
        return self._remote(ending)

    async def download(self, file_id: str, path: Path) -> None:
        """Fetch a file; it has its name only when it is whole."""
        part = path.with_suffix(".part")
        await self._call(lambda: self._stream(file_id, part), f"file {excerpt(file_id)}")
        part.replace(path)

    @property
    def _who(self) -> str:
        return f"rater `{self._rater.name}` at {self._endpoint.host}"

    async def _stream(self, file_id: str, part: Path) -> None:
        async with self._client.files.with_streaming_response.content(file_id, timeout=TRANSFER_S) as response:
            with part.open("wb") as file:
                async for piece in response.iter_bytes():
                    file.write(piece)

    async def _call(self, call: Callable[[], Awaitable[Called]], what: str | None = None) -> Called:
        """One call; `what` it names, where a 404 would mean that."""
        try:
            return await call()
        except (openai.OpenAIError, TimeoutError, httpx2.HTTPError, ValueError) as error:
            failure: Exception = error
        raise self._meaning(failure, what)  # outside the handler, as in `ask`

    def _meaning(self, failure: Exception, what: str | None) -> ProviderError:
        status = getattr(failure, "status_code", None)
        if status in NO_SUCH_API and what:
            return PermanentError(
                f"{self._who}: {status}: no {what}; was it made with the key of another project, or removed? "
                "`scorer runs cancel --give-up` gives its cells back"
            )
        if status in NO_SUCH_API:
            return PermanentError(f"{self._who}: {status}: this endpoint has no Batch API; use --engine local")
        if status == FORBIDDEN:
            return PermanentError(
                f"{self._who}: 403: this key may not use files or batches; give {self._key} those rights, "
                "or use --engine local"
            )
        if isinstance(failure, httpx2.HTTPError):
            return TransientError(f"{self._who}: the transfer broke off ({type(failure).__name__}); it is tried again")
        if isinstance(failure, ValueError):
            return PermanentError(f"{self._who}: 200, but not what a Batch API says; check `base_url`")
        return provider_error(failure, self._rater.name, self._endpoint, self._redact)

    @property
    def _key(self) -> str:
        return f"the key in {self._endpoint.key_name}" if self._endpoint.key_name else "it"

    def _name(self, made: object) -> str:
        name = getattr(made, "id", None)
        if not isinstance(name, str) or not name:
            raise PermanentError(f"{self._who}: 200, but not what a Batch API says; check `base_url`")
        return name

    def _remote(self, told: Any) -> RemoteBatch:  # noqa: ANN401 - the SDK checks nothing of what it hands over
        batch_id, status = self._name(told), str(getattr(told, "status", None))
        errors = [one for one in getattr(getattr(told, "errors", None), "data", None) or () if one]
        codes = {str(getattr(one, "code", None)) for one in errors}
        message = str(getattr(errors[0], "message", None) or "") if errors else ""
        limit = _LIMIT.search(message)
        return RemoteBatch(
            batch_id,
            status,
            _text(getattr(told, "output_file_id", None)),
            _text(getattr(told, "error_file_id", None)),
            problem=excerpt(self._redact(message or ", ".join(sorted(codes)))) if errors else None,
            is_too_much=TOO_MUCH in codes,
            most_tokens=int(limit[1].replace(",", "")) if limit else None,
        )

    def _request(self, cell: Cell) -> Json:
        """As sent at once, without a service tier: a batch is one."""
        return {name: value for name, value in super()._request(cell).items() if name != TIER}

    def _response(self, line: Json) -> httpx2.Response:
        """The response that a line holds; what was not asked, or not to the end, is a server's error."""
        held = line.get("response")
        if not isinstance(held, dict) or not isinstance(held.get("status_code"), int):
            error = line.get("error") if isinstance(line.get("error"), dict) else None
            held = {"status_code": 500, "body": {"error": error or {"message": "a line without a response"}}}
        request_id = held.get("request_id")
        headers = {"x-request-id": request_id} if isinstance(request_id, str) and request_id.isascii() else {}
        return httpx2.Response(
            held["status_code"] if held["status_code"] in range(100, 600) else 500,
            headers=headers,
            content=json_bytes(held.get("body")),
            request=httpx2.Request("POST", f"{self._endpoint.base_url.rstrip('/')}{PATH}"),
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
