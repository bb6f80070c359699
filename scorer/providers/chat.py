"""Asks any OpenAI-compatible endpoint through the openai SDK: one request per call, no retry, the raw body kept first.

The SDK carries the request and raises; it neither retries nor reads the answer. What goes out is the Cell as it stands.
"""

import asyncio
import json
import logging
from time import perf_counter
from urllib.parse import quote

import httpx2
import openai
from openai._models import FinalRequestOptions

from scorer.domain.base import json_bytes
from scorer.domain.rating import Cell, Json, Rater, Reply
from scorer.errors import PermanentError, TransientError
from scorer.providers.allowance import allowance
from scorer.providers.capabilities import unhashed_params
from scorer.providers.errors import Redactor, about_the_prompt, excerpt, provider_error
from scorer.providers.provider import Endpoint
from scorer.providers.reply import NoCompletionError, read_reply
from scorer.version import VERSION

PATH = "/chat/completions"
USER_AGENT = f"onet-ai-coverage/{VERSION}"
ABOUT_S = 10.0
CONNECTIONS = 1_000
JSON_BODY = {"Content-Type": "application/json"}
CONTENT_LENGTH = b"content-length"

# Their debug lines repeat addresses and headers as they come, and an endpoint may echo a key in those.
for _talkative in ("openai", "httpx2", "httpcore2"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)


class OpenAIProvider:
    """Asks one Rater at one endpoint.

    Args:
        rater: model, time-out, and the parameters that are no part of a Cell.
        endpoint: address and key.
        http_client: used instead of our own, and left open.
    """

    def __init__(self, rater: Rater, endpoint: Endpoint, http_client: httpx2.AsyncClient | None = None) -> None:
        self._rater, self._endpoint = rater, endpoint
        self._redact = Redactor(endpoint.api_key)
        self._http = http_client or _own_client(rater, endpoint)
        self._is_ours = http_client is None
        self._client = _Client(
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            max_retries=0,
            http_client=self._http,
            # Stated, so that no header from OPENAI_CUSTOM_HEADERS takes the key's place.
            default_headers={"Authorization": f"Bearer {endpoint.api_key}", "User-Agent": USER_AGENT},
        )

        self._options = FinalRequestOptions.construct(
            method="post",
            url=PATH,
            headers=JSON_BODY,
            timeout=rater.timeout_s,
            max_retries=0,
            follow_redirects=False,
            security={"bearer_auth": True},
            idempotency_key="",  # none is sent; the SDK would draw one for each request
        )

    async def ask(self, cell: Cell) -> Reply:
        """Send the Cell once. See `Provider.ask`."""
        sent = self._request(cell)
        started = perf_counter()
        try:
            response = await self._post(sent)
        except (openai.OpenAIError, TimeoutError) as error:
            failure: Exception = error
        else:
            return self._reply(response, sent, started)
        # Outside the handler: no chain of exceptions leads from our error back to headers that hold the key.
        return self._after(failure, sent, started)

    async def about(self) -> Json:
        """What `GET /models/MODEL` says. See `Provider.about`."""
        try:
            async with asyncio.timeout(min(self._rater.timeout_s, ABOUT_S)):
                response = await self._client.get(
                    f"/models/{quote(self._rater.model, safe='')}",
                    cast_to=httpx2.Response,
                    options={"max_retries": 0, "follow_redirects": False, "security": {"bearer_auth": True}},
                )
            said = json.loads(response.content)
        except (openai.OpenAIError, TimeoutError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    async def aclose(self) -> None:
        """Close the connections that are ours."""
        if self._is_ours:
            await self._client.close()

    def _request(self, cell: Cell) -> Json:
        messages = [{"role": message.role, "content": message.content} for message in cell.messages]
        return {"model": self._rater.model, "messages": messages, **cell.params, **unhashed_params(self._rater)}

    async def _post(self, sent: Json) -> httpx2.Response:
        """One request. The SDK's time-out holds for each phase of it, ours for the whole."""
        async with asyncio.timeout(self._rater.timeout_s):
            options = self._options.model_copy(update={"content": json_bytes(sent)})
            return await self._client.request(httpx2.Response, options)

    def _reply(self, response: httpx2.Response, sent: Json, started: float) -> Reply:
        body = self._body(response)
        try:
            return read_reply(
                body,
                sent,
                request_id=self._request_id(response),
                latency_ms=_since(started),
                allowance=allowance(response.headers),
            )
        except NoCompletionError as reason:
            problem = f"rater `{self._rater.name}` at {self._endpoint.host}: 200 with {reason}: {excerpt(body)}"
        raise TransientError(f"{problem}; check that `base_url` is the address of the API")

    def _after(self, failure: Exception, sent: Json, started: float) -> Reply:
        """A refusal of this prompt alone is an answer; the rest is raised."""
        finish_reason = about_the_prompt(failure)
        if finish_reason and isinstance(failure, openai.APIStatusError):
            return self._refused(failure, finish_reason, sent, started)
        if isinstance(failure, openai.APIConnectionError) and (epitaph := self._endpoint.epitaph()):
            raise PermanentError(f"rater `{self._rater.name}`: {epitaph}")
        raise provider_error(failure, self._rater.name, self._endpoint, self._redact)

    def _refused(self, failure: openai.APIStatusError, finish_reason: str, sent: Json, started: float) -> Reply:
        return Reply(
            body=self._body(failure.response),
            sent=sent,
            text=None,
            refusal=self._redact(failure.message) if finish_reason == "content_filter" else None,
            finish_reason=finish_reason,
            request_id=self._request_id(failure.response),
            latency_ms=_since(started),
        )

    def _body(self, response: httpx2.Response) -> str:
        return self._redact(response.content.decode("utf-8", errors="replace"))

    def _request_id(self, response: httpx2.Response) -> str | None:
        stated = response.headers.get("x-request-id")
        return self._redact(stated) if stated else None


class _Client(openai.AsyncOpenAI):
    """The SDK's client, for one Rater: all its requests that have a body go to one address with the same headers.

    So the SDK builds the first one, and the others are that one with another body: to build the same address and
    headers anew would be a quarter of what a rating costs in processor time.
    """

    _first: httpx2.Request | None = None

    def _build_request(self, options: FinalRequestOptions, *, retries_taken: int = 0) -> httpx2.Request:
        if not isinstance(options.content, bytes):
            return super()._build_request(options, retries_taken=retries_taken)
        if self._first is None:
            self._first = super()._build_request(options, retries_taken=retries_taken)
        return _with_body(self._first, options.content)


def _with_body(request: httpx2.Request, body: bytes) -> httpx2.Request:
    """A request with another body. Given as a stream, which httpx2 adds no headers for: all are there."""
    head = [pair for pair in request.headers.raw if pair[0].lower() != CONTENT_LENGTH]
    head.append((CONTENT_LENGTH, str(len(body)).encode()))
    stream, extensions = httpx2.ByteStream(body), request.extensions
    other = httpx2.Request(request.method, request.url, headers=head, stream=stream, extensions=extensions)
    other.headers.encoding = request.headers.encoding  # or it is found out anew for each request
    other.read()
    return other


def _own_client(rater: Rater, endpoint: Endpoint) -> httpx2.AsyncClient:
    """More connections than anybody uses at once (who asks decides that); no proxy before an endpoint on this machine.

    The transport of aiohttp takes a third of the processor time of the other one.
    """
    at_once = max(rater.limits.concurrency, CONNECTIONS)
    limits = httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    return openai.DefaultAioHttpClient(limits=limits, trust_env=not endpoint.is_local)


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000
