"""What a rubric's front matter may say, and which line is wrong where it says something else.

Refuses unknown keys (naming the nearest known one), missing ones, wrong types, categories that cannot be told apart,
and measures that do not cover the scale. Nothing has a default that would decide a number.
"""

import math
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from scorer.domain.base import Frozen
from scorer.domain.rubric import CANNOT_JUDGE, Category, Level
from scorer.rubrics.document import PROBE_SECTIONS, Document, nearest
from scorer.rubrics.templates import CONTEXT

FIELDS = ("evidence", "rationale", "blockers", "confidence")
_PLAIN = "mean"
_MIN_CATEGORIES = 2

Finite = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class CategoryTable(Frozen):
    """One `[[categories]]` table."""

    model_config = ConfigDict(strict=True)

    value: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    label: Text
    anchor: Text
    number: Finite
    example: str = ""
    prior: Annotated[float, Field(gt=0, lt=1)] | None = None


class ProbeTable(Frozen):
    """One `[[probes]]` table."""

    model_config = ConfigDict(strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    sign: Literal[-1, 1]
    question: Text


class ObviousTable(Frozen):
    """One `[[obvious]]` table."""

    model_config = ConfigDict(strict=True)

    occupation: Text
    task: Text
    yes: list[str]
    use: Literal["example", "check"]


class FrontMatter(Frozen):
    """The front matter; the meaning of each key is that of `Rubric`."""

    model_config = ConfigDict(strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: int = Field(ge=1)
    title: Text
    level: Annotated[Level, Field(strict=False)]
    fields: list[str]
    cannot_judge: bool
    source: Text
    categories: list[CategoryTable]
    blockers: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]] = Field(default_factory=list)
    measures: dict[str, dict[str, Finite]] = Field(default_factory=dict)
    primary: str | None = None
    share_at: Finite | None = None
    context: list[str] = Field(default_factory=list)
    prefill: str = ""
    probes: list[ProbeTable] = Field(default_factory=list)
    obvious: list[ObviousTable] = Field(default_factory=list)

    @property
    def scale(self) -> tuple[Category, ...]:
        """The categories as the domain knows them."""
        return tuple(Category(**table.model_dump()) for table in self.categories)

    @property
    def all_measures(self) -> dict[str, dict[str, float]]:
        """The measures; a rubric that names none has one, `mean`, of its categories' numbers."""
        return self.measures or {_PLAIN: {c.value: c.number for c in self.categories}}

    @property
    def primary_measure(self) -> str:
        """The measure that holds the categories' own numbers."""
        return self.primary or _PLAIN


_TABLES: dict[str | int, type[Frozen]] = {
    "categories": CategoryTable,
    "probes": ProbeTable,
    "obvious": ObviousTable,
}


def read_front_matter(document: Document) -> FrontMatter:
    """The front matter of a document, checked.

    Raises:
        RubricError: with file and line of the first thing that is wrong.
    """
    try:
        front = FrontMatter.model_validate(document.front_matter)
    except ValidationError as error:  # a misspelt key is also a missing one: name the misspelling first
        first: Any = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
        raise document.error(document.line_of(first["loc"]), _in_words(first)) from error
    _check_categories(document, front)
    _check_measures(document, front)
    _check_fields(document, front)
    _check_probes(document, front)
    return front


def _in_words(error: Any) -> str:  # noqa: ANN401 - pydantic's own record of an error
    key, where = error["loc"][-1], error["loc"][:-1]
    if error["type"] == "missing":
        return f"key `{key}` is missing"
    if error["type"] == "extra_forbidden":
        known = _TABLES.get(where[0], FrontMatter).model_fields if where else FrontMatter.model_fields
        return f"unknown key `{key}`{nearest(str(key), known)}"
    name = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str)), "front matter")
    return f"`{name}`: {error['msg']}"


def _check_categories(document: Document, front: FrontMatter) -> None:
    if len(front.categories) < _MIN_CATEGORIES:
        raise document.error(document.line_of(["categories"]), "a scale needs two categories or more")
    seen: set[str] = set()
    for index, category in enumerate(front.categories):
        line = document.line_of(["categories", index, "value"])
        if category.value.casefold() in seen:
            raise document.error(line, f"category `{category.value}` stands twice")
        if category.value.casefold() == CANNOT_JUDGE:
            raise document.error(line, f"`{CANNOT_JUDGE}` is no category: write `cannot_judge = true`")
        seen.add(category.value.casefold())
        if bool(category.example) != bool(front.categories[0].example):
            raise document.error(line, f"category `{category.value}`: either all categories have an `example` or none")
    if len({c.number for c in front.categories}) == 1:
        raise document.error(document.line_of(["categories"]), "all categories have the same number")


def _check_measures(document: Document, front: FrontMatter) -> None:
    line, names = document.line_of(["primary"]), front.all_measures
    if front.measures and front.primary is None:
        raise document.error(document.line_of(["measures"]), "with [measures], `primary` says which of them leads")
    if front.primary_measure not in names:
        known = ", ".join(names)
        raise document.error(
            line, f"primary measure `{front.primary}` is not among {known}{nearest(str(front.primary), names)}"
        )
    numbers = {c.value: c.number for c in front.categories}
    for name, measure in front.measures.items():
        odd = sorted(set(measure) ^ set(numbers))
        if odd:
            where = document.line_of(["measures", name])
            raise document.error(where, f"measure `{name}` must hold each category once; look at {', '.join(odd)}")
    if names[front.primary_measure] != numbers:
        where = document.line_of(["measures", front.primary_measure])
        raise document.error(where, f"primary measure `{front.primary}` must hold the numbers of the categories")


def _check_fields(document: Document, front: FrontMatter) -> None:
    for key, given, known in (("fields", front.fields, FIELDS), ("context", front.context, CONTEXT)):
        for name in given:
            if name not in known:
                hint = nearest(name, known) or f"; known are {', '.join(known)}"
                raise document.error(document.line_of([key]), f"`{key}` names `{name}`{hint}")
        if given != [name for name in known if name in given]:
            raise document.error(
                document.line_of([key]), f"`{key}` are asked once each and in this order: {', '.join(known)}"
            )
    if bool(front.blockers) != ("blockers" in front.fields):
        raise document.error(document.line_of(["fields"]), "`blockers` in `fields` and the list `blockers` go together")
    if len(set(front.blockers)) < len(front.blockers):
        raise document.error(document.line_of(["blockers"]), "a blocker stands twice")


def _check_probes(document: Document, front: FrontMatter) -> None:
    """Refuse probes that cannot be told apart, asked or checked, and priors that are no distribution."""
    names = [probe.name for probe in front.probes]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise document.error(document.line_of(["probes", index, "name"]), f"probe `{name}` stands twice")
    for section in PROBE_SECTIONS:
        if bool(front.probes) != (section in document.sections):
            raise document.error(
                document.line_of(["probes"]), f"`[[probes]]` and the section `# {section}` go together"
            )
    for index, one in enumerate(front.obvious):
        if unknown := [name for name in one.yes if name not in names]:
            where = document.line_of(["obvious", index, "yes"])
            raise document.error(where, f"no probe is called `{unknown[0]}`{nearest(unknown[0], names)}")
    _check_priors(document, front)


def _check_priors(document: Document, front: FrontMatter) -> None:
    priors = [category.prior for category in front.categories if category.prior is not None]
    if not priors and not front.probes:
        return
    whole = len(priors) == len(front.categories) and math.isclose(sum(priors), 1, abs_tol=1e-6)
    if not whole:
        raise document.error(
            document.line_of(["categories"]),
            "with [[probes]] every category states its `prior`, its share of all tasks, and they add up to 1",
        )
