import pytest
from asking import rater_of

from scorer.domain.rating import AnswerMode
from scorer.errors import ConfigurationError
from scorer.providers import capability, request_params

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def test_json_mode_asks_for_the_schema_strictly():
    """A JSON rater's params hold the rubric's schema, strict and named, and nothing that nobody asked for."""
    assert request_params(rater_of(), SCHEMA) == {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
        }
    }


def test_token_mode_asks_for_a_few_tokens_with_their_alternatives():
    """A TOKEN rater's params ask for four tokens, twenty alternatives each, and no sampling."""
    assert request_params(rater_of(answer=AnswerMode.TOKEN), None) == {
        "max_tokens": 4,
        "logprobs": True,
        "top_logprobs": 20,
        "temperature": 0,
    }


@pytest.mark.parametrize("answer", AnswerMode)
def test_the_raters_own_params_are_sent_as_they_are(answer):
    """What scorer.toml says wins over our defaults, and is never changed or left out."""
    own = {"temperature": 0.7, "seed": 3, "max_tokens": 900, "top_k": 40}

    params = request_params(rater_of(answer=answer, params=own), SCHEMA)

    assert {name: params[name] for name in own} == own


def test_a_cap_under_its_newer_name_replaces_ours():
    """One request never holds both names of the cap on tokens."""
    rater = rater_of(answer=AnswerMode.TOKEN, params={"max_completion_tokens": 2})

    assert "max_tokens" not in request_params(rater, None)


@pytest.mark.parametrize("model", ["o1", "o3-2025-04-16", "o4-mini", "gpt-5", "gpt-5-mini-2025-08-07", "openai/gpt-5"])
@pytest.mark.parametrize("name", ["temperature", "logprobs", "top_p"])
def test_reasoning_models_take_no_sampling_and_give_no_logprobs(model, name):
    """A param that a reasoning model refuses is an error that names it, not a param that disappears."""
    with pytest.raises(ConfigurationError, match=rf"\[raters.scripted\].*`{name}`"):
        request_params(rater_of(model=model, params={name: 0}), SCHEMA)


@pytest.mark.parametrize("model", ["o3", "gpt-5", "gpt-5.4"])
def test_a_model_without_logprobs_cannot_answer_by_token(model):
    """`answer = "token"` is refused where there would be nothing to read, and the message says what to use."""
    with pytest.raises(ConfigurationError, match='answer = "json"'):
        request_params(rater_of(model=model, answer=AnswerMode.TOKEN), None)


@pytest.mark.parametrize("model", ["gpt-5.2", "gpt-5.4-2026-03-05", "gpt-6-sol"])
def test_newer_models_take_sampling_when_reasoning_is_off(model):
    """From gpt-5.1 on temperature and logprobs come back with reasoning_effort none, and the message says so."""
    with pytest.raises(ConfigurationError, match='reasoning_effort = "none"'):
        request_params(rater_of(model=model, params={"temperature": 0}), SCHEMA)

    off = rater_of(model=model, answer=AnswerMode.TOKEN, params={"reasoning_effort": "none"})
    params = request_params(off, None)

    assert (params["logprobs"], params["temperature"], params["max_completion_tokens"]) == (True, 0, 4)


def test_the_old_cap_is_refused_with_the_name_of_the_new_one():
    """`max_tokens` for a reasoning model is answered with `max_completion_tokens`."""
    with pytest.raises(ConfigurationError, match="`max_completion_tokens` instead"):
        request_params(rater_of(model="o3", params={"max_tokens": 10}), SCHEMA)


@pytest.mark.parametrize("name", ["model", "messages", "stream", "n", "response_format"])
def test_what_is_ours_to_set_cannot_be_a_param(name):
    """Params cannot replace the question, the schema, or the shape of the answer."""
    with pytest.raises(ConfigurationError, match=f"`{name}` is set by the scorer"):
        request_params(rater_of(params={name: 1}), SCHEMA)


@pytest.mark.parametrize("params", [{"logprobs": False}, {"top_logprobs": 0}])
def test_token_mode_without_logprobs_is_refused(params):
    """A TOKEN rater whose params switch off what it is read by is an error."""
    with pytest.raises(ConfigurationError, match="logprobs"):
        request_params(rater_of(answer=AnswerMode.TOKEN, params=params), None)


@pytest.mark.parametrize(
    ("model", "structured"),
    [
        ("gpt-4o-2024-08-06", "json_schema"),
        ("gpt-4o-2024-05-13", "json_object"),
        ("gpt-4-turbo", "json_object"),
        ("gpt-3.5-turbo-0125", "json_object"),
        ("gpt-4-0613", "none"),
        ("o1-mini", "none"),
        ("gpt-5.4", "json_schema"),
        ("a-model-nobody-knows", "json_schema"),
    ],
)
def test_each_model_is_sent_the_structure_it_takes(model, structured):
    """Models from before strict schemas get JSON mode or nothing; a model nobody knows gets the schema."""
    params = request_params(rater_of(model=model), SCHEMA)

    assert capability(rater_of(model=model)).structured == structured
    assert params.get("response_format", {"type": "none"})["type"] == structured


def test_the_first_match_wins_over_a_wider_pattern():
    """gpt-5-chat-latest is a chat model under a reasoning name: it keeps its temperature."""
    assert request_params(rater_of(model="gpt-5-chat-latest", params={"temperature": 0}), SCHEMA)["temperature"] == 0


def test_an_embedded_model_takes_everything_whatever_its_name():
    """llama.cpp serves weights: a name that looks like a hosted model's changes nothing."""
    rater = rater_of(provider="embedded", model="o3-distilled", answer=AnswerMode.TOKEN)

    assert request_params(rater, None)["logprobs"] is True


def test_an_imported_rater_is_never_asked():
    """Ratings made elsewhere have no params to send."""
    with pytest.raises(ConfigurationError, match="imported"):
        request_params(rater_of(provider="import"), None)


def test_service_tier_is_no_part_of_the_cell():
    """What changes price and speed but not the answer stays out of the Cell's params."""
    assert "service_tier" not in request_params(rater_of(params={"service_tier": "flex"}), SCHEMA)
