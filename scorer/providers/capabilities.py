"""What models take, and what will be sent: decided before the first request, recorded in the Cell, never bent later.

A parameter of scorer.toml that a model is known to refuse is an error here. Nothing is dropped in silence.
"""

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Literal

from scorer.domain.base import Frozen
from scorer.domain.rating import AnswerMode, Json, Rater
from scorer.errors import ConfigurationError

TOKENS_OF_A_CATEGORY = 4
TOP_LOGPROBS = 20
OURS = ("model", "messages", "response_format", "stream", "stream_options", "n", "tools", "functions")
OUTSIDE_THE_CELL = ("service_tier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options")


class Capability(Frozen):
    """What one family of models takes. The field's meaning stands in `capabilities.toml`."""

    match: tuple[str, ...]
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    refuses: frozenset[str] = frozenset()
    refuses_while_reasoning: frozenset[str] = frozenset()
    max_tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"

    def refused(self, params: Json) -> frozenset[str]:
        """The parameters that an endpoint will refuse beside these `params`."""
        refused = self.refuses
        if params.get("reasoning_effort") != "none":
            refused |= self.refuses_while_reasoning
        return refused | {"max_tokens"} if self.max_tokens == "max_completion_tokens" else refused

    def reasons(self, params: Json) -> bool:
        """Whether the model thinks in tokens of its own before it answers: those take no temperature."""
        return "temperature" in self.refused(params)


def capability(rater: Rater) -> Capability:
    """What is known about the Rater's model; everything is allowed where nothing is known."""
    name = rater.model.rpartition("/")[2].lower()
    known = () if rater.is_embedded else _table()
    matching = (entry for entry in known if any(fnmatchcase(name, pattern) for pattern in entry.match))
    return next(matching, Capability(match=("*",)))


def request_params(rater: Rater, rubric_schema: Json | None) -> Json:
    """The parameters of every request of a Rater, as the Cell holds them and as they are sent.

    Args:
        rater: its answer mode decides: JSON asks for an answer of the schema, TOKEN for a few tokens with their
            log-probabilities, PROBES for one such token of each probe. Its own `params` are sent as they are and win
            over our defaults.
        rubric_schema: strict JSON schema of the answer; None in the other modes.

    Returns:
        The request body without `model` and `messages`, and without what changes price or speed but not the answer
        (`service_tier` and the like, which the provider adds when it asks).

    Raises:
        ConfigurationError: a parameter that is ours to set, or that the model is known to refuse.
    """
    if rater.provider in {"import", "calibrated"}:
        raise ConfigurationError(
            f"rater `{rater.name}` was imported or computed and cannot be asked; leave it out of the selection"
        )
    if rater.provider == "template":
        return dict(rater.params)
    takes = capability(rater)
    _check(rater, takes)
    own = {name: value for name, value in rater.params.items() if name not in OUTSIDE_THE_CELL}
    if rater.answer is not AnswerMode.JSON:
        return {**_token_defaults(rater, takes), **own}
    return {**_response_format(takes, rubric_schema), **own}


def unhashed_params(rater: Rater) -> Json:
    """Parameters of the Rater that are sent but decide price or speed, not the answer: no part of the Cell."""
    return {name: value for name, value in rater.params.items() if name in OUTSIDE_THE_CELL}


def _check(rater: Rater, takes: Capability) -> None:
    where = f"scorer.toml [raters.{rater.name}]"
    if ours := [name for name in rater.params if name in OURS]:
        raise ConfigurationError(f"{where}: `{ours[0]}` is set by the scorer; take it out of `params`")
    if refused := sorted(takes.refused(rater.params) & set(rater.params)):
        raise ConfigurationError(f"{where}: {rater.model} does not take `{refused[0]}`; {_advice(refused[0], takes)}")
    by_token = rater.answer is not AnswerMode.JSON
    if by_token and "logprobs" in takes.refused(rater.params):
        raise ConfigurationError(
            f'{where}: answer = "{rater.answer}" reads log-probabilities, which {rater.model} does not give; '
            f'use answer = "json"{_or_no_reasoning("logprobs", takes)}'
        )
    if by_token and not (rater.params.get("logprobs", True) and _wants_top(rater)):
        raise ConfigurationError(
            f'{where}: answer = "{rater.answer}" needs log-probabilities; take `logprobs` out of `params`'
        )


def _wants_top(rater: Rater) -> bool:
    return bool(rater.params.get("top_logprobs", TOP_LOGPROBS))


def _advice(name: str, takes: Capability) -> str:
    if name == "max_tokens":
        return f"write `{takes.max_tokens}` instead"
    return f"take it out of `params`{_or_no_reasoning(name, takes)}"


def _or_no_reasoning(name: str, takes: Capability) -> str:
    return ' or set reasoning_effort = "none"' if name in takes.refuses_while_reasoning else ""


def _token_defaults(rater: Rater, takes: Capability) -> Json:
    defaults: Json = {"logprobs": True, "top_logprobs": TOP_LOGPROBS}
    if not {"max_tokens", "max_completion_tokens"} & set(rater.params):
        defaults[takes.max_tokens] = 1 if rater.answer is AnswerMode.PROBES else TOKENS_OF_A_CATEGORY
    if "temperature" not in takes.refused(rater.params):
        defaults["temperature"] = 0
    return defaults


def _response_format(takes: Capability, schema: Json | None) -> Json:
    if schema is None or takes.structured == "none":
        return {}
    if takes.structured == "json_object":
        return {"response_format": {"type": "json_object"}}
    answer = {"name": "answer", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": answer}}


@cache
def _table() -> tuple[Capability, ...]:
    text = resources.files(__package__).joinpath("capabilities.toml").read_text("utf-8")
    return tuple(Capability.model_validate(entry) for entry in tomllib.loads(text)["models"])
