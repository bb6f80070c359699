"""Every exception of the SDK and what it means to a run: one table, and one reading of a refusal.

An exception class that stands in no line of the table is a gap: a test walks the SDK's exports and fails on it. Nothing
that leaves here holds a key: text of the endpoint is redacted, shortened and quoted.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx2
import openai
from openai import _exceptions as unexported

from scorer.errors import PermanentError, ProviderError, RateLimitedError, TransientError
from scorer.providers.provider import Endpoint

QUOTED = 200
SHORTEST_SECRET = 8
SPENT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "quota_exceeded"}
PATIENT_STATUSES = {408, 409, 425, 429}
# Refusals of one prompt, not of the endpoint or the request: code or type of the error -> finish_reason of the answer.
ABOUT_THE_PROMPT = {
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
    "invalid_prompt": "content_filter",
    "context_length_exceeded": "length",
    "exceed_context_size_error": "length",
}


class Meaning(NamedTuple):
    """What an exception is to us, and what its reader should do. `{key}`: name of the key's variable."""

    kind: type[ProviderError]
    advice: str


AGAIN = "it is tried again"
REPORT = "the scorer never calls what raises this; please report it"
REFUSED = "check `params` against what the model takes"
KEY = "set {key} to a valid key"

MEANINGS: dict[type[Exception], Meaning] = {
    openai.APIConnectionError: Meaning(TransientError, "check `base_url` and the network"),
    openai.APITimeoutError: Meaning(TransientError, "raise `timeout_s` if this happens often"),
    openai.APIResponseValidationError: Meaning(TransientError, AGAIN),
    openai.ConflictError: Meaning(TransientError, AGAIN),
    openai.InternalServerError: Meaning(TransientError, AGAIN),
    openai.RateLimitError: Meaning(RateLimitedError, "lower `limits` of this rater if this happens often"),
    openai.AuthenticationError: Meaning(PermanentError, KEY),
    openai.OAuthError: Meaning(PermanentError, KEY),
    openai.PermissionDeniedError: Meaning(PermanentError, "use a key that may use this model, or another model"),
    openai.NotFoundError: Meaning(PermanentError, "check `model` and `base_url`"),
    openai.BadRequestError: Meaning(PermanentError, REFUSED),
    openai.UnprocessableEntityError: Meaning(PermanentError, REFUSED),
    openai.APIStatusError: Meaning(PermanentError, "check `base_url`: it must be the final address, with the version"),
    openai.APIError: Meaning(PermanentError, REPORT),
    openai.OpenAIError: Meaning(PermanentError, "check the environment variables that begin with OPENAI_"),
    openai.LengthFinishReasonError: Meaning(PermanentError, REPORT),
    openai.ContentFilterFinishReasonError: Meaning(PermanentError, REPORT),
    openai.InvalidWebhookSignatureError: Meaning(PermanentError, REPORT),
    openai.WebSocketConnectionClosedError: Meaning(PermanentError, REPORT),
    openai.WebSocketQueueFullError: Meaning(PermanentError, REPORT),
    unexported.SubjectTokenProviderError: Meaning(PermanentError, REPORT),
}


class Redactor:
    """Takes a key out of text, also where JSON has escaped characters of it. What is too short for a secret stays."""

    def __init__(self, key: str) -> None:
        self._key = key if len(key) >= SHORTEST_SECRET else None
        self._escaped = re.compile("".join(map(_spellings, key)))

    def __call__(self, text: str) -> str:
        """The text with `[key]` wherever the key stood."""
        if self._key is None:
            return text
        plain = text.replace(self._key, "[key]")
        return self._escaped.sub("[key]", plain) if "\\" in plain else plain


def _spellings(char: str) -> str:
    r"""A pattern for the ways in which JSON may spell a character: `/` is also `\/` and `\u002f`."""
    return rf"(?:\\?{re.escape(char)}|\\u(?i:{ord(char):04x}))"


def provider_error(error: Exception, rater: str, endpoint: Endpoint, redact: Callable[[str], str]) -> ProviderError:
    """Our error for one of the SDK (or for the time-out of a whole request).

    The text names rater and host, quotes the endpoint's own words redacted, and says what to do.
    """
    meaning = _meaning(error)
    advice = meaning.advice.format(key=endpoint.key_name or "`api_key_env` of this rater")
    text = redact(f"rater `{rater}` at {endpoint.host}: {_what(error, redact)}; {advice}")
    if issubclass(meaning.kind, TransientError):
        return meaning.kind(text, retry_after(error))
    return meaning.kind(text)


def about_the_prompt(error: Exception) -> str | None:
    """The finish_reason that a refusal of this one prompt amounts to; None where the refusal is about anything else."""
    if not isinstance(error, openai.APIStatusError):
        return None
    return next((ABOUT_THE_PROMPT[name] for name in _codes(error) if name in ABOUT_THE_PROMPT), None)


def retry_after(error: Exception) -> float | None:
    """Seconds that the endpoint asks us to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date."""
    if not isinstance(error, openai.APIStatusError):
        return None
    headers = error.response.headers
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    stated = headers.get("retry-after")
    seconds = _number(stated)
    return seconds if seconds is not None else _until(stated)


def excerpt(text: str) -> str:
    """The beginning of foreign text, on one line, printable, in quotes."""
    line = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return f"'{line[:QUOTED]}{'…' if len(line) > QUOTED else ''}'"


def _meaning(error: Exception) -> Meaning:
    if isinstance(error, openai.APIConnectionError | TimeoutError):
        return MEANINGS[openai.APITimeoutError if _is_late(error) else openai.APIConnectionError]
    if isinstance(error, openai.APIStatusError):
        if SPENT & set(_codes(error)):
            return Meaning(
                PermanentError, "the money of this account is spent: top it up, then run the same command again"
            )
        if error.status_code in PATIENT_STATUSES and error.status_code not in {409, 429}:
            return MEANINGS[openai.ConflictError]
    return next(MEANINGS[kind] for kind in type(error).__mro__ if kind in MEANINGS)


def _what(error: Exception, redact: Callable[[str], str]) -> str:
    """What happened. Redacted before it is cut, or half a key could stay."""
    if isinstance(error, openai.APIStatusError):
        named = [excerpt(redact(code)).strip("'") for code in _codes(error) if not code.isdigit()]
        return " ".join([str(error.status_code), *named[:1], excerpt(redact(_words(error)))])
    if isinstance(error, openai.APIConnectionError | TimeoutError):
        return "no answer in time" if _is_late(error) else f"no connection ({type(_root(error)).__name__})"
    return f"{type(error).__name__} {excerpt(redact(str(error)))}"


def _is_late(error: BaseException) -> bool:
    """Whether time ran out. The transport calls a refused connection a time-out too; what is below it knows better."""
    late = TimeoutError | httpx2.TimeoutException | openai.APITimeoutError
    return isinstance(error, TimeoutError) or isinstance(_root(error), late)


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _words(error: openai.APIStatusError) -> str:
    """The endpoint's own message, else what it sent."""
    if isinstance(error.body, dict) and isinstance(error.body.get("message"), str):
        return str(error.body["message"])
    return str(error.body or "")


def _codes(error: openai.APIStatusError) -> list[str]:
    return [str(name) for name in (error.code, error.type) if name is not None]


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return max(0.0, value) if math.isfinite(value) else None


def _until(date: str | None) -> float | None:
    try:
        moment = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
