"""Makes docs/api.md of the signatures and docstrings of the public Python interface.

Docstrings are written as Google's style guide says: prose, then `Args:`, `Returns:`, `Raises:` and the like, each entry
on a line of its own. It refuses nothing: what it does not know as a section stays prose.
"""

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import scorer
from scorer import catalogue, rubrics, statistics

_HEAD = """# The Python interface

What other programs may import, with its docstrings; made by `make docs`. `scorer` itself is the part that keeps its
promises between versions: how it is used is told in [python.md](python.md). The other modules are rooms of the engine:
what is listed here is what these pages use of them, and the formulas of agreement and intervals with their sources.
"""
_SECTION = re.compile(r"^(Args|Attributes|Returns|Yields|Raises|Source|Sources):(.*)$")
_ARRAY = re.compile(r"numpy\.ndarray\[tuple\[(?:typing\.)?Any, \.\.\.\], numpy\.dtype\[(?:numpy\.|typing\.)?(\w+)\]\]")
_ARRAY_LIKE = re.compile(r"(?:typing\.)?Union\[numpy\._typing\..*\]")
_QUALIFIED = re.compile(r"\b(?:\w+\.)+([A-Z]\w*)")
_ENTRY = re.compile(r"^ {4}(\w+): ")

WIDTH = 100
"""Columns of a signature on one line."""
SHOWN: dict[ModuleType, tuple[str, ...]] = {
    scorer: ("open_release", "Release"),
    catalogue: ("read_release", "stratified_sample", "attribution"),
    rubrics: ("load_rubric", "check_lock", "answer_schema"),
    statistics: tuple(name for name in statistics.__all__ if callable(getattr(statistics, name)) and name.islower()),
}


def api_page() -> str:
    """docs/api.md, as it must stand."""
    return _HEAD + "".join(_module(module, names) for module, names in SHOWN.items())


def _module(module: ModuleType, names: tuple[str, ...]) -> str:
    text = f"\n## {module.__name__}\n\n{_first_paragraph(module)}\n"
    return text + "".join(_entry(name, getattr(module, name)) for name in names)


def _first_paragraph(thing: object) -> str:
    return _prose((inspect.getdoc(thing) or "").partition("\n\n")[0])


def _entry(name: str, thing: Any) -> str:  # noqa: ANN401 - a class or a function
    text = f"\n### {name}\n\n{_signature(name, thing)}\n\n{_docstring(thing)}\n"
    if not inspect.isclass(thing):
        return text
    members = [(word, member) for word, member in vars(thing).items() if not word.startswith("_")]
    return text + "".join(f"\n#### {name}.{word}\n\n{_member(word, member)}\n" for word, member in members)


def _member(name: str, member: Any) -> str:  # noqa: ANN401 - a property or a method
    if isinstance(member, property):
        return _docstring(member)
    return f"{_signature(name, member)}\n\n{_docstring(member)}"


def _signature(name: str, thing: Any) -> str:  # noqa: ANN401 - a class or a function
    """How it is called: on one line, or with a line for each parameter where that is too long; `self` left out."""
    signature = inspect.signature(thing)
    given = [_plain(str(one)) for one in signature.parameters.values() if one.name != "self"]
    gives = "" if inspect.isclass(thing) else f" -> {_plain(inspect.formatannotation(signature.return_annotation))}"
    line = f"{name}({', '.join(given)}){gives}"
    if len(line) > WIDTH:
        line = f"{name}(\n" + "".join(f"    {one},\n" for one in given) + f"){gives}"
    return f"```text\n{line}\n```"


def _plain(annotation: str) -> str:
    """An annotation by the last name of each type, arrays by what they hold."""
    return _QUALIFIED.sub(r"\1", _ARRAY_LIKE.sub("ArrayLike", _ARRAY.sub(r"ndarray[\1]", annotation)))


def _docstring(thing: object) -> str:
    """A docstring as Markdown: its sections become lists, and what stands in them stays as it is."""
    return "\n".join(_lines((inspect.getdoc(thing) or "").splitlines())).strip()


def _lines(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if section := _SECTION.match(line):
            yield f"**{section[1]}**{_prose(section[2])}" + ("" if section[2] else "\n")
        elif entry := _ENTRY.match(line):
            yield f"- `{entry[1]}`: {_prose(line[entry.end() :])}"
        else:
            yield _prose(line.removeprefix("    "))


def _prose(text: str) -> str:
    return text.replace("O*NET", "O\\*NET")
