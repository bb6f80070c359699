"""A deterministic stand-in for an OpenAI-compatible endpoint: the same answers in process and behind a real socket.

    transport = FakeModel(answers={"Write a letter.": "100"}).transport()   # for httpx2.AsyncClient(transport=...)
    python tests/fake_server.py --port 0 --answers answers.json             # the same model, a process of its own

What a task gets is decided by seed, model and question alone, so a rerun in any order gives the same answers. Failures
(`rate_429`, `rate_500`) depend on the attempt too, so that a retry can succeed.
"""

import asyncio
import hashlib
import json
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx2

Json = dict
Answered = tuple[int, dict[str, str], str]


@dataclass
class FakeModel:
    """Answers chat completions.

    Attributes:
        answers: statement -> category. A statement is found where it stands in the last user message.
        categories: the legal answers, where neither the request's schema nor `answers` tells them.
        default: category of statements that `answers` lacks; a random one where None.
        noise: chance that another category is given instead.
        is_random: ignore `answers`: any category, by the seed.
        latency_s: seconds before each answer.
        rate_429, rate_500: chance of such a failure, by attempt.
        retry_after_s: what a 429 asks for.
        key: when set, any other key is a 401.
        models: when set, any other model is a 404.
    """

    answers: dict[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    default: str | None = None
    noise: float = 0.0
    seed: int = 0
    is_random: bool = False
    latency_s: float = 0.0
    rate_429: float = 0.0
    rate_500: float = 0.0
    retry_after_s: float = 0.01
    key: str | None = None
    models: tuple[str, ...] = ()
    stats: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._attempts, self._answered, self._lock = Counter(), Counter(), threading.Lock()

    def transport(self) -> httpx2.MockTransport:
        """The model as a transport for the real client code."""

        async def handle(request: httpx2.Request) -> httpx2.Response:
            if request.method == "GET":  # what it says of its model: nothing
                return httpx2.Response(404)
            await asyncio.sleep(self.latency_s)
            status, headers, body = self.respond(request.headers.get("authorization", ""), request.content)
            return httpx2.Response(status, headers=headers, content=body)

        return httpx2.MockTransport(handle)

    def respond(self, authorization: str, content: bytes) -> Answered:
        """Status, headers and body of one request; thread-safe."""
        request = json.loads(content)
        asking = digest(content)
        with self._lock:
            self.stats["requests"] += 1
            self._attempts[asking] += 1
            attempt = self._attempts[asking]
        status, headers, answer = self._decide(authorization, request, attempt)
        with self._lock:
            self.stats[str(status)] += 1
            self._answered[asking] += status == 200
        return status, {"x-request-id": f"req-{asking[:12]}-{attempt}", **headers}, json.dumps(answer)

    def report(self) -> Json:
        """Counts: requests, each status, different requests answered, and those answered more than once."""
        with self._lock:
            often = sum(n > 1 for n in self._answered.values())
            return {**self.stats, "answered": sum(n > 0 for n in self._answered.values()), "answered_twice": often}

    def _decide(self, authorization: str, request: Json, attempt: int) -> tuple[int, dict, Json]:
        if self.key is not None and authorization != f"Bearer {self.key}":
            return 401, {}, error("Incorrect API key provided.", "invalid_api_key")
        if self.models and request["model"] not in self.models:
            return 404, {}, error(f"The model {request['model']} does not exist.", "model_not_found")
        luck = chance(self.seed, "luck", request["model"], asked(request), attempt)
        if luck < self.rate_429:
            return 429, {"retry-after": str(self.retry_after_s)}, error("Slow down.", "rate_limit_exceeded")
        if luck < self.rate_429 + self.rate_500:
            return 500, {}, error("Something broke.", "server_error")
        return 200, {}, self._completion(request, attempt)

    def _completion(self, request: Json, attempt: int) -> Json:
        schema = (request.get("response_format") or {}).get("json_schema", {}).get("schema")
        legal = self.categories or categories_of(schema) or tuple(dict.fromkeys(self.answers.values())) or ("yes", "no")
        category = self._category(request["model"], asked(request), legal)
        text = json.dumps(fill(schema, category)) if schema else category
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        if request.get("logprobs"):
            choice["logprobs"] = {"content": tokens(text, category, legal)}
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "model": request["model"],
            "system_fingerprint": "fp_fake",
            "choices": [choice],
            "usage": usage(request, text, cached=attempt > 1 or self.stats["200"] > 0),
        }

    def _category(self, model: str, question: str, legal: tuple[str, ...]) -> str:
        usual = None if self.is_random else self._known(question) or self.default
        if usual is None:
            return pick(legal, self.seed, "random", model, question)
        if chance(self.seed, "noise", model, question) < self.noise:
            return pick([c for c in legal if c != usual], self.seed, "noisy", model, question)
        return usual

    def _known(self, question: str) -> str | None:
        lines = (line.strip() for line in question.splitlines())
        exact = next((self.answers[line] for line in lines if line in self.answers), None)
        return exact or next((c for statement, c in self.answers.items() if statement in question), None)


def scripted(
    *replies: httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response],
) -> httpx2.MockTransport:
    """A transport that plays replies one after the other, the last one for ever; an exception is raised."""
    left = list(replies)

    def handle(request: httpx2.Request) -> httpx2.Response:
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, Exception):
            raise reply
        return reply(request) if callable(reply) else reply

    return httpx2.MockTransport(handle)


def completion(text: str | None = "yes", **fields) -> Json:
    """A chat completion; fields of the choice, the message or the top level may be replaced."""
    message = {"role": "assistant", "content": text, **fields.pop("message", {})}
    choice = {"index": 0, "finish_reason": "stop", "message": message, **fields.pop("choice", {})}
    return {"id": "c", "object": "chat.completion", "model": "served", "choices": [choice], **fields}


def error(message: str, code: str | int | None = None, kind: str = "invalid_request_error") -> Json:
    """An error body."""
    return {"error": {"message": message, "type": kind, "code": code}}


def asked(request: Json) -> str:
    """The last user message: where the task stands."""
    return next((m["content"] for m in reversed(request["messages"]) if m["role"] == "user"), "")


def categories_of(schema: Json | None) -> tuple[str, ...]:
    """The legal categories in a JSON schema: the enum of `category`, else of the first property that has one."""
    properties = (schema or {}).get("properties", {})
    ordered = sorted(properties.items(), key=lambda one: one[0] != "category")
    enums = (p["enum"] for _, p in ordered if isinstance(p, dict) and p.get("enum"))
    return tuple(c for c in next(enums, ()) if isinstance(c, str) and not c.startswith("cannot"))


def fill(schema: Json, category: str) -> object:
    """A value that a JSON schema allows, with the category wherever an enum holds it."""
    if "enum" in schema:
        return category if category in schema["enum"] else schema["enum"][0]
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], category)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: fill(part, category) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return []
    plain = {"string": f"Scripted: {category}.", "boolean": False, "number": 0.9, "integer": 1, "null": None}
    return schema.get("minimum", plain[kind]) if kind in {"number", "integer"} else plain[kind]


def tokens(text: str, category: str, legal: Iterable[str]) -> list[Json]:
    """The text in up to three tokens; at the category's, .9 for it and the rest shared by the others."""
    before, _, after = text.partition(category)
    others = [c for c in legal if c != category]
    odds = {category: 0.9, **{c: 0.1 / len(others) for c in others}}
    steps = [(before, {before: 1.0}), (category, odds), (after, {after: 1.0})]
    return [
        {
            "token": token,
            "logprob": math.log(tops[token]),
            "top_logprobs": [{"token": t, "logprob": math.log(p)} for t, p in tops.items()],
        }
        for token, tops in steps
        if token
    ]


def usage(request: Json, text: str, *, cached: bool) -> Json:
    """Token counts: four characters a token, half the prompt cached after the first answer."""
    prompt = sum(len(m["content"]) for m in request["messages"]) // 4
    return {
        "prompt_tokens": prompt,
        "completion_tokens": len(text) // 4 + 1,
        "total_tokens": prompt + len(text) // 4 + 1,
        "prompt_tokens_details": {"cached_tokens": prompt // 2 if cached else 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def digest(*parts: object) -> str:
    """Hex sha256 of the parts."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def chance(*parts: object) -> float:
    """A number in [0, 1) that only the parts decide."""
    return int(digest(*parts)[:13], 16) / 16**13


def pick(legal: Iterable[str], *parts: object) -> str:
    """One of the legal answers, decided by the parts."""
    choices = list(legal)
    return choices[int(chance(*parts) * len(choices))]
