"""A probe of a Rater: one small question, so that a wrong key, model or parameter shows before a run and not in it."""

import re

from scorer.domain.base import Frozen
from scorer.domain.rating import AnswerMode, Cell, Json, Message, Rater, Reply
from scorer.errors import ProviderError
from scorer.providers.capabilities import request_params
from scorer.providers.provider import OPENAI_URL, Endpoint, Provider

DATED = re.compile(r"\d{4}-\d{2}-\d{2}|-\d{4}$|-\d{8}$")
SCHEMA: Json = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
QUESTION = 'Is water wet? Answer with the JSON object {"answer": "yes"} or {"answer": "no"}.'
QUESTION_TOKEN = "Is water wet? Answer with one word: yes or no."  # noqa: S105 - not a secret


class RaterCheck(Frozen):
    """What a probe showed.

    Attributes:
        reachable: an answer came.
        served_model: the model that answered, in the endpoint's words.
        logprobs: log-probabilities came; None where they were not asked for.
        structured: the answer was of the schema asked for; None where none was sent.
        latency_ms: of the probe.
        problem: why there is no usable answer, and what to do.
        warnings: what works today and may not tomorrow.
    """

    rater: str
    reachable: bool
    served_model: str | None = None
    logprobs: bool | None = None
    structured: bool | None = None
    latency_ms: float | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rater can be used as it is configured."""
        return self.reachable and self.problem is None


async def check_rater(rater: Rater, provider: Provider) -> RaterCheck:
    """Ask a Rater one question in its own answer mode.

    Raises:
        ConfigurationError: its parameters cannot be sent.
    """
    cell = _probe(rater)
    try:
        reply = await provider.ask(cell)
    except ProviderError as error:
        return RaterCheck(rater=rater.name, reachable=False, problem=str(error), warnings=rater_warnings(rater))
    logprobs = any(token.top for token in reply.tokens) if cell.params.get("logprobs") else None
    structured = _follows_schema(reply) if "response_format" in cell.params else None
    return RaterCheck(
        rater=rater.name,
        reachable=True,
        served_model=reply.served_model,
        logprobs=logprobs,
        structured=structured,
        latency_ms=reply.latency_ms,
        problem=_problem(rater, reply, logprobs=logprobs, structured=structured),
        warnings=rater_warnings(rater),
    )


def rater_warnings(rater: Rater) -> tuple[str, ...]:
    """What one should know about a Rater's settings without asking it."""
    at_openai = rater.provider == "openai" and Endpoint(rater.base_url or OPENAI_URL, "").is_openai
    if at_openai and not DATED.search(rater.model):
        return (
            f"`{rater.model}` is an alias: its answers change when the model behind it does; name a dated snapshot",
        )
    return ()


def _probe(rater: Rater) -> Cell:
    by_token = rater.answer is not AnswerMode.JSON
    schema = None if by_token else SCHEMA
    return Cell(
        task_id="probe",
        rubric="probe@1",
        rater=rater.name,
        messages=(Message(role="user", content=QUESTION_TOKEN if by_token else QUESTION),),
        answer_schema=schema,
        provider=rater.provider,
        model=rater.weights_sha256 or rater.model,
        params=request_params(rater, schema),
        statement_sha256="",
        rubric_sha256="",
    )


def _follows_schema(reply: Reply) -> bool:
    return re.fullmatch(r'\s*\{\s*"answer"\s*:\s*"(yes|no)"\s*\}\s*', reply.text or "") is not None


def _problem(rater: Rater, reply: Reply, *, logprobs: bool | None, structured: bool | None) -> str | None:
    where = f"rater `{rater.name}`"
    if logprobs is False and rater.answer is not AnswerMode.JSON:
        return f'{where}: the endpoint gives no log-probabilities; use answer = "json"'
    if structured is False and reply.finish_reason == "length":
        return f"{where}: the answer was cut off; raise the cap on tokens in `params`"
    if structured is False:
        return f"{where}: the endpoint did not keep to the JSON schema that was sent; its answers may be unparsable"
    return None
