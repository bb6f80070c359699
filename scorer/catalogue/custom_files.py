"""Files of custom occupations as text with line numbers, before anything is checked: YAML and CSV alike."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from scorer.errors import CatalogueError

MAX_BYTES = 2**20
"""An occupation is some kilobytes: what is larger is another file."""

Fields = dict[str, tuple[int, str]]
"""Key -> the line it stands on, and its text."""


_OF_OCCUPATION = ("code", "title", "description", "job_zone")


@dataclass
class Entry:
    """One task as it stands in the file."""

    line: int
    fields: Fields = field(default_factory=dict)


@dataclass
class Draft:
    """One occupation as it stands in the file."""

    line: int
    fields: Fields = field(default_factory=dict)
    nearest: list[tuple[int, str]] = field(default_factory=list)
    tasks: list[Entry] = field(default_factory=list)


def read_drafts(name: str, content: bytes) -> list[Draft]:
    """The occupations of a file.

    Raises:
        CatalogueError: not UTF-8, too large, not YAML or CSV, or not in the shape that the documentation shows.
    """
    if len(content) > MAX_BYTES:
        raise CatalogueError(f"{name}: {len(content):,} bytes; no file of occupations is that large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogueError(f"{name} line {line}: not UTF-8; save the file in that encoding") from error
    drafts = _from_csv(name, text) if name.lower().endswith(".csv") else _from_yaml(name, text)
    if not drafts:
        raise CatalogueError(f"{name}: no occupation is in it; it needs code, title, description and tasks")
    return drafts


def _from_yaml(name: str, text: str) -> list[Draft]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CatalogueError(f"{name} line {line}: not YAML: {getattr(error, 'problem', error)}") from error
    if root is None:
        return []
    listed = dict(_pairs(name, root)).get("occupations") if isinstance(root, yaml.MappingNode) else root
    nodes = listed.value if isinstance(listed, yaml.SequenceNode) else [root]
    return [_draft(name, node) for node in nodes]


def _draft(name: str, node: yaml.Node) -> Draft:
    draft = Draft(_line(node))
    for key, value in _pairs(name, node):
        if key == "tasks":
            draft.tasks = [_entry(name, one) for one in _items(name, value, key)]
        elif key == "nearest":
            draft.nearest = [(_line(one), _scalar(name, one, key)) for one in _items(name, value, key)]
        elif key in _OF_OCCUPATION:
            draft.fields[key] = (_line(value), _scalar(name, value, key))
        else:
            draft.fields[key] = (_line(value), "")  # whoever checks the keys says what this one should be called
    return draft


def _entry(name: str, node: yaml.Node) -> Entry:
    """A task: a mapping, or its statement alone."""
    if isinstance(node, yaml.ScalarNode):
        return Entry(_line(node), {"statement": (_line(node), node.value)})
    return Entry(_line(node), {k: (_line(v), _scalar(name, v, k)) for k, v in _pairs(name, node)})


def _pairs(name: str, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise CatalogueError(f"{name} line {_line(node)}: here stand keys and values, such as `title: AI/ML engineer`")
    seen: set[str] = set()
    for key, value in node.value:
        told = _scalar(name, key, "key")
        if told in seen:
            raise CatalogueError(f"{name} line {_line(key)}: key `{told}` stands twice")
        seen.add(told)
        yield told, value


def _items(name: str, node: yaml.Node, key: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise CatalogueError(f"{name} line {_line(node)}: `{key}` is a list, one `- ` a line")
    return list(node.value)


def _scalar(name: str, node: yaml.Node, key: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise CatalogueError(f"{name} line {_line(node)}: `{key}` is one text or number")
    return str(node.value)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _from_csv(name: str, text: str) -> list[Draft]:
    """Rows of the same code are one occupation; what is said of it stands in its first row, `nearest` with `;`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CatalogueError(f"{name} line {reader.line_num}: not CSV: {error}") from error
    if "code" not in header or "statement" not in header:
        raise CatalogueError(f"{name} line 1: needs the columns code, title, description and statement")
    drafts: dict[str, Draft] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise CatalogueError(f"{name} line {line}: {len(row)} fields, not {len(header)}")
        cells = {key: (line, cell.strip()) for key, cell in zip(header, row, strict=True) if cell.strip()}
        code = cells.get("code", (line, ""))[1]
        if code not in drafts:
            drafts[code] = Draft(line, {key: cells[key] for key in _OF_OCCUPATION if key in cells})
            near = cells.get("nearest", (line, ""))[1]
            drafts[code].nearest = [(line, one.strip()) for one in near.split(";") if one.strip()]
        own = {key: cell for key, cell in cells.items() if key not in (*_OF_OCCUPATION, "nearest")}
        drafts[code].tasks.append(Entry(line, own))
    return list(drafts.values())
