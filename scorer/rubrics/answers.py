"""What a reply means on a rubric's scale: a Status always, a number only where a legal category was given.

Never raises on what a model says, never evaluates it, and never fills in what is missing: an answer without its
category, or without any other key that was asked for, is unparsable, and its reason says so.
"""

import re
from collections.abc import Callable
from typing import Any

from scorer.domain.rating import Answer, AnswerMode, Json, Reply, Status
from scorer.domain.rubric import CANNOT_JUDGE, Rubric
from scorer.errors import AnswerError
from scorer.rubrics.json_object import one_object, snippet
from scorer.rubrics.probes import read_probes
from scorer.rubrics.profiles import read_profile_answer
from scorer.rubrics.quoting import one_line
from scorer.rubrics.schema import BLOCKER, CATEGORY, CONFIDENCE, EVIDENCE, answer_schema
from scorer.rubrics.token_answers import MASS_FLOOR, Spread, read_category_tokens, read_token_answer

RATIONALE_LIMIT = 4_000
PROBLEM_LIMIT = 300
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.0+)?")
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}


def read_answer(rubric: Rubric, reply: Reply, mode: AnswerMode, schema: Json | None = None) -> Answer:
    """Judge one reply.

    JSON mode: one JSON object, alone, fenced or within prose, with every key that `answer_schema` requires; a number
    where the category is a string (50, 50.0) is the same category. `score_expected` and `probability_mass` are added
    where the reply carries log-probabilities. Token mode: the category is the likeliest legal answer by the
    log-probabilities; without them, or where the legal answers hold less than `MASS_FLOOR`, there is no answer.
    A profile is an object with a list of sentences.
    Probes mode: see `read_probes`, which reads them by the Cell's `schema`.

    Returns:
        An Answer. `confidence` is 0 to 1 (raters give 0 to 100). `score` and `score_expected` are in the numbers of the
        primary measure. `probability_mass` is what all legal answers hold, `cannot_judge` among them, before
        renormalising; `score_expected` weighs the categories only, and `readings` holds their shares.
        `problem` says why there is no score.
    """
    try:
        if mode is AnswerMode.PROBES:
            return read_probes(rubric, reply, schema or {})
        _refuse_refusals(reply)
        return _by_tokens(rubric, reply) if mode is AnswerMode.TOKEN else _by_json(rubric, reply, schema)
    except AnswerError as error:
        return Answer(status=Status(error.status), problem=one_line(str(error), PROBLEM_LIMIT))


def _refuse_refusals(reply: Reply) -> None:
    if reply.refusal:
        raise AnswerError(Status.REFUSED, f"refused: {reply.refusal}")
    if reply.finish_reason == "content_filter":
        raise AnswerError(Status.REFUSED, "the endpoint's content filter stopped the answer")


def _by_tokens(rubric: Rubric, reply: Reply) -> Answer:
    if not any(step.top for step in reply.tokens):
        raise AnswerError(
            Status.UNPARSABLE, 'no log-probabilities came with the answer: the rater needs answer = "json" instead'
        )
    spread = read_token_answer(rubric, reply.tokens, finished=reply.finish_reason == "stop")
    if not spread.is_readable:
        return Answer(
            status=Status.UNPARSABLE, probability_mass=spread.mass, problem=_unreadable(spread, reply.text or "")
        )
    if spread.likeliest == CANNOT_JUDGE:
        return Answer(status=Status.CANNOT_JUDGE, probability_mass=spread.mass)
    return Answer(
        status=Status.RATED,
        category=spread.likeliest,
        score=rubric.number(spread.likeliest),
        score_expected=spread.expected(rubric),
        probability_mass=spread.mass,
        readings=spread.readings(rubric),
    )


def _unreadable(spread: Spread, text: str) -> str:
    begins = f"the answer begins {snippet(text)}"
    if spread.mass < MASS_FLOOR:
        return f"the legal answers hold {spread.mass:.3f} of the probability, less than {MASS_FLOOR}; {begins}"
    return f"{spread.unread:.3f} of the probability lies on beginnings that several answers share; {begins}"


def _by_json(rubric: Rubric, reply: Reply, schema: Json | None) -> Answer:
    try:
        if rubric.is_profile:
            return read_profile_answer(rubric, reply.text or "")
        given = one_object(reply.text or "")
        _require_keys(schema or answer_schema(rubric), given)
        fields = {name: _READERS[name](rubric, given) for name in rubric.fields}
        category = _category(rubric, given[CATEGORY])
    except AnswerError:
        if reply.finish_reason == "length":
            raise AnswerError(Status.TRUNCATED, "the answer was cut at the token limit") from None
        raise
    if category == CANNOT_JUDGE:
        return Answer(status=Status.CANNOT_JUDGE, **fields)
    if category is None:
        return Answer(status=Status.OFF_SCALE, problem=f"not on the scale: {snippet(given[CATEGORY])}", **fields)
    spread = read_category_tokens(rubric, reply.tokens) if reply.tokens else None
    readable = spread if spread and spread.is_readable else None
    return Answer(
        status=Status.RATED,
        category=category,
        score=rubric.number(category),
        score_expected=readable.expected(rubric) if readable else None,
        probability_mass=spread.mass if spread else None,
        readings=readable.readings(rubric) if readable else None,
        **fields,
    )


def _require_keys(schema: Json, given: Json) -> None:
    missing = [key for key in schema["required"] if key not in given]
    if missing:
        raise AnswerError(Status.UNPARSABLE, f"keys are missing: {', '.join(missing)}")


def _category(rubric: Rubric, given: object) -> str | None:
    """The legal category that was meant; None where it is none of the scale's."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise AnswerError(Status.UNPARSABLE, f"`category` is neither text nor number: {snippet(given)}")
    text = _text(given)
    plain = text.casefold().replace(" ", "_")
    if rubric.cannot_judge and plain == CANNOT_JUDGE:
        return CANNOT_JUDGE
    by_spelling = {value.casefold(): value for value in rubric.values}
    if plain in by_spelling:
        return by_spelling[plain]
    if not _NUMBER.fullmatch(text):
        return None
    return next((v for v in rubric.values if _NUMBER.fullmatch(v) and float(v) == float(text)), None)


def _evidence(_: Rubric, given: Json) -> str:
    plain = _text(given["evidence"]).casefold().replace(" ", "_")
    if plain not in EVIDENCE:
        raise AnswerError(
            Status.UNPARSABLE, f"`evidence` is none of {', '.join(EVIDENCE)}: {snippet(given['evidence'])}"
        )
    return plain


def _rationale(_: Rubric, given: Json) -> str:
    if not isinstance(given["rationale"], str):
        raise AnswerError(Status.UNPARSABLE, f"`rationale` is no text: {snippet(given['rationale'])}")
    return one_line(given["rationale"], RATIONALE_LIMIT)


def _blockers(rubric: Rubric, given: Json) -> dict[str, bool]:
    answers = {name: _YES_NO.get(_text(given[BLOCKER + name]).casefold()) for name in rubric.blockers}
    unclear = [BLOCKER + name for name, answer in answers.items() if answer is None]
    if unclear:
        raise AnswerError(Status.UNPARSABLE, f"neither true nor false: {', '.join(unclear)}")
    return {name: bool(answer) for name, answer in answers.items()}


def _confidence(_: Rubric, given: Json) -> float:
    text = _text(given[CONFIDENCE]).removesuffix("%")
    percent = float(text) if _NUMBER.fullmatch(text) else -1.0
    if not 0 <= percent <= 100:  # noqa: PLR2004 - percent
        raise AnswerError(
            Status.UNPARSABLE, f"`confidence` is no whole number from 0 to 100: {snippet(given[CONFIDENCE])}"
        )
    return percent / 100


_READERS: dict[str, Callable[[Rubric, Json], Any]] = {
    "evidence": _evidence,
    "rationale": _rationale,
    "blockers": _blockers,
    "confidence": _confidence,
}


def _text(given: object) -> str:
    """A JSON scalar as text; what is no scalar, or no readable number, is no text that any reader takes."""
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given) if abs(given) < 10**9 else "…"
    return str(given).strip() if isinstance(given, str | float | bool) else ""
