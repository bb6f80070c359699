"""Raters, Cells and Ratings: who was asked what, and what came back."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field

from scorer.domain.allowance import Allowance
from scorer.domain.base import Frozen, sha256_json

Json = dict[str, Any]
BASE_VARIANT = "base"
FIRST_OCCASION = "first"


class Status(StrEnum):
    """What became of a Cell. Failure is a row, never NaN, 0 or absence."""

    RATED = "rated"
    OFF_SCALE = "off_scale"
    UNPARSABLE = "unparsable"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    CANNOT_JUDGE = "cannot_judge"
    FAILED = "failed"


class AnswerMode(StrEnum):
    """How a rater answers.

    `json`: an object with evidence and rationale. `token`: one category, read by log-probabilities. `probes`: yes or no
    to each of the rubric's probes, read by log-probabilities and added up by their signs.
    """

    JSON = "json"
    TOKEN = "token"  # noqa: S105 - not a secret
    PROBES = "probes"


class Limits(Frozen):
    """What an endpoint takes: requests and tokens a minute, requests in flight. None = not stated.

    All are kept to. Without `rpm` and `tpm` the endpoint is believed where it states its limits; where `concurrency` is
    not stated but `rpm` is known, as many are in flight as that takes. `enqueued_tokens`: input tokens that
    may wait in batches at once.
    """

    rpm: int | None = Field(default=None, gt=0)
    tpm: int | None = Field(default=None, gt=0)
    concurrency: int = Field(default=8, gt=0)
    enqueued_tokens: int | None = Field(default=None, gt=0)


class Price(Frozen):
    """USD per million tokens.

    Attributes:
        cached_input: of input that the endpoint had in its prompt cache; None: as other input.
        flex, batch: what these service tiers cost, as a share of the above (0.5: half); None: not known.
    """

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached_input: float | None = Field(default=None, ge=0)
    flex: float | None = Field(default=None, ge=0, le=1)
    batch: float | None = Field(default=None, ge=0, le=1)


class Rater(Frozen):
    """One model at fixed settings.

    Attributes:
        name: the rater's name in every table.
        provider: `openai` (any compatible endpoint), `embedded` (llama.cpp started by us), `import` (made elsewhere),
            `calibrated` (computed from another rater's ratings), `template` (profiles filled from another's scores).
        model: the model's name as the endpoint knows it; for an embedded rater the name of its weights artefact.
        api_key_env: the environment variable that holds the key; the key itself is never stored.
        params: sent as they are.
        weights_sha256: identity of local weights; takes the model's place in the Cell hash.
        probes: the only probes of a rubric that a probes rater is asked; all of them where empty.
        examples: whether a probes rater is shown the rubric's examples first, which models without a chat need.
        cuts: rubric id -> where the signed sum of probes (log-odds) passes from one category to the next, ascending.
    """

    name: str
    provider: Literal["openai", "embedded", "import", "calibrated", "template"]
    model: str
    base_url: str | None = None
    api_key_env: str | None = None
    params: Json = Field(default_factory=dict)
    answer: AnswerMode = AnswerMode.JSON
    limits: Limits = Limits()
    price: Price | None = None
    timeout_s: float = Field(default=120.0, gt=0)
    weights_sha256: str | None = None
    probes: tuple[str, ...] = ()
    examples: bool = False
    cuts: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    @property
    def is_embedded(self) -> bool:
        """Whether the model runs on this machine, started by us."""
        return self.provider == "embedded"


class Message(Frozen):
    """One chat message as rendered."""

    role: Literal["system", "user", "assistant"]
    content: str


class AskedProbe(Frozen):
    """One yes/no question of a Cell, as rendered: the messages that stand before the one about the task."""

    name: str
    opening: tuple[Message, ...]


class Cell(Frozen):
    """One asking of one Rater about one Task: the unit of work.

    The hash covers what decides the answer and nothing else: not the rater's name, base_url, key, limits, price,
    service tier or engine. So a Cell rated once is never paid for again under another name.

    Attributes:
        messages: of the one request; where there are probes, the end that their requests share.
        probes: of a probes rater, in the order of asking; each takes a request of its own.
        answer_schema: the JSON schema of the answer, or how answers to probes are read (`reading_schema`).
    """

    task_id: str
    rubric: str
    rater: str
    messages: tuple[Message, ...]
    probes: tuple[AskedProbe, ...] = ()
    answer_schema: Json | None
    provider: str
    model: str
    params: Json
    variant: str = BASE_VARIANT
    repeat: int = 0
    occasion: str = FIRST_OCCASION
    statement_sha256: str
    rubric_sha256: str
    schema_sha256: str | None = None

    @cached_property
    def cell_hash(self) -> str:
        """Identity of the Cell: sha256 of the canonical JSON of what is asked and of whom."""
        return sha256_json(self.identity)

    def hashed(self, cell_hash: str) -> Self:
        """The Cell, told its hash by somebody who had it more cheaply."""
        vars(self)["cell_hash"] = cell_hash  # where the cached property keeps it
        return self

    @property
    def identity(self) -> Json:
        """What the hash covers."""
        asked: Json = {
            "task_id": self.task_id,
            "messages": [[m.role, m.content] for m in self.messages],
            "schema": self.answer_schema,
            "provider": self.provider,
            "model": self.model,
            "params": self.params,
            "variant": self.variant,
            "repeat": self.repeat,
            "occasion": self.occasion,
        }
        if self.probes:
            asked["probes"] = [[p.name, [[m.role, m.content] for m in p.opening]] for p in self.probes]
        return asked


class Usage(Frozen):
    """Tokens of one request; None where the endpoint did not say."""

    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None

    def __add__(self, other: "Usage") -> "Usage":
        """Both together; None only where neither says."""
        counts = {name: (getattr(self, name), getattr(other, name)) for name in type(self).model_fields}
        return Usage(
            **{name: None if pair == (None, None) else sum(n or 0 for n in pair) for name, pair in counts.items()}
        )


class TokenLogprobs(Frozen):
    """One generated token and the log-probabilities of its most likely alternatives (itself among them)."""

    token: str
    top: dict[str, float]


class Reply(Frozen):
    """What an endpoint sent back for a Cell, before anybody judged it.

    Attributes:
        body: the response body as it came: kept for ever, since old answers cannot be made again.
        sent: the request body as it went, without any header.
        text: the assistant's text; None where there is none.
        latency_ms: from dispatch to the last byte, one attempt.
        probes: the replies to the single requests of a Cell of probes, by name; `body`, `sent` and `text` are theirs.
        allowance: what the endpoint says of its limits beside the answer.
    """

    body: str
    sent: Json
    text: str | None
    refusal: str | None = None
    finish_reason: str | None = None
    tokens: tuple[TokenLogprobs, ...] = ()
    served_model: str | None = None
    system_fingerprint: str | None = None
    service_tier: str | None = None
    request_id: str | None = None
    usage: Usage = Usage()
    latency_ms: float = 0.0
    allowance: Allowance | None = None
    probes: dict[str, "Reply"] = Field(default_factory=dict)

    @classmethod
    def of_probes(cls, replies: "dict[str, Reply]") -> "Reply":
        """The replies to all probes of a Cell as one; tokens and times add up, the rest is the first reply's."""
        first = next(iter(replies.values()))
        told = first.model_copy(update={"body": "", "sent": {}, "text": None, "tokens": (), "probes": replies})
        latency = sum(reply.latency_ms for reply in replies.values())
        return told.model_copy(
            update={"usage": sum((r.usage for r in replies.values()), Usage()), "latency_ms": latency}
        )

    @property
    def exchanges(self) -> tuple[Json, ...]:
        """Every request with its response, as `rating.raw` keeps them."""
        if not self.probes:
            return ({"request": self.sent, "response": self.body},)
        return tuple({"probe": name, "request": one.sent, "response": one.body} for name, one in self.probes.items())


class Answer(Frozen):
    """What a Reply means on a rubric's scale. Only `rated` has a category.

    Attributes:
        readings: what was read of the log-probabilities, natural logarithms: of a probes rater the log-odds of yes for
            each probe, else the log-probability of each category, renormalised over the categories; None without.
    """

    status: Status
    category: str | None = None
    score: float | None = None
    score_expected: float | None = None
    probability_mass: float | None = None
    readings: dict[str, float] | None = None
    confidence: float | None = None
    rationale: str | None = None
    evidence: str | None = None
    blockers: dict[str, bool] | None = None
    problem: str | None = None


class Rating(Answer):
    """The Answer to a Cell with everything that fixes it: one row, failed ones too. See the table `rating`."""

    rating_id: str
    run_id: str
    task_id: str
    rubric: str
    rater: str
    variant: str = BASE_VARIANT
    repeat: int = 0
    cell_hash: str
    occasion: str = FIRST_OCCASION
    derived_from: str | None = None
    repairs_rating_id: str | None = None
    statement_sha256: str | None = None
    rubric_sha256: str | None = None
    schema_sha256: str | None = None
    params_sent: Json | None = None
    service_tier: str | None = None
    request_id: str | None = None
    finish_reason: str | None = None
    served_model: str | None = None
    system_fingerprint: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost_usd: float | None = None
    attempts: int = 1
    latency_ms: float | None = None
    created_at: datetime
    raw: tuple[Json, ...] = ()
