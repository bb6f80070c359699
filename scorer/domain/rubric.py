"""A rubric: a question with its rules, its scale, and the numbers that its categories stand for."""

from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from scorer.domain.base import Frozen

CANNOT_JUDGE = "cannot_judge"
PROFILE = "profile"
"""Name of the prompt that is asked about occupations and answered in sentences; no rubric of tasks may bear it."""


class Level(StrEnum):
    """Level of measurement of a scale."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class Category(Frozen):
    """One legal answer: the value a rater returns, its name, its anchor, and the number it stands for.

    Attributes:
        example: a worked example, invented; empty where the rubric gives none.
        prior: share of all tasks that are taken to have this category, 0 to 1; None where the rubric does not say.
    """

    value: str
    label: str
    anchor: str
    number: float
    example: str = ""
    prior: float | None = None


class Probe(Frozen):
    """A yes/no question about a task. sign: 1 where yes speaks for a higher number, -1 where it speaks for a lower."""

    name: str
    sign: Literal[-1, 1]
    question: str


class ObviousTask(Frozen):
    """An invented task to which every probe has an obvious answer.

    Attributes:
        yes: the probes whose answer is yes; that of all others is no.
        use: `example`: shown before the question to raters that need examples. `check`: asked by `scorer raters check`.
    """

    occupation: str
    task: str
    yes: tuple[str, ...]
    use: Literal["example", "check"]


class Rubric(Frozen):
    """One version of one rubric, as its file says it.

    Attributes:
        categories: in the order of the file, which is the order shown to raters in the base variant.
        measures: name -> category value -> number. `mean` for most; `alpha`, `beta`, `zeta` for `exposure`.
        primary: the measure that agreement, gate and consensus use; its numbers are the categories' own.
        share_at: tasks scoring this or more count as exposed in `share_50`; None where the rubric has no such cut.
        fields: what a rater returns beside the category, in order: any of evidence, rationale, blockers, confidence.
        context: what the prompt shows beside title and task: any of description (of the occupation), activities
            (O*NET's detailed work activities of the task). It is part of the file, hence of its hash; what it shows is
            part of the messages, hence of the Cell's.
        system, user, answer_json, answer_token: Jinja2 templates.
        probes: short yes/no questions for models too small to apply the rubric, in the order of asking.
        obvious: invented tasks that show and check the probes.
        probe_system, probe_user, rationale: Jinja2 templates; empty in a rubric without probes.
        prefill: with what the assistant's answer is begun for it, in token mode only; empty for nothing.
            The beginning that all categories share may stand at its end: `Category: E` before 0, 1 or 2.
        sha256: identity of the file's bytes.
    """

    name: str
    version: int
    title: str
    level: Level
    categories: tuple[Category, ...]
    cannot_judge: bool
    fields: tuple[str, ...]
    blockers: tuple[str, ...] = ()
    measures: dict[str, dict[str, float]]
    primary: str
    share_at: float | None = None
    context: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    obvious: tuple[ObviousTask, ...] = ()
    source: str
    system: str
    user: str
    answer_json: str
    answer_token: str
    probe_system: str = ""
    probe_user: str = ""
    rationale: str = ""
    prefill: str = ""
    sha256: str

    @model_validator(mode="after")
    def _numbers_agree(self) -> "Rubric":
        if self.measures.get(self.primary) != {c.value: c.number for c in self.categories}:
            raise ValueError(f"measure `{self.primary}` must hold the numbers of the categories")
        return self

    def __hash__(self) -> int:
        """By the bytes of its file, so that what is built once per rubric can be cached."""
        return hash(self.sha256)

    @property
    def id(self) -> str:
        """`coverage@1`: the name every table uses."""
        return f"{self.name}@{self.version}"

    @property
    def is_profile(self) -> bool:
        """Whether it is asked about occupations and answered in sentences."""
        return self.name == PROFILE

    @property
    def prompt(self) -> str:
        """The templates under their headings, in the order of the file."""
        parts = {
            "system": self.system,
            "user": self.user,
            "answer json": self.answer_json,
            "answer token": self.answer_token,
            "probe system": self.probe_system,
            "probe user": self.probe_user,
            "rationale": self.rationale,
        }
        return "\n\n".join(f"# {heading}\n\n{text.strip()}" for heading, text in parts.items() if text)

    @property
    def values(self) -> tuple[str, ...]:
        """The legal category values, in the order of the file."""
        return tuple(c.value for c in self.categories)

    @property
    def ordered_values(self) -> tuple[str, ...]:
        """The values from the lowest number to the highest: E0 < E2 < E1."""
        return tuple(c.value for c in sorted(self.categories, key=lambda c: c.number))

    @property
    def span(self) -> float:
        """Width of the scale: the unit of relative bias."""
        numbers = [c.number for c in self.categories]
        return max(numbers) - min(numbers)

    def number(self, value: str, measure: str | None = None) -> float:
        """What a category counts in a measure (the primary one where None)."""
        return self.measures[measure or self.primary][value]
