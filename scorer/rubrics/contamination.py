"""The questions of the contamination probe: worded in a versioned file beside the rubrics, hashed like one.

Names, titles and statements are values handed to a template, on one line each and without marks.
"""

import json
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from scorer.domain.base import sha256_text
from scorer.domain.rating import Json, Message
from scorer.rubrics.quoting import quoted
from scorer.rubrics.templates import compiled

UNKNOWN = "unknown"
"""What a rater says that does not remember."""


class Wording(NamedTuple):
    """One version of the questions: id, sha256 of the file, and a template of each message."""

    id: str
    sha256: str
    recall_system: str
    recall_user: str
    order_system: str
    order_user: str


class Row(NamedTuple):
    """The row that is asked about: file and occupation."""

    source: str
    code: str
    title: str


@cache
def contamination_wording() -> Wording:
    """The wording in use."""
    text = (files("prompts") / "_contamination" / "v1.toml").read_text(encoding="utf-8")
    return Wording(sha256=sha256_text(text), **tomllib.loads(text))


def ask_label(row: Row, task_id: str, values: Sequence[str]) -> tuple[Message, ...]:
    """Which label does the file print for a task? Its statement is not shown, so that nothing can be judged."""
    wording = contamination_wording()
    return _messages(wording.recall_system, wording.recall_user, row, task_id=task_id, values=tuple(values))


def ask_next(row: Row, shown: Sequence[str]) -> tuple[Message, ...]:
    """Which row follows these in the file?"""
    wording = contamination_wording()
    return _messages(wording.order_system, wording.order_user, row, rows=tuple(map(quoted, shown)))


def memory_schema(values: Sequence[str] = ()) -> Json:
    """JSON schema of an answer: one of the values or `unknown`; any text where there are none."""
    legal: Json = {"type": "string", "enum": [*values, UNKNOWN]} if values else {"type": "string"}
    return {"type": "object", "properties": {"answer": legal}, "required": ["answer"], "additionalProperties": False}


def read_memory(text: str | None, values: Sequence[str] = ()) -> str | None:
    """The answer, `unknown` among them; None where the reply is none."""
    try:
        said = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    answer = said.get("answer") if isinstance(said, dict) else None
    if not isinstance(answer, str) or (values and answer not in {*values, UNKNOWN}):
        return None
    return answer


def _messages(system: str, user: str, row: Row, **shown: object) -> tuple[Message, ...]:
    facts = {name: quoted(value) for name, value in row._asdict().items()}
    return (
        Message(role="system", content=system.strip()),
        Message(role="user", content=compiled(user.strip()).render(facts | shown)),
    )
