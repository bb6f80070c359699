"""What O*NET says of occupations beside their tasks: skills, technologies, other titles, relatives, work activities.

Each kind is one table of one release, read whole from one file (or two), and kept with the name and the sha256 of what
it was read from. A release may lack any of them: a table that is not there is not an empty one.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from scorer.domain.base import Frozen

OccupationCode = Annotated[str, Field(pattern=r"^\d{2}-\d{4}\.\d{2}$")]


class FactKind(StrEnum):
    """The tables, under their names in the store and in a release."""

    SKILLS = "occupation_skill"
    TECHNOLOGIES = "occupation_technology"
    TITLES = "alternate_title"
    RELATED = "related_occupation"
    ACTIVITIES = "task_activity"


class Skill(Frozen):
    """How much one skill counts in one occupation.

    Attributes:
        element_id: place in O*NET's content model, `2.A.1.a`.
        element: name of the skill.
        importance: IM, 1 (not important) to 5 (extremely important); None where it is not printed.
        level: LV, 0 to 7; None where it is not printed.
    """

    occupation_code: OccupationCode
    element_id: str
    element: str
    importance: float | None = Field(default=None, ge=1, le=5)
    level: float | None = Field(default=None, ge=0, le=7)


class Technology(Frozen):
    """A technology that an occupation uses.

    Attributes:
        example: its name, such as that of a program.
        category: what kind of technology it is, in O*NET's words; None where it is not printed.
        is_hot: often named in job postings of all occupations; None in releases that do not say.
        is_in_demand: often named in job postings of this occupation; None in releases that do not say.
    """

    occupation_code: OccupationCode
    example: str
    category: str | None = None
    is_hot: bool | None = None
    is_in_demand: bool | None = None


class AlternateTitle(Frozen):
    """An everyday title of jobs in an occupation. `short_title`: its abbreviation, where O*NET prints one."""

    occupation_code: OccupationCode
    title: str
    short_title: str | None = None


class RelatedOccupation(Frozen):
    """One occupation that O*NET holds to be related to another.

    Attributes:
        place: 1 is the nearest.
        tier: O*NET's word for how near; None in releases without tiers.
    """

    occupation_code: OccupationCode
    related_code: OccupationCode
    place: int = Field(ge=1)
    tier: str | None = None


class TaskActivity(Frozen):
    """A detailed work activity (DWA) that a task is an instance of; a task may have several."""

    task_id: str
    activity_id: str
    activity: str


Fact = Skill | Technology | AlternateTitle | RelatedOccupation | TaskActivity


class FactTable(NamedTuple):
    """One table of one release.

    Attributes:
        kind: which.
        source: names of the files it was read from.
        sha256: identity of its rows, in whatever order they came.
        rows: in the order of the files.
        notes: what a reader should know, such as rows that were refused, one line each.
    """

    kind: FactKind
    source: str
    sha256: str
    rows: Sequence[Fact]
    notes: Sequence[str] = ()


class CodeSuccession(Frozen):
    """An O*NET-SOC 2010 occupation and one 2019 occupation that took it over; either side may have several."""

    code_2010: OccupationCode
    code_2019: OccupationCode
