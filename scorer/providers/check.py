"""A probe of a Rater: one small question, so that a wrong key, model or parameter shows before a run and not in it."""

import re

from scorer.domain.base import Frozen
from scorer.domain.rating import AnswerMode, Cell, Json, Message, Rater, Reply
from scorer.errors import ProviderError
from scorer.providers.capabilities import capability, request_params
from scorer.providers.prices import listed, price_list
from scorer.providers.provider import OPENAI_URL, Endpoint, Provider

DATED = re.compile(r"\d{4}-\d{2}-\d{2}|-\d{4}$|-\d{8}$")
SCHEMA: Json = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
CONTEXT_KEYS = ("max_model_len", "context_length", "context_window")
QUESTION = 'Is water wet? Answer with the JSON object {"answer": "yes"} or {"answer": "no"}.'
QUESTION_TOKEN = "Is water wet? Answer with one word: yes or no."  # noqa: S105 - not a secret


class RaterFacts(Frozen):
    """What is known of a Rater's model from the tables that ship and from what its endpoint says of it.

    Attributes:
        takes: which of structured output, logprobs, temperature and seed it is not known to refuse as it is set.
        usd_input, usd_output: per million tokens in the tier that it asks for; None where the price is not known.
        price_source: where the price comes from, or why there is none.
        context_tokens: input and output together at most; None where nobody says.
        is_snapshot: a dated snapshot, or a name that drifts; None where names are the endpoint's own.
        shutdown: the day (`YYYY-MM-DD`) from which its endpoint will serve it no more; None where it names none.
        is_deprecated: its vendor wants it to be used no more.
    """

    takes: tuple[str, ...] = ()
    usd_input: float | None = None
    usd_output: float | None = None
    price_source: str = ""
    context_tokens: int | None = None
    is_snapshot: bool | None = None
    shutdown: str | None = None
    is_deprecated: bool = False


class RaterCheck(Frozen):
    """What a probe showed.

    Attributes:
        reachable: an answer came.
        served_model: the model that answered, in the endpoint's words.
        logprobs: log-probabilities came; None where they were not asked for.
        structured: the answer was of the schema asked for; None where none was sent.
        latency_ms: of the probe.
        facts: what is known of the model without asking it anything.
        problem: why there is no usable answer, and what to do.
        warnings: what works today and may not tomorrow.
    """

    rater: str
    reachable: bool
    served_model: str | None = None
    logprobs: bool | None = None
    structured: bool | None = None
    latency_ms: float | None = None
    facts: RaterFacts
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
        facts = rater_facts(rater)
        return RaterCheck(
            rater=rater.name, reachable=False, facts=facts, problem=str(error), warnings=rater_warnings(rater, facts)
        )
    facts = rater_facts(rater, {} if rater.is_embedded else await provider.about())
    logprobs = any(token.top for token in reply.tokens) if cell.params.get("logprobs") else None
    structured = _follows_schema(reply) if "response_format" in cell.params else None
    return RaterCheck(
        rater=rater.name,
        reachable=True,
        served_model=reply.served_model,
        logprobs=logprobs,
        structured=structured,
        latency_ms=reply.latency_ms,
        facts=facts,
        problem=_problem(rater, reply, logprobs=logprobs, structured=structured),
        warnings=rater_warnings(rater, facts),
    )


def rater_facts(rater: Rater, said: Json | None = None) -> RaterFacts:
    """What is known of a Rater's model; `said` is what its endpoint says of it (`Provider.about`)."""
    said = said or {}
    known, prices = listed(rater), price_list(rater)
    tariff = prices.tariff(rater.params.get("service_tier"))
    context = next((said[key] for key in CONTEXT_KEYS if isinstance(said.get(key), int)), known.context_tokens)
    return RaterFacts(
        takes=_takes(rater),
        usd_input=tariff and tariff.steps[0].input,
        usd_output=tariff and tariff.steps[0].output,
        price_source=prices.source,
        context_tokens=context,
        is_snapshot=DATED.search(rater.model) is not None if _at_openai(rater) else None,
        shutdown=_day(said.get("shutdown_date")),
        is_deprecated=known.is_deprecated,
    )


def _takes(rater: Rater) -> tuple[str, ...]:
    takes = capability(rater)
    refused = takes.refused(rater.params)
    structured = ("structured output",) if takes.structured == "json_schema" else ()
    return (*structured, *(name for name in ("logprobs", "temperature", "seed") if name not in refused))


def _day(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None


def _at_openai(rater: Rater) -> bool:
    return rater.provider == "openai" and Endpoint(rater.base_url or OPENAI_URL, "").is_openai


def rater_warnings(rater: Rater, facts: RaterFacts | None = None) -> tuple[str, ...]:
    """What one should know about a Rater's settings, and about its model where `facts` are at hand."""
    told: list[str] = []
    if _at_openai(rater) and not DATED.search(rater.model):
        told.append(
            f"`{rater.model}` is an alias: its answers change when the model behind it does; name a dated snapshot"
        )
    if facts and facts.shutdown:
        told.append(
            f"`{rater.model}` is shut down on {facts.shutdown}: what it is to rate must be rated before, and cannot be "
            "rated again after"
        )
    elif facts and facts.is_deprecated:
        told.append(
            f"`{rater.model}` is deprecated: its vendor will shut it down; choose a newer snapshot for new work"
        )
    if facts and facts.usd_input is None:
        told.append(
            f"rater `{rater.name}`: {facts.price_source}; state `price` in [raters.{rater.name}] of scorer.toml"
        )
    return tuple(told)


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
