"""The one JSON object in what a model said: read strictly, never guessed at, never evaluated."""

import json
from typing import Any

from scorer.domain.rating import Json, Status
from scorer.errors import AnswerError
from scorer.rubrics.quoting import one_line

SNIPPET_LIMIT = 60
_BEGINNINGS = 100


def _no_twins(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise AnswerError(Status.UNPARSABLE, "a key stands twice in the JSON object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


_DECODER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant, strict=False)


def one_object(text: str) -> Json:
    """The one JSON object in a text; prose and code fences around it are passed over.

    Raises:
        AnswerError: there is none, or more than one.
    """
    if not text.strip():
        raise AnswerError(Status.UNPARSABLE, "the answer is empty")
    found: list[Json] = []
    at = text.find("{")
    for _ in range(_BEGINNINGS):
        if at < 0:
            break
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(value)
        at = text.find("{", end)
    if at >= 0 or len(found) != 1:
        count = "no" if not found else "more than one"
        raise AnswerError(Status.UNPARSABLE, f"{count} JSON object in the answer, which begins {snippet(text)}")
    return found[0]


def snippet(given: object) -> str:
    """The beginning of what a model said, safe to print."""
    if isinstance(given, list | dict):
        return "a list" if isinstance(given, list) else "an object"
    return f"`{one_line(str(given), SNIPPET_LIMIT)}`"
