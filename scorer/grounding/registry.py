"""Registries of AI tools and reports, as files: TOML (`[[entry]]`) or CSV (lists with `;` between).

A bad entry is refused by itself, with its place and the reason; the others count. What an entry says is other people's
text: it is brought to one line, and only addresses that begin with https:// are taken.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from scorer.domain.evidence import EvidenceEntry
from scorer.domain.names import hint
from scorer.errors import CatalogueError

SHIPPED = "shipped"
COLUMNS = {"id": "entry_id", "kind": "kind", "name": "name", "other_names": "other_names", "publisher": "publisher",
           "address": "address", "date": "dated", "activities": "activities", "technologies": "technologies",
           "says": "says"}  # fmt: skip
"""Keys of a file -> attributes of an entry."""
LISTS = ("other_names", "activities", "technologies")


class RegistryReading(NamedTuple):
    """What a file holds.

    Attributes:
        name: under which its entries are kept.
        sha256: of the file's bytes.
        refused: entries that are left out, one line each: where and why.
    """

    name: str
    sha256: str
    entries: tuple[EvidenceEntry, ...]
    refused: tuple[str, ...] = ()


def read_registry(path: Path, name: str | None = None) -> RegistryReading:
    """A registry from a file.

    Args:
        path: `.toml` or `.csv`, UTF-8.
        name: of the registry; the stem of the file where None.

    Raises:
        CatalogueError: the file cannot be read, is neither, or has no entry at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"registry {path} cannot be read: {error.strerror or error}") from error
    if (name or path.stem) == SHIPPED:
        raise CatalogueError(f"a registry of yours cannot be called `{SHIPPED}`: name it with --name")
    return parse_registry(content, str(path), name or path.stem)


@cache
def shipped_registry() -> RegistryReading:
    """The small registry of the project."""
    content = (files("scorer.grounding") / "registry.toml").read_bytes()
    return parse_registry(content, "registry.toml", SHIPPED)


def parse_registry(content: bytes, where: str, name: str) -> RegistryReading:
    """The registry that the bytes of a file hold; see `read_registry`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"registry {where} is not UTF-8 text; save it in that encoding") from error
    found = _of_csv(text, where) if where.endswith(".csv") else _of_toml(text, where)
    entries: dict[str, EvidenceEntry] = {}
    refused = []
    for place, fields in found:
        try:
            entry = _entry(fields, name)
            if entry.entry_id in entries:
                raise ValueError(f"id `{entry.entry_id}` stands twice")  # noqa: TRY301 - refused like any other fault
            entries[entry.entry_id] = entry
        except ValidationError as error:
            first = error.errors()[0]
            key = next((key for key, attribute in COLUMNS.items() if attribute == first["loc"][0]), first["loc"][0])
            refused.append(f"{place}: `{key}`: {first['msg']}")
        except ValueError as error:
            refused.append(f"{place}: {error}")
    if not entries and not refused:
        raise CatalogueError(f"registry {where} has no entry: TOML has [[entry]] tables, CSV a row for each")
    return RegistryReading(name, sha256(content).hexdigest(), tuple(entries.values()), tuple(refused))


def _entry(fields: dict[str, Any], registry: str) -> EvidenceEntry:
    for key in fields:
        if key not in COLUMNS:
            raise ValueError(f"unknown key `{key}`{hint(key, COLUMNS)}")
    given = {COLUMNS[key]: _tidy(key, value) for key, value in fields.items() if value not in ("", None)}
    return EvidenceEntry.model_validate({**given, "registry": registry})


def _tidy(key: str, value: object) -> object:
    """Text on one line without anything invisible; lists as tuples; a TOML date as it prints."""
    if key in LISTS:
        parts = value.split(";") if isinstance(value, str) else value
        return tuple(str(_tidy("", part)) for part in parts if str(part).strip()) if isinstance(parts, list) else value
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _of_toml(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"registry {where} is not TOML: {error}; a file of rows must end in .csv") from error
    entries = tables.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CatalogueError(f"registry {where}: entries stand as [[entry]] tables")
    return ((f"entry {number}", entry) for number, entry in enumerate(entries, start=1))


def _of_csv(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(f"line {reader.line_num}", row) for row in reader]
    except csv.Error as error:
        raise CatalogueError(f"registry {where} line {reader.line_num}: is not CSV ({error})") from error
    if unknown := [name for name in reader.fieldnames or () if name not in COLUMNS]:
        raise CatalogueError(
            f"registry {where}: unknown column `{unknown[0]}`{hint(unknown[0], COLUMNS)}; it has {', '.join(COLUMNS)}"
        )
    return ((place, {key: value for key, value in row.items() if key is not None}) for place, row in rows)
