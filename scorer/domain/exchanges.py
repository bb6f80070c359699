"""Exchanges as they are kept: what those of many ratings share once, as a frame, and what fills its gaps.

Ratings of one rater and rubric differ in the text of the task and in the response. The rest of their exchanges (the
prompt, the schema, the parameters) is several times as long; written down for each rating it is most of the time, the
memory and the disk that keeping them takes. `refilled` puts exchanges together again, to the letter.
"""

import json
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from scorer.domain.base import json_bytes, sha256_json
from scorer.domain.rating import Json

REQUEST, RESPONSE, MESSAGES, CONTENT = "request", "response", "messages", "content"
WHOLE = -1
_NO_BODIES, _NO_MESSAGES, _NO_CONTENT = {REQUEST: None, RESPONSE: None}, {MESSAGES: None}, {CONTENT: None}
_GAP = secrets.token_hex(16)
"""Stands in a gap while a frame is made; no text of a task can hold it."""
_GAP_JSON = f'"{_GAP}"'

MOST_OUTLINES = 1_000
"""Remembered at a time: where no two exchanges share their objects, remembering them all would help nobody."""

Outline = tuple[object, ...]
"""What tells two exchanges apart that do not fit one frame: all but what is in the gaps."""


class Framed(NamedTuple):
    """Exchanges in their frame: its id and what fills its gaps; without a frame the exchanges themselves."""

    frame: str | None
    raw: Sequence[Any]


class _Known(NamedTuple):
    """A frame, and the first exchanges that it was made for: while they live no other object has their identity."""

    frame: str
    first: Sequence[Json]


class Frames:
    """Frames of exchanges, made as they are met. Values are told apart by their identity.

    So a frame is written down once for all exchanges that share the very objects, as those of a run do; others that
    say the same (read back from a journal) meet in its hash.

    Attributes:
        parts: of each frame, by its id: the JSON text of the exchanges around their gaps.
    """

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self._known: dict[Outline, _Known] = {}

    def take(self, raw: Sequence[Json]) -> Framed:
        """Divide the exchanges of a rating."""
        at = [_place(exchange) for exchange in raw]
        if not at or WHOLE in at:
            return Framed(None, raw)
        outline = _outline(raw, at)
        known = self._known.get(outline) or self._learn(outline, raw, at)
        gaps: list[str] = []
        for exchange, place in zip(raw, at, strict=True):
            gaps += exchange[REQUEST][MESSAGES][place][CONTENT], exchange[RESPONSE]
        return Framed(known.frame, gaps)

    def _learn(self, outline: Outline, raw: Sequence[Json], at: Sequence[int]) -> "_Known":
        if len(self._known) >= MOST_OUTLINES:
            self._known.clear()
        known = self._known[outline] = _Known(self._make(raw, at), raw)
        return known

    def _make(self, raw: Sequence[Json], at: Sequence[int]) -> str:
        text = json_bytes(list(map(_with_gaps, raw, at))).decode()
        parts = text.split(_GAP_JSON)
        frame = sha256_json(parts)
        self.parts[frame] = parts
        return frame


def refilled(parts: Sequence[str], gaps: Sequence[str]) -> list[Json]:
    """The exchanges that a frame and what fills its gaps stand for.

    Raises:
        ValueError: there are more or fewer gaps than the frame has, or they make no exchanges.
    """
    texts = [*map(json.dumps, gaps), ""]
    raw = json.loads("".join(part + text for part, text in zip(parts, texts, strict=True)))
    return list(raw)


def _place(exchange: Json) -> int:
    """Which message asks about the task, the last one of the user; `WHOLE` where an exchange has no such gaps."""
    request = exchange.get(REQUEST)
    if not isinstance(request, dict) or not isinstance(exchange.get(RESPONSE), str):
        return WHOLE
    if next(reversed(exchange)) != RESPONSE:  # gaps are filled in the order of the text
        return WHOLE
    messages: list[Any] = request[MESSAGES] if isinstance(request.get(MESSAGES), list) else []
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        if not isinstance(message, dict):
            return WHOLE
        if message.get("role") == "user" and isinstance(message.get(CONTENT), str):
            return place
    return WHOLE


def _outline(raw: Sequence[Json], at: Sequence[int]) -> Outline:
    """Keys and the identity of values outside the gaps, object by object: this is asked of every rating."""
    outline: list[object] = []
    for exchange, place in zip(raw, at, strict=True):
        request = exchange[REQUEST]
        objects = [exchange | _NO_BODIES, request | _NO_MESSAGES, *request[MESSAGES]]
        objects[2 + place] = objects[2 + place] | _NO_CONTENT  # a new one: `|=` would change the exchange
        outline.append(len(objects))
        for one in objects:
            outline += one
            outline += map(id, one.values())
    return tuple(outline)


def _with_gaps(exchange: Json, place: int) -> Json:
    request = exchange[REQUEST]
    messages = list(request[MESSAGES])
    messages[place] = {**messages[place], CONTENT: _GAP}
    return {**exchange, REQUEST: {**request, MESSAGES: messages}, RESPONSE: _GAP}
