"""A rubric file as text: front matter between `+++` lines, then sections, all with their line numbers.

It knows nothing of what the keys mean; it refuses what has no front matter, is not TOML, or has a section twice, never
or under an unknown name. A level-one heading (`# user`) begins a section; smaller headings belong to the prompt.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from scorer.errors import RubricError

FENCE = "+++"
REQUIRED_SECTIONS = ("system", "user", "answer json", "answer token")
PROBE_SECTIONS = ("probe system", "probe user", "rationale")
SECTIONS = REQUIRED_SECTIONS + PROBE_SECTIONS
_HEADING = re.compile(r"# +(.*?)\s*$")
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Section:
    """The text of one section and the line of the file on which that text begins (from 1)."""

    text: str
    line: int


@dataclass(frozen=True)
class Document:
    """One rubric file.

    Args:
        name: how messages call the file.
        text: the file; its lines end in a line feed alone.
    """

    name: str
    text: str

    def error(self, line: int, message: str) -> RubricError:
        """The error to raise for a line of this file."""
        return RubricError(f"{self.name} line {line}: {message}")

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n")

    @cached_property
    def _body_at(self) -> int:
        """Index of the first line after the front matter."""
        if self.lines[0].rstrip() != FENCE:
            raise self.error(1, f"a rubric begins with a line `{FENCE}` and its front matter in TOML")
        for index, line in enumerate(self.lines[1:], start=1):
            if line.rstrip() == FENCE:
                return index + 1
        raise self.error(1, f"the front matter is never closed: end it with a line `{FENCE}`")

    @cached_property
    def front_matter(self) -> dict[str, Any]:
        """The TOML table between the two fences."""
        try:
            return tomllib.loads("\n".join(self.lines[1 : self._body_at - 1]))
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            line = int(found[1]) + 1 if found else self._body_at
            reason = _TOML_LINE.sub("", str(error)).replace("(, column", "(column")
            raise self.error(line, f"not TOML: {reason}") from error

    @cached_property
    def sections(self) -> dict[str, Section]:
        """Section name -> its text; all of `REQUIRED_SECTIONS` are there and none is empty."""
        starts = list(self._headings())
        for index, line in enumerate(self.lines[self._body_at : starts[0][1] if starts else None]):
            if line.strip():
                raise self.error(
                    self._body_at + index + 1, f"text before the first section: begin with `# {SECTIONS[0]}`"
                )
        ends = [at for _, at in starts[1:]] + [len(self.lines)]
        found = {name: self._section(at + 1, end) for (name, at), end in zip(starts, ends, strict=True)}
        for name in REQUIRED_SECTIONS:
            if name not in found:
                raise self.error(len(self.lines), f"section `# {name}` is missing")
        for name, section in found.items():
            if not section.text:
                raise self.error(section.line, f"section `# {name}` is empty")
        return found

    def _headings(self) -> Iterable[tuple[str, int]]:
        seen: dict[str, int] = {}
        for index in range(self._body_at, len(self.lines)):
            heading = _HEADING.match(self.lines[index])
            if not heading:
                continue
            name = heading[1]
            if name not in SECTIONS:
                hint = nearest(name, SECTIONS)
                raise self.error(index + 1, f"unknown section `# {name}`{hint}; headings of the prompt begin with `##`")
            if name in seen:
                raise self.error(index + 1, f"section `# {name}` stands twice; the first is on line {seen[name]}")
            seen[name] = index + 1
            yield name, index

    def _section(self, start: int, end: int) -> Section:
        while start < end - 1 and not self.lines[start].strip():
            start += 1
        return Section("\n".join(self.lines[start:end]).rstrip(), start + 1)

    def line_of(self, place: Sequence[str | int]) -> int:
        """The line of a front matter key, found by its text.

        Args:
            place: the way to the key, such as `("categories", 2, "number")`; what is not found stands for its parent.
        """
        line, end = 1, self._body_at
        for step in place:
            if isinstance(step, int):
                heads = [i for i in range(end) if re.match(rf"\[\[\s*{place[0]}\s*\]\]", self.lines[i])]
                if step < len(heads):
                    line = heads[step] + 1
                    end = heads[step + 1] if step + 1 < len(heads) else end
                continue
            key = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(step)}[\"']?\s*[=\]]")
            line = next((i + 1 for i in range(line, end) if key.match(self.lines[i])), line)
        return line


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for a name that resembles a known one, else nothing."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
