"""Pay, employment and outlook of occupations, as the U.S. Bureau of Labor Statistics (BLS) prints them.

A figure that is printed as a mark stays a mark: `*` and `-` say that it is not published, `#` that it is above the
highest one published. Nothing stands in for it.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from scorer.domain.base import Frozen, sha256_json


class LabourKind(StrEnum):
    """Which table: wages (OEWS), projections (Employment Projections), crosswalk (O*NET-SOC to the projections)."""

    WAGES = "wages"
    PROJECTIONS = "projections"
    CROSSWALK = "crosswalk"


class Wage(Frozen):
    """One occupation of the Occupational Employment and Wage Statistics, nationwide, all industries.

    Attributes:
        employment: jobs of employees; the self-employed are not counted.
        median_wage_usd: per year, in the dollars of the survey's year.
        employment_mark, median_wage_mark: what is printed in place of a number.
    """

    soc_code: str = Field(pattern=r"^\d{2}-\d{4}$")
    title: str
    employment: int | None = None
    employment_mark: str | None = None
    median_wage_usd: float | None = None
    median_wage_mark: str | None = None


class Projection(Frozen):
    """One occupation of the National Employment Matrix.

    Attributes:
        employment_base, employment_projected: thousands of jobs, the self-employed included.
        growth_pct: change between the two, percent.
        growth_mark: what is printed in place of a number.
    """

    nem_code: str = Field(pattern=r"^\d{2}-\d{4}$")
    title: str
    employment_base: float | None = None
    employment_projected: float | None = None
    growth_pct: float | None = None
    growth_mark: str | None = None


class CrosswalkRow(Frozen):
    """Under which code of the National Employment Matrix an O*NET occupation is counted."""

    occupation_code: str = Field(pattern=r"^\d{2}-\d{4}\.\d{2}$")
    nem_code: str = Field(pattern=r"^\d{2}-\d{4}$")


class LabourFigures(Frozen):
    """What counts now for one occupation; see `Wage` and `Projection`.

    Attributes:
        proxy_of: the occupation whose figures they are, where an added occupation has none of its own.
        wage_year: May of that year; None where no wages are here.
        projection_period: such as `2024-34`; None where no projection is here.
    """

    occupation_code: str
    proxy_of: str | None = None
    employment: int | None = None
    employment_mark: str | None = None
    median_wage_usd: float | None = None
    median_wage_mark: str | None = None
    wage_year: int | None = None
    growth_pct: float | None = None
    growth_mark: str | None = None
    projection_period: str | None = None


LabourRow = Wage | Projection | CrosswalkRow


class LabourTable(NamedTuple):
    """One file, read.

    Attributes:
        period: `2025` (May of that year), `2024-34`, or `2019` (the SOC of a crosswalk).
        source: name of the file.
        rows: one per occupation, in the order of the file.
        notes: what a reader should know, such as rows that were refused, one line each.
    """

    kind: LabourKind
    period: str
    source: str
    rows: Sequence[LabourRow]
    notes: Sequence[str] = ()

    @property
    def sha256(self) -> str:
        """Identity of the rows, whatever file they came in."""
        return sha256_json([self.kind, self.period, [row.model_dump(mode="json") for row in self.rows]])

    @property
    def credit(self) -> str:
        """Who made the figures, in one line."""
        return labour_credit(self.kind, self.period)


def labour_credit(kind: LabourKind, period: str) -> str:
    """The source to name wherever figures of a table are shown; the tables of BLS are in the public domain."""
    return f"Source: U.S. Bureau of Labor Statistics, {labour_program(kind, period)}."


def labour_program(kind: LabourKind, period: str) -> str:
    """What the Bureau calls a table."""
    return {
        LabourKind.WAGES: f"Occupational Employment and Wage Statistics, May {period}",
        LabourKind.PROJECTIONS: f"Employment Projections {period}",
        LabourKind.CROSSWALK: "National Employment Matrix to O*NET-SOC crosswalk",
    }[kind]
