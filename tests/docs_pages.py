"""The pages of the documentation as the tests see them: their blocks, the commands they name, their links.

A block says in a comment above it what a reader cannot see: `<!-- exits 1 -->` where the command is meant to end so,
`<!-- writes NAME -->` where the block is a file that the reader makes.
"""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from shared_data import REPOSITORY

DOCS = REPOSITORY / "docs"
GENERATED = ("docs/api.md", "docs/cli.md", "docs/known-answers.md", "docs/tables.md")
RUN = ("sh", "sql", "python")
WRITTEN = ("toml", "csv")
SHOWN = ("text", "markdown")
READERS = ("researcher", "reviewer", "consumer")
BEGUN_WITH_NOTHING = ("docs/researchers.md", "docs/notebooks/researcher.ipynb")
"""Pages whose reader has O*NET, labels and an endpoint, and no result yet."""
TUTORIALS = "docs/tutorials/"

_BLOCK = re.compile(r"(?:^<!-- (\w+) (\S+) -->\n+)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"")


@dataclass(frozen=True)
class Block:
    """A fenced block; exits: the status it is meant to end with; writes: the file that it is, if it is one."""

    page: str
    line: int
    language: str
    text: str
    exits: int = 0
    writes: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def pages() -> tuple[str, ...]:
    """Every page of the project, generated ones too, by its path from the top."""
    tops = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
    below = (path.relative_to(REPOSITORY).as_posix() for path in sorted(DOCS.rglob("*.md")))
    return (*tops, *below, "eval/gold/reference_v1/README.md")


def hand_written() -> tuple[str, ...]:
    """The pages that nobody generates."""
    return tuple(page for page in pages() if page not in GENERATED)


def followed_by(reader: str) -> list[str]:
    """The pages with something to run, and the notebooks, that one kind of reader follows; consumers have the rest."""
    runnable = [page for page in hand_written() if any(block.language in RUN for block in blocks(page))]
    notebooks = [path.relative_to(REPOSITORY).as_posix() for path in sorted(DOCS.rglob("*.ipynb"))]
    return [page for page in (*runnable, *notebooks) if _reader(page) == reader]


def _reader(page: str) -> str:
    return next((reader for reader in READERS if reader in page), READERS[-1])


@cache
def text_of(page: str) -> str:
    """The text of a page."""
    return (REPOSITORY / page).read_text(encoding="utf-8")


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """The fenced blocks of a page, in order."""
    return tuple(_block(page, found) for found in _BLOCK.finditer(text_of(page)))


def _block(page: str, found: re.Match[str]) -> Block:
    mark, value, language, text = found.groups()
    marks = {mark: value} if mark in {"exits", "writes"} else {}
    line = text_of(page).count("\n", 0, found.start(3)) + 1
    return Block(page, line, language, text, int(marks.get("exits", 0)), marks.get("writes"))


def prose(page: str) -> str:
    """A page without its fenced blocks and comments."""
    return _COMMENT.sub("", _BLOCK.sub("", text_of(page)))


def code_spans(page: str) -> list[str]:
    """What stands between backquotes in the prose of a page."""
    return [found[1] for found in SPAN.finditer(prose(page))]


def command_lines(page: str) -> Iterator[str]:
    """Every way in which a page calls `scorer`: in its prose, in an indented block, in a fenced one."""
    yield from (span for span in code_spans(page) if re.match(r"scorer\b", span))
    for line in [line for block in blocks(page) for line in block.text.splitlines()] + prose(page).splitlines():
        if found := re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?(scorer\s+[a-z-].*)", line):
            yield found[1]


def links(page: str) -> list[str]:
    """The relative links and pictures of a page."""
    found = (link[1] or link[2] for link in _LINK.finditer(prose(page)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(page: str) -> set[str]:
    """What `page.md#...` can name: its headings, as the usual renderers spell them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def generator() -> ModuleType:
    """docs/generate.py."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_path(page: str, link: str) -> Path:
    """Where a relative link of a page leads."""
    return (REPOSITORY / page).parent / link.partition("#")[0] if not link.startswith("#") else REPOSITORY / page
