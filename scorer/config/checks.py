"""What can be wrong in a parsed scorer.toml beyond its shape: keys in the open, names, what does not go together.

Works on the raw table, so that these problems are told together with wrong types. No message repeats a value that may
be a secret.
"""

import math
import re
from collections.abc import Iterator
from datetime import date, time
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scorer.config.lines import KeyPath
from scorer.config.settings import builtin_raters
from scorer.domain.panel import CALIBRATED
from scorer.domain.profile import TEMPLATE_SUFFIX

Table = dict[str, Any]

PUBLIC_HASH = "weights_sha256"  # looks like a key and is none; its shape is checked with the other types
RESERVED = "panel"  # the name of the combined raters in every table
_RATER_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_SECRET_VALUE = re.compile(r"\s*(sk-|Bearer\s|[0-9a-f]{32,}\s*$)", re.IGNORECASE)
_SECRET_KEYS = {"api_key", "apikey", "api-key", "authorization"}
_OPEN_KEY = (
    "seems to hold a key, which never stands in this file; put the NAME of an environment variable in api_key_env"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Problem(NamedTuple):
    """One thing that is wrong, and the key it is wrong at."""

    path: KeyPath
    text: str


def check(table: Table) -> list[Problem]:
    """All problems of values, rater names, raters and the panel."""
    return [*_value_problems(table), *_rater_problems(table), *_panel_problems(table)]


def rater_name_problem(name: str) -> str | None:
    """Why this cannot be the name of a rater of the user's; None where it can."""
    if not _RATER_NAME.fullmatch(name):
        return f"rater name `{name}` must be small letters, digits and . _ + - (first a letter or digit)"
    if name.endswith(CALIBRATED):
        return f"rater name `{name}` is taken: it means `{name.removesuffix(CALIBRATED)}`, calibrated on labels"
    if name.endswith(TEMPLATE_SUFFIX):
        return f"rater name `{name}` is taken: it means a template filled from `{name.removesuffix(TEMPLATE_SUFFIX)}`"
    if name == RESERVED:
        return f"rater name `{name}` is taken: it means the combined raters in every table"
    if name in builtin_raters():
        return f"rater name `{name}` is taken by an embedded rater; choose another"
    return None


def place(path: KeyPath) -> str:
    """`model` in [raters.gpt-5-4], as a person would say it."""
    keys = [step for step in path if isinstance(step, str)]
    entry = f", entry {path[-1] + 1}" if isinstance(path[-1], int) else ""
    inside = f" in {header(tuple(keys[:-1]))}" if keys[:-1] else ""
    return f"`{keys[-1]}`{inside}{entry}"


def header(section: KeyPath) -> str:
    """`[raters."gpt-5.4"]`: the header of a table as it must be written."""
    keys = [step if _BARE_KEY.fullmatch(step) else f'"{step}"' for step in map(str, section)]
    return f"[{'.'.join(keys)}]"


def did_you_mean(word: str, known: list[str]) -> str | None:
    """The known word nearest to `word`; None where none is near."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.5)), None)


def subtable(table: Table, key: str) -> Table:
    """The table under `key`; empty where there is none (its wrong type is told elsewhere)."""
    inner = table.get(key)
    return inner if isinstance(inner, dict) else {}


def _leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:  # noqa: ANN401 - TOML is what it is
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if steps is None:
        yield path, value
    else:
        for step, inner in steps:
            yield from _leaves(inner, (*path, step))


def _value_problems(table: Table) -> Iterator[Problem]:
    for path, value in _leaves(table):
        key = next(step for step in reversed(path) if isinstance(step, str))
        if problem := _value_problem(key, value):
            yield Problem(path, f"{place(path)} {problem}")


def _value_problem(key: str, value: Any) -> str | None:  # noqa: ANN401 - as above
    if key.lower() in _SECRET_KEYS or (key != PUBLIC_HASH and isinstance(value, str) and _SECRET_VALUE.match(value)):
        return _OPEN_KEY
    if isinstance(value, date | time):
        return "is a date or a time; put it in quotes"
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    if isinstance(value, str) and key.endswith("_env"):
        return None if _VARIABLE.fullmatch(value) else "must be the NAME of an environment variable: OPENAI_API_KEY"
    if isinstance(value, str) and "${" in value:
        return "holds `${...}`, which may stand in api_key_env only"
    return None


def _rater_problems(table: Table) -> Iterator[Problem]:
    for name, rater in subtable(table, "raters").items():
        path = ("raters", name)
        if problem := rater_name_problem(name):
            yield Problem(path, problem)
        if isinstance(rater, dict):
            yield from _endpoint_problems(path, rater)


def _endpoint_problems(path: KeyPath, rater: Table) -> Iterator[Problem]:
    if rater.get("provider") == "embedded":
        for key in rater.keys() & {"base_url", "api_key_env"}:
            text = f"{place((*path, key))} means nothing to an embedded rater, which is started here; remove it"
            yield Problem((*path, key), text)
        return
    address = rater.get("base_url")
    if not isinstance(address, str):
        return
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname:
        text = "must be an address that begins with https:// or http://"
        yield Problem((*path, "base_url"), f"{place((*path, 'base_url'))} {text}")
    elif url.username or url.password:
        yield Problem((*path, "base_url"), f"{place((*path, 'base_url'))} {_OPEN_KEY}")


def _panel_problems(table: Table) -> Iterator[Problem]:
    panel = subtable(table, "panel")
    names = panel.get("raters")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    known = list(builtin_raters() | subtable(table, "raters"))
    for number, name in enumerate(names):
        if name.removesuffix(CALIBRATED) not in known:
            near = did_you_mean(name, known)
            hint = f"did you mean `{near}`?" if near else f"known: {', '.join(known)}"
            yield Problem(("panel", "raters", number), f"unknown rater `{name}` in [panel]; {hint}")
        elif name in names[:number]:
            yield Problem(("panel", "raters", number), f"rater `{name}` stands twice in [panel]")
