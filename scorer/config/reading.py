"""From scorer.toml to Settings: every problem at once, each with file, line, key and what would be right."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scorer.config.checks import Problem, Table, check, did_you_mean, header, place
from scorer.config.lines import KeyPath, lines_of
from scorer.config.settings import (
    AggregateSettings,
    BudgetSettings,
    GateSettings,
    PanelSettings,
    RaterSettings,
    RaySettings,
    Settings,
    SettingsFile,
)
from scorer.domain.rating import Limits, Price
from scorer.errors import ConfigurationError

FILE_NAME = "scorer.toml"

# Which model a table is read into; `*` is any rater's name.
_TABLES: dict[KeyPath, type[BaseModel]] = {
    (): SettingsFile,
    ("raters", "*"): RaterSettings,
    ("raters", "*", "limits"): Limits,
    ("raters", "*", "price"): Price,
    ("panel",): PanelSettings,
    ("aggregate",): AggregateSettings,
    ("gate",): GateSettings,
    ("budget",): BudgetSettings,
    ("ray",): RaySettings,
}
_EXPECTED = {
    "string_type": "a text in quotes",
    "string_too_short": "a text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
_FOUND = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}


def load_settings(workspace: Path) -> Settings:
    """The settings of a workspace; the defaults where it has no scorer.toml.

    Args:
        workspace: the directory of the workspace.

    Raises:
        ConfigurationError: the file cannot be read, or something in it is wrong: one line a problem, by line number.
    """
    path = workspace / FILE_NAME
    return read_settings(_text(path), _shown(path)) if path.exists() else Settings()


def read_settings(text: str, where: str = FILE_NAME) -> Settings:
    """Settings from the text of a scorer.toml; `where` names it in errors.

    Raises:
        ConfigurationError: as for `load_settings`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise ConfigurationError(_syntax(broken, text, where)) from broken
    problems = check(table)
    file = _validate(table, problems)
    if file is None or problems:
        raise ConfigurationError(_told(problems, text, where))
    return Settings.of(file)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as broken:
        raise ConfigurationError(f"{_shown(path)}: is not UTF-8 text; save it as UTF-8") from broken
    except OSError as broken:
        raise ConfigurationError(f"{_shown(path)}: cannot be read: {broken.strerror}") from broken


def _shown(path: Path) -> str:
    """The path as a person in the current directory would write it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _syntax(broken: tomllib.TOMLDecodeError, text: str, where: str) -> str:
    at = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)", str(broken))
    line = (at and at[1]) or len(text.rstrip().split("\n"))
    reason = str(broken)[: at.start()] if at else str(broken)
    return f"{where} line {line}: not valid TOML: {reason}"


def _told(problems: list[Problem], text: str, where: str) -> str:
    """One line a problem, in the order of the file; of several at one key the first."""
    first = {problem.path: problem for problem in reversed(problems)}
    lines = lines_of(text, {path[:end] for path in first for end in range(1, len(path) + 1)})
    numbered = sorted((_line(path, lines), problem.text) for path, problem in first.items())
    return "\n".join(f"{where} line {line}: {told}" for line, told in numbered)


def _line(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """The line of a key; of the table where a missing key belongs."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def _validate(table: Table, problems: list[Problem]) -> SettingsFile | None:
    """The file as objects; None, and more `problems`, where its shape is wrong."""
    try:
        # JSON knows lists and texts only, so strict reading still takes them for tuples and enumerations
        return SettingsFile.model_validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as wrong:
        problems.extend(_shape_problems(wrong.errors(), table))
        return None


def _shape_problems(errors: list[ErrorDetails], table: Table) -> Iterator[Problem]:
    explained: set[KeyPath] = set()
    for error in sorted(errors, key=lambda error: error["type"] == "missing"):  # a misspelt key explains a missing one
        path: KeyPath = error["loc"]
        if error["type"] == "extra_forbidden":
            text, explains = _unknown(path, table)
            explained |= explains
            yield Problem(path, text)
        elif error["type"] == "missing" and path not in explained:
            yield Problem(path, f"{header(path[:-1])} has no `{path[-1]}`; add it")
        elif error["type"] != "missing":
            yield Problem(path, f"{place(path)} must be {_expected(error)}")


def _unknown(path: KeyPath, table: Table) -> tuple[str, set[KeyPath]]:
    """What to say of an unknown key, and the keys whose absence it explains."""
    section, key = path[:-1], str(path[-1])
    known = list(_TABLES[("raters", "*", *section[2:]) if section[:1] == ("raters",) else section].model_fields)
    near = did_you_mean(key, known)
    inside = f" in {header(section)}" if section else ""
    if near:
        return f"unknown key `{key}`{inside}; did you mean `{near}`?", {(*section, near)}
    if len(section) == len(("raters", "name")) and isinstance(_at(table, path), dict):
        dotted = header(("raters", f"{section[1]}.{key}"))
        return f"unknown key `{key}`{inside}; a name with a dot is quoted: {dotted}", {(*section, k) for k in known}
    return f"unknown key `{key}`{inside}; known: {', '.join(known)}", set()


def _at(table: Table, path: KeyPath) -> Any:  # noqa: ANN401 - TOML is what it is
    value: Any = table
    for step in path:
        value = value[step]
    return value


def _expected(error: ErrorDetails) -> str:
    """What would be right, and the kind of what stands there instead."""
    context = error.get("ctx", {})
    if "expected" in context:  # the legal values
        return str(context["expected"]).replace("'", "`")
    right = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Input should be ")
    return f"{right}, not {_found(error)}"


def _found(error: ErrorDetails) -> str:
    """The kind of what stands there; numbers themselves, texts never (they may be secret)."""
    value = error["input"]
    if value == "":
        return "empty"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _FOUND.get(type(value), "that")
