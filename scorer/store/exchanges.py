"""Exchanges as the store keeps them: what those of many ratings share once, as a frame, and what fills its gaps.

Ratings of one rater and rubric differ in the text of the task and in the response. The rest of their exchanges (the
prompt, the schema, the parameters) is several times as long; written down for each rating it is most of the time and
memory that storing takes. The view `rating_whole` puts the exchanges together again, to the letter.
"""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from scorer.domain.base import json_bytes, sha256_json
from scorer.domain.rating import Json

REQUEST, RESPONSE, MESSAGES, CONTENT = "request", "response", "messages", "content"
GAPS = (REQUEST, RESPONSE)
_GAP = secrets.token_hex(16)
"""Stands in a gap while a frame is made; no text of a task can hold it."""
_GAP_JSON = f'"{_GAP}"'

Outline = tuple[object, ...]
"""What tells two exchanges apart that do not fit one frame: all but what is in the gaps."""


class Framed(NamedTuple):
    """Exchanges in their frame: its id and what fills its gaps; without a frame the exchanges themselves."""

    frame: str | None
    raw: Sequence[Any]


class Frames:
    """The frames of a batch of ratings, all of which must outlive it: values are told apart by their identity.

    So a frame is written down once for all exchanges that share the very objects, as those of a run do; others that
    say the same (read back from a journal) meet in its hash.
    """

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self._known: dict[Outline, str] = {}

    def take(self, raw: Sequence[Json]) -> Framed:
        """Divide the exchanges of a rating."""
        places = [_place(exchange) for exchange in raw]
        if not raw or None in places:
            return Framed(None, raw)
        at = [place for place in places if place is not None]
        outline = _outline(raw, at)
        frame = self._known.get(outline)
        if frame is None:
            frame = self._known[outline] = self._make(raw, at)
        gaps: list[str] = []
        for exchange, place in zip(raw, at, strict=True):
            gaps += exchange[REQUEST][MESSAGES][place][CONTENT], exchange[RESPONSE]
        return Framed(frame, gaps)

    @property
    def rows(self) -> list[dict[str, object]]:
        """What the table `exchange_frame` keeps of them."""
        return [{"frame": frame, "parts": parts} for frame, parts in self.parts.items()]

    def _make(self, raw: Sequence[Json], at: Sequence[int]) -> str:
        text = json_bytes(list(map(_with_gaps, raw, at))).decode()
        parts = text.split(_GAP_JSON)
        frame = sha256_json(parts)
        self.parts[frame] = parts
        return frame


def _place(exchange: Json) -> int | None:
    """Which message asks about the task: the last one of the user. None where an exchange has no gaps of that kind."""
    request = exchange.get(REQUEST)
    if not isinstance(request, dict) or not isinstance(exchange.get(RESPONSE), str):
        return None
    if next(reversed(exchange)) != RESPONSE:  # gaps are filled in the order of the text
        return None
    messages: list[Any] = request[MESSAGES] if isinstance(request.get(MESSAGES), list) else []
    for place in range(len(messages) - 1, -1, -1):
        message = messages[place]
        if not isinstance(message, dict):
            return None
        if message.get("role") == "user" and isinstance(message.get(CONTENT), str):
            return place
    return None


def _outline(raw: Sequence[Json], at: Sequence[int]) -> Outline:
    """Keys and the identity of values outside the gaps, one after the other: this is asked of every rating."""
    outline: list[object] = []
    for exchange, place in zip(raw, at, strict=True):
        request = exchange[REQUEST]
        messages = request[MESSAGES]
        outline += exchange
        outline += [id(value) for key, value in exchange.items() if key not in GAPS]
        outline += (len(messages), *request)
        outline += [id(value) for key, value in request.items() if key != MESSAGES]
        for number, message in enumerate(messages):
            outline += message
            outline += [id(value) for key, value in message.items() if number != place or key != CONTENT]
    return tuple(outline)


def _with_gaps(exchange: Json, place: int) -> Json:
    request = exchange[REQUEST]
    messages = list(request[MESSAGES])
    messages[place] = {**messages[place], CONTENT: _GAP}
    return {**exchange, REQUEST: {**request, MESSAGES: messages}, RESPONSE: _GAP}
