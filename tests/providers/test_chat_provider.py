import json

import httpx2
import pytest
from asking import KEY, KEY_NAME, ask, cell_of, rater_of
from fake_openai import FakeModel, completion, scripted

from scorer.domain.rating import AnswerMode, Message, Usage
from scorer.errors import ConfigurationError, TransientError
from scorer.providers import open_provider

SCHEMA = {
    "type": "object",
    "properties": {"rationale": {"type": "string"}, "category": {"type": "string", "enum": ["0", "50", "100"]}},
    "required": ["rationale", "category"],
    "additionalProperties": False,
}


def ok(body) -> httpx2.Response:
    return httpx2.Response(200, json=body, headers={"x-request-id": "req-7"})


def test_what_is_sent_is_the_cell_and_the_model_and_nothing_else():
    """The request body is messages and params of the Cell, byte for byte, plus the rater's model."""
    seen = []
    rater = rater_of(params={"seed": 7})
    cell = cell_of(rater, schema=SCHEMA)

    reply = ask(rater, scripted(lambda request: (seen.append(request), ok(completion()))[1]), cell)

    sent = json.loads(seen[0].content)
    assert sent == {
        "model": "model-2026-01-31",
        "messages": [{"role": "system", "content": "Rate."}, {"role": "user", "content": "Fold letters."}],
        **cell.params,
    }
    assert sent == reply.sent
    assert sent["response_format"]["json_schema"] == {"name": "answer", "strict": True, "schema": SCHEMA}
    assert str(seen[0].url) == "https://models.example/v1/chat/completions"
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_reply_holds_everything_that_came_back():
    """Text, tokens, usage with cached and reasoning tokens, served model, fingerprint, tier and request id are kept."""
    body = completion(
        "50",
        model="model-2026-01-31-b",
        system_fingerprint="fp_1",
        service_tier="flex",
        choice={
            "logprobs": {
                "content": [{"token": "50", "logprob": -0.1, "top_logprobs": [{"token": "0", "logprob": -2.5}]}]
            }
        },
        usage={
            "prompt_tokens": 1500,
            "completion_tokens": 90,
            "prompt_tokens_details": {"cached_tokens": 1408},
            "completion_tokens_details": {"reasoning_tokens": 64},
        },
    )

    reply = ask(rater_of(), scripted(ok(body)))

    assert json.loads(reply.body) == body
    assert (reply.text, reply.finish_reason, reply.refusal) == ("50", "stop", None)
    assert reply.tokens[0].top == {"50": -0.1, "0": -2.5}
    assert reply.usage == Usage(input_tokens=1500, cached_tokens=1408, output_tokens=90, reasoning_tokens=64)
    assert (reply.served_model, reply.system_fingerprint, reply.service_tier) == ("model-2026-01-31-b", "fp_1", "flex")
    assert reply.request_id == "req-7"
    assert reply.latency_ms > 0


def test_one_question_is_one_request():
    """Neither the SDK nor the provider tries a second time: there is one retry layer and it is not here."""
    seen = []
    transport = scripted(lambda request: (seen.append(request), httpx2.Response(500, json={}))[1])

    with pytest.raises(TransientError):
        ask(rater_of(), transport)

    assert len(seen) == 1


def test_the_price_tier_is_sent_though_it_is_no_part_of_the_cell():
    """`service_tier` reaches the endpoint and leaves the identity of the Cell alone."""
    plain, flex = rater_of(), rater_of(params={"service_tier": "flex"})

    assert ask(flex, scripted(ok(completion()))).sent["service_tier"] == "flex"
    assert cell_of(flex).cell_hash == cell_of(plain).cell_hash


def test_a_refusal_is_an_answer():
    """A model that refuses has answered: the words stay, nothing is raised."""
    reply = ask(rater_of(), scripted(ok(completion(None, message={"refusal": "I cannot rate that."}))))

    assert (reply.text, reply.refusal) == (None, "I cannot rate that.")


def test_an_echoed_prefill_is_cut_off_the_text():
    """Where an endpoint repeats the prefill (llama.cpp does), the text begins after it; the body keeps it."""
    rater = rater_of(answer=AnswerMode.TOKEN)
    cell = cell_of(rater, Message(role="user", content="Rate."), Message(role="assistant", content="Category:"))

    reply = ask(rater, scripted(ok(completion("Category: 50"))), cell)

    assert reply.text == " 50"
    assert "Category: 50" in reply.body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html>Sign in</html>", "not JSON"),
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no object"),
        ('{"object": "list"}', "no choices"),
        ('{"choices": []}', "no choices"),
        ('{"choices": [{"text": "50"}]}', "without a message"),
        ('{"error": {"message": "upstream is tired"}}', "upstream is tired"),
    ],
)
def test_a_200_without_an_answer_is_tried_again_and_quoted(body, reason):
    """A 200 that is no chat completion is transient, and the message quotes how the body begins."""
    with pytest.raises(TransientError, match=reason) as caught:
        ask(rater_of(), scripted(httpx2.Response(200, text=body)))

    assert "models.example" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_odd_fields_never_lose_an_answer():
    """Usage, logprobs or a model name of the wrong shape are left out; the answer stays."""
    body = completion("50", model=None, usage="many", choice={"logprobs": {"content": [{"token": 5}, "x"]}})

    reply = ask(rater_of(), scripted(ok(body)))

    assert reply.text == "50"
    assert (reply.usage, reply.tokens, reply.served_model) == (Usage(), (), None)


def test_text_in_parts_is_joined():
    """Gateways that send the content as a list of parts are read like the others."""
    body = completion("x", message={"content": [{"type": "text", "text": "5"}, {"type": "text", "text": "0"}]})

    assert ask(rater_of(), scripted(ok(body))).text == "50"


def test_tokens_with_the_same_text_share_their_probability():
    """Two tokens of one text count together: .25 and .25 are .5."""
    step = {"token": "a", "logprob": -1.3862944, "top_logprobs": [{"token": "a", "logprob": -1.3862944}] * 2}
    reply = ask(rater_of(), scripted(ok(completion("a", choice={"logprobs": {"content": [step]}}))))

    assert reply.tokens[0].top["a"] == pytest.approx(-0.6931472)


def test_a_slow_endpoint_is_given_up_after_the_time_out():
    """`timeout_s` holds for the whole request: an endpoint that never answers is a transient error in that time."""
    with pytest.raises(TransientError, match="no answer in time"):
        ask(rater_of(timeout_s=0.05), FakeModel(latency_s=30).transport())


def test_a_header_of_the_environment_never_replaces_the_key(monkeypatch):
    """OPENAI_CUSTOM_HEADERS cannot put another Authorization in the place of the rater's key."""
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer somebody-elses")
    seen = []

    ask(rater_of(), scripted(lambda request: (seen.append(request), ok(completion()))[1]))

    assert seen[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_missing_key_is_named_by_its_variable(monkeypatch):
    """Without the key nothing is opened, and the message names the variable to set."""
    monkeypatch.delenv(KEY_NAME)

    with pytest.raises(ConfigurationError, match=KEY_NAME):
        open_provider(rater_of())


def test_openai_itself_needs_a_key_even_where_no_variable_is_named():
    """Without `base_url` and `api_key_env` the key is looked for in OPENAI_API_KEY."""
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        open_provider(rater_of(base_url=None, api_key_env=None))


def test_a_key_with_a_line_break_inside_is_refused_without_being_shown(monkeypatch):
    """A key that no header can carry is a configuration error that shows none of it."""
    monkeypatch.setenv(KEY_NAME, "sk-first-half\nsk-second-half")

    with pytest.raises(ConfigurationError, match=KEY_NAME) as caught:
        open_provider(rater_of())

    assert "half" not in str(caught.value)


def test_a_self_hosted_endpoint_needs_no_key():
    """An address of one's own without `api_key_env` is asked all the same."""
    rater = rater_of(base_url="http://127.0.0.1:9/v1", api_key_env=None)

    assert ask(rater, scripted(ok(completion("50")))).text == "50"


@pytest.mark.parametrize("base_url", ["models.example/v1", "ftp://models.example", "http://", "http://h:x/v1"])
def test_an_address_that_is_none_is_refused_at_once(base_url):
    """A `base_url` without scheme, host or a real port never reaches the network."""
    with pytest.raises(ConfigurationError, match="base_url"):
        open_provider(rater_of(base_url=base_url))


@pytest.mark.parametrize("provider", ["embedded", "import"])
def test_raters_without_an_endpoint_of_their_own_say_what_they_need(provider):
    """An embedded rater needs its server, an imported one cannot be asked."""
    with pytest.raises(ConfigurationError, match="needs"):
        open_provider(rater_of(provider=provider))
