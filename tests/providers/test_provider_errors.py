import inspect
import logging
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest
from asking import KEY, KEY_NAME, ask, rater_of
from fake_openai import error, scripted
from openai import _exceptions

from scorer.errors import PermanentError, ProviderError, RateLimitedError, TransientError
from scorer.providers.errors import MEANINGS


def failing(status: int, body=None, **headers) -> Exception:
    """What asking raises when the endpoint answers with this."""
    with pytest.raises(ProviderError) as caught:
        ask(rater_of(), scripted(httpx2.Response(status, json=body or {}, headers=headers)))
    return caught.value


def exported() -> list[type[Exception]]:
    named = {**vars(openai), **vars(_exceptions)}
    found = {
        one
        for name, one in named.items()
        if inspect.isclass(one) and issubclass(one, Exception) and not name.startswith("_")
    }
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", exported(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_sdk_has_a_meaning(kind):
    """An exception class that the SDK grows fails here until somebody says what it means."""
    assert kind in MEANINGS


def test_the_sdk_still_exports_what_we_map():
    """The walk above sees the exceptions: at least those that a chat completion can raise."""
    assert {openai.RateLimitError, openai.APIConnectionError} <= set(exported())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, PermanentError),
        (400, PermanentError),
        (401, PermanentError),
        (402, PermanentError),
        (403, PermanentError),
        (404, PermanentError),
        (408, TransientError),
        (409, TransientError),
        (413, PermanentError),
        (422, PermanentError),
        (425, TransientError),
        (429, RateLimitedError),
        (500, TransientError),
        (502, TransientError),
        (503, TransientError),
        (529, TransientError),
    ],
)
def test_each_status_is_permanent_transient_or_patience(status, kind):
    """What another attempt can mend is transient, 429 asks for patience, the rest stops the run."""
    assert type(failing(status)) is kind


def test_a_message_says_who_where_what_and_what_to_do():
    """One line holds rater, host, status, code, the endpoint's words and advice."""
    text = str(failing(401, error("No such key.", "invalid_api_key")))

    assert text == (
        f"rater `scripted` at models.example: 401 invalid_api_key 'No such key.'; set {KEY_NAME} to a valid key"
    )


@pytest.mark.parametrize(
    "body",
    [
        error("Quota.", "insufficient_quota"),
        error("Quota.", None, "insufficient_quota"),
        error("", "billing_not_active"),
    ],
)
def test_an_exhausted_quota_is_not_patience(body):
    """A 429 that says the money is spent stops the run instead of waiting."""
    assert type(failing(429, body, **{"retry-after": "1"})) is PermanentError


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after": "1.5"}, 1.5, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25, 0.25),
        ({"retry-after": in_seconds(7200)}, 3600, 7200),  # written when tests are collected, which may be long before
        ({"retry-after": in_seconds(-60)}, 0, 0),
        ({"retry-after": "-3"}, 0, 0),
    ],
)
def test_the_wait_that_an_endpoint_asks_for_is_heard(headers, low, high):
    """Retry-After in seconds, milliseconds or as a date becomes seconds, never negative."""
    assert low <= failing(429, **headers).retry_after <= high


@pytest.mark.parametrize("stated", ["soon", "nan", "inf", ""])
def test_a_wait_that_is_no_number_is_not_believed(stated):
    """Nonsense in Retry-After means that the endpoint did not say."""
    assert failing(429, **{"retry-after": stated}).retry_after is None


def test_an_overloaded_endpoint_that_names_a_wait_gets_it():
    """A 503 with Retry-After is waited for, though it says nothing about our pace."""
    caught = failing(503, **{"retry-after": "3"})

    assert type(caught) is TransientError
    assert caught.retry_after == 3


@pytest.mark.parametrize(
    "broken", [httpx2.ConnectError("refused"), httpx2.RemoteProtocolError("cut"), httpx2.ReadError("reset")]
)
def test_a_broken_connection_is_transient(broken):
    """Nothing that happens to a connection ends a run."""
    with pytest.raises(TransientError, match=f"no connection .{type(broken).__name__}"):
        ask(rater_of(), scripted(broken))


@pytest.mark.parametrize(
    ("body", "finish_reason"),
    [
        (error("Filtered.", "content_filter"), "content_filter"),
        (error("Flagged.", "invalid_prompt"), "content_filter"),
        (error("Too long.", "context_length_exceeded"), "length"),
        (error("Too long.", 400, "exceed_context_size_error"), "length"),
    ],
)
def test_a_refused_prompt_is_an_answer_about_one_task(body, finish_reason):
    """A 400 about this prompt alone stops no run: it is a reply with its body and the reason."""
    reply = ask(rater_of(), scripted(httpx2.Response(400, json=body)))

    assert (reply.text, reply.finish_reason) == (None, finish_reason)
    assert body["error"]["message"] in reply.body
    assert (reply.refusal is not None) == (finish_reason == "content_filter")


def leaks(request: httpx2.Request, status: int) -> httpx2.Response:
    """An endpoint that repeats the key wherever it can."""
    key = request.headers["authorization"]
    text = f"{'x' * 178} {key} {KEY}"
    return httpx2.Response(
        status,
        json={**error(text, f"code-{KEY}"), "choices": [{"message": {"content": text}}]},
        headers={"x-request-id": KEY, "www-authenticate": key},
    )


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 302])
def test_a_key_appears_in_no_error(status, caplog):
    """Whatever an endpoint echoes, neither message, nor traceback, nor log holds the key or half of it."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ProviderError) as caught:
        ask(rater_of(), scripted(lambda request: leaks(request, status)))

    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__dict__) + caplog.text
    assert KEY not in told
    assert KEY[:12] not in told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_key_appears_in_no_reply():
    """An answer that repeats the key is kept without it."""
    reply = ask(rater_of(), scripted(lambda request: leaks(request, 200)))

    assert KEY not in reply.model_dump_json()
    assert "[key]" in reply.body
    assert reply.request_id == "[key]"


def test_a_key_appears_in_no_message_about_garbage():
    """A 200 that is no completion is quoted without the key."""
    with pytest.raises(TransientError) as caught:
        ask(rater_of(), scripted(httpx2.Response(200, text=f"<p>{'x' * 180}{KEY}")))

    assert KEY[:12] not in str(caught.value)


def test_foreign_text_is_one_short_printable_line():
    """Line breaks, escapes and length of an endpoint's words never reach a terminal."""
    text = str(failing(400, error("\x1b[31mred\r\n" + "long " * 500)))

    assert text.isprintable()
    assert len(text) < 400
