"""Where a key stands in a TOML text: the one thing that the parser of the standard library does not tell."""

import tomllib
from collections.abc import Iterable
from typing import Any

KeyPath = tuple[str | int, ...]


def lines_of(text: str, paths: Iterable[KeyPath]) -> dict[KeyPath, int]:
    """The line, from 1, on which each key (or table header) first stands; paths that are not there are left out.

    Asks the parser itself, so every way of writing a key is covered: headers, dotted and quoted keys, inline tables,
    values over several lines. A key is there in the first run of leading lines that parses and holds it, and begins
    on the line after the longest shorter run that parses. An entry of a list has the line of the list.

    Args:
        text: valid TOML.
        paths: keys from the top; integers count entries of lists.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    wanted, found, before = set(paths), dict[KeyPath, int](), 0
    for count in range(1, len(lines) + 1):
        try:
            table = tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue  # in the middle of a value
        here = {path for path in wanted - found.keys() if _holds(table, path)}
        found |= dict.fromkeys(here, before + 1)
        before = count
    return found


def _holds(table: Any, path: KeyPath) -> bool:  # noqa: ANN401 - TOML is what it is
    for step in path:
        if isinstance(step, int):
            return True
        if not isinstance(table, dict) or step not in table:
            return False
        table = table[step]
    return True
