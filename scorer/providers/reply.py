"""From a response body to a Reply: read by us, field by field, so that one odd field never loses an answer.

Only what cannot be a chat completion at all is refused. Nothing is judged here.
"""

import json
import math
import re
from typing import Any

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Json, Reply, TokenLogprobs, Usage

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_MOST_TOKENS = 2**31 - 1


class NoCompletionError(ValueError):
    """A body that is no chat completion; the text says what it is instead."""


def read_reply(
    body: str,
    sent: Json,
    *,
    request_id: str | None = None,
    latency_ms: float = 0.0,
    allowance: Allowance | None = None,
) -> Reply:
    """The Reply of a 200.

    Args:
        body: the response body, kept as it is.
        sent: the request body. Where its last message is the assistant's (a prefill) and the endpoint repeats it,
            `text` begins after it.
        request_id: the endpoint's name for this request.
        latency_ms: from dispatch to the last byte.
        allowance: what the headers say of limits.

    Raises:
        NoCompletionError: the body is not JSON, or has no choice with a message; the text says which.
    """
    answer = _json_object(body)
    choice = _first_choice(answer)
    message = choice["message"]
    return Reply(
        body=body,
        sent=sent,
        text=_after_prefill(_content(message.get("content")), sent),
        refusal=_text(message.get("refusal")),
        finish_reason=_text(choice.get("finish_reason")),
        tokens=_tokens(choice.get("logprobs")),
        served_model=_text(answer.get("model")),
        system_fingerprint=_text(answer.get("system_fingerprint")),
        service_tier=_text(answer.get("service_tier")),
        request_id=request_id,
        usage=_usage(_object(answer.get("usage"))),
        latency_ms=latency_ms,
        allowance=allowance,
    )


def _json_object(body: str) -> Json:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise NoCompletionError("a body that is not JSON") from None
    if not isinstance(answer, dict):
        raise NoCompletionError("JSON that is no object")
    return answer


def _first_choice(answer: Json) -> Json:
    choices = answer.get("choices")
    if not (isinstance(choices, list) and choices and isinstance(choices[0], dict)):
        raise NoCompletionError("an error" if answer.get("error") else "no choices")
    if not isinstance(choices[0].get("message"), dict):
        raise NoCompletionError("a choice without a message")
    return dict(choices[0])


def _content(content: object) -> str | None:
    """The text; some gateways send a list of parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) or "" for part in content if isinstance(part, dict))
    return _text(content)


def _after_prefill(text: str | None, sent: Json) -> str | None:
    messages = sent.get("messages") or [{}]
    prefill = messages[-1].get("content", "") if messages[-1].get("role") == "assistant" else ""
    return text.removeprefix(prefill) if text is not None else None


def _tokens(logprobs: object) -> tuple[TokenLogprobs, ...]:
    content = _object(logprobs).get("content")
    steps = content if isinstance(content, list) else []
    return tuple(_token(step) for step in steps if isinstance(step, dict) and isinstance(step.get("token"), str))


def _token(step: Json) -> TokenLogprobs:
    top: dict[str, float] = {}
    for one in step.get("top_logprobs") or []:
        token, logprob = _object(one).get("token"), _logprob(_object(one).get("logprob"))
        if isinstance(token, str) and logprob is not None:
            top[token] = _either(top[token], logprob) if token in top else logprob
    own = _logprob(step.get("logprob"))
    if own is not None:
        top.setdefault(step["token"], own)
    return TokenLogprobs(token=step["token"], top=top)


def _either(one: float, other: float) -> float:
    """log(exp(a) + exp(b)): two tokens of a vocabulary can have the same text."""
    high, low = max(one, other), min(one, other)
    return high + math.log1p(math.exp(low - high))


def _usage(usage: Json) -> Usage:
    return Usage(
        input_tokens=_count(usage.get("prompt_tokens")),
        cached_tokens=_count(_object(usage.get("prompt_tokens_details")).get("cached_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        reasoning_tokens=_count(_object(usage.get("completion_tokens_details")).get("reasoning_tokens")),
    )


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    r"""A text that can be written down: half a character (`\ud800` alone) is legal in JSON and nowhere else."""
    return _HALF_CHARACTER.sub("\ufffd", value) if isinstance(value, str) else None


def _count(value: object) -> int | None:
    """A number of tokens; what no table could hold is no number of tokens."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS else None


def _logprob(value: Any) -> float | None:  # noqa: ANN401 - whatever JSON holds
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and math.isfinite(value) else None
