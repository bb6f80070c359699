"""Occupations, their tasks, and the O*NET release that both belong to."""

from enum import StrEnum

from pydantic import Field, field_validator

from scorer.domain.base import Frozen, sha256_text

FIRST_OF_2019 = (25, 1)
"""The first release whose codes are of O*NET-SOC 2019; seen in the codes of 25.0 and 25.1."""


class TaskKind(StrEnum):
    """What O*NET prints as Task Type; `n/a` (tasks without ratings) is `unclassified`."""

    CORE = "core"
    SUPPLEMENTAL = "supplemental"
    UNCLASSIFIED = "unclassified"


class ReleaseKind(StrEnum):
    """Where a catalogue release comes from: O*NET itself, the tasks printed in a label set, or a user's occupation."""

    ONET = "onet"
    LABELS = "labels"
    CUSTOM = "custom"


class Occupation(Frozen):
    """One occupation of one release.

    Attributes:
        occupation_code: O*NET-SOC code `NN-NNNN.NN`; of a custom occupation `NN-NNNN.CNN`, which O*NET never gives.
        job_zone: preparation needed, 1 (little) to 5 (extensive); None where O*NET gives none.
    """

    occupation_code: str = Field(pattern=r"^\d{2}-\d{4}\.(\d{2}|C\d{2})$")
    title: str
    description: str | None = None
    job_zone: int | None = Field(default=None, ge=1, le=5)
    is_custom: bool = False

    @property
    def major_group(self) -> str:
        """The two digits of the SOC major group, `15` for computer and mathematical occupations."""
        return self.occupation_code[:2]


class Task(Frozen):
    """One task statement of one occupation in one release.

    Attributes:
        task_id: O*NET's integer as text (`8823`), stable between releases.
        importance: IM, mean of 1 to 5; None where not rated.
        relevance: RT, percent of incumbents 0 to 100; None where not rated.
        frequency: expected frequency, mean category 1 (yearly or less) to 7 (hourly or more); None where not rated.
        activities: titles of the detailed work activities (DWAs) that O*NET files the task under, as context for a
            prompt: no part of the task's identity, and empty until the store, which keeps them apart, adds them.
    """

    task_id: str
    occupation_code: str
    statement: str = Field(min_length=1)
    kind: TaskKind
    importance: float | None = Field(default=None, ge=1, le=5)
    relevance: float | None = Field(default=None, ge=0, le=100)
    frequency: float | None = Field(default=None, ge=1, le=7)
    activities: tuple[str, ...] = ()

    @field_validator("task_id", mode="before")
    @classmethod
    def _plain_integer(cls, value: object) -> str:
        return normal_task_id(value)

    @property
    def major_group(self) -> str:
        """The two digits of the SOC major group."""
        return self.occupation_code[:2]

    @property
    def statement_sha256(self) -> str:
        """Identity of the text: a reworded task is another question."""
        return sha256_text(self.statement)


class OnetRelease(Frozen):
    """Everything read from one release.

    Attributes:
        name: `30.1`, or the name of a label set.
        sha256: identity of the content (not of the archive it came in): same content, same hash.
        notes: what a reader should know, such as rows that were refused, one line each.
    """

    name: str
    kind: ReleaseKind = ReleaseKind.ONET
    source: str
    attribution: str
    sha256: str
    occupations: tuple[Occupation, ...]
    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()

    @property
    def taxonomy(self) -> str:
        """Year of the O*NET-SOC edition that the codes are of: `2010` up to release 25.0, `2019` from 25.1 on."""
        head, _, tail = self.name.partition(".")
        is_numbered = self.kind is ReleaseKind.ONET and head.isdigit() and tail.isdigit()
        return "2010" if is_numbered and (int(head), int(tail)) < FIRST_OF_2019 else "2019"


class CustomOccupation(Frozen):
    """An occupation that O*NET does not have, with its tasks.

    Attributes:
        release: it and nothing else, as a catalogue release of kind `custom` whose name holds the hash of its text.
        nearest: O*NET codes, the nearest first, whose pay, employment, outlook, skills and technologies stand in for
            its own.
    """

    release: OnetRelease
    nearest: tuple[str, ...] = ()

    @property
    def occupation(self) -> Occupation:
        """The occupation."""
        return self.release.occupations[0]


def normal_task_id(value: object) -> str:
    """`8823`, `8823.0` and 8823 are the same task: the integer as text; other ids stay as they are, stripped."""
    text = str(value).strip()
    head, dot, tail = text.partition(".")
    return head if dot and head.isdigit() and set(tail) <= {"0"} else text
