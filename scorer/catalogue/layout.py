"""What the tables of a release and their columns are called, from one plain file, `layout.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

OPTIONAL = "?"
"""How the name of a column ends that may be absent."""


class Layout(NamedTuple):
    """The names that one table has from one release on; see `layout.toml`."""

    since: tuple[int, int]
    files: tuple[str, ...]
    columns: Mapping[str, str]
    sql: Mapping[str, str]

    def column_names(self, *, in_sql: bool) -> list[str]:
        """O*NET's names of the columns, in the order in which they are listed; optional ones end with `?`."""
        if not in_sql:
            return list(self.columns.values())
        return [self.sql.get(ours) or sql_name(theirs) for ours, theirs in self.columns.items()]


def layouts(table: str, release: str) -> list[Layout]:
    """The layouts that a table may have in a release, such as `30.1`, the likeliest first."""
    fitting = [layout for layout in _all()[table] if layout.since <= release_number(release)]
    return sorted(fitting, key=lambda layout: layout.since, reverse=True)


def release_number(release: str) -> tuple[int, int]:
    """`30.1` as numbers to compare."""
    major, minor = release.split(".")
    return int(major), int(minor)


def sql_name(printed: str) -> str:
    """`O*NET-SOC Code` is `onetsoc_code` in SQL copies; a `?` at the end stays."""
    words = printed.removesuffix(OPTIONAL).replace("O*NET-SOC", "onetsoc")
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return name + (OPTIONAL if printed.endswith(OPTIONAL) else "")


@cache
def _all() -> Mapping[str, list[Layout]]:
    stated = tomllib.loads((files("scorer.catalogue") / "layout.toml").read_text(encoding="utf-8"))
    return {table: [_layout(**entry) for entry in entries] for table, entries in stated.items()}


def _layout(since: str, files: list[str], columns: dict[str, str], sql: dict[str, str] | None = None) -> Layout:
    return Layout(release_number(since), tuple(files), columns, sql or {})
