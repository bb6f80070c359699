"""Sheets of the Bureau of Labor Statistics read into wages, projections and the crosswalk.

The text `None` is a value in these files and a dash is a mark: neither is taken for a missing cell.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scorer.catalogue.bls.sheets import Sheet
from scorer.catalogue.tables import REFUSED, reason
from scorer.domain.labour import CrosswalkRow, LabourKind, LabourRow, LabourTable, Projection, Wage
from scorer.errors import CatalogueError

HEAD_ROWS = 6
SOC_2018 = "2019"
_YEAR = re.compile(r"(?<!\d)(?:M)?(20\d\d)(?!\d)")
_BASE = re.compile(r"Employment, (\d{4})")


class _Layout(NamedTuple):
    """How one publication names its columns; each pattern must match one whole heading."""

    kind: LabourKind
    columns: Sequence[str]


_LAYOUTS = (
    _Layout(LabourKind.WAGES, ("OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEDIAN")),
    _Layout(LabourKind.WAGES, ("soc", "occupation_name", "Employment", "Annual median wage")),
    _Layout(
        LabourKind.PROJECTIONS,
        (
            r"\d{4} National Employment Matrix code",
            r"\d{4} National Employment Matrix title",
            r"Employment, (\d{4})",
            r"Employment, (\d{4})",
            r"Employment change, percent, \d{4}.\d{2,4}",
        ),
    ),
    _Layout(
        LabourKind.CROSSWALK,
        (r"onet_soc_code|O\*NET-SOC.*[Cc]ode", r"nem_code|.*(NEM|National Employment Matrix).*[Cc]ode"),
    ),
)


class _Found(NamedTuple):
    """A layout in a sheet: the row of its header and the place of each of its columns."""

    layout: _Layout
    head: int
    places: Sequence[int]


def shape(sheet: Sheet) -> LabourKind | None:
    """Which of the tables a sheet is; None for another one."""
    found = _find(sheet)
    return found.layout.kind if found else None


def read_wages(sheet: Sheet, year: str | None) -> LabourTable:
    """Wages of one survey; of an occupation printed twice (as broad and as detailed) the first row is kept.

    Raises:
        CatalogueError: nothing tells the year, the table is not nationwide, or no row is usable.
    """
    told = year or next((match[1] for match in _YEAR.finditer(sheet.source)), None)
    if told is None:
        raise CatalogueError(f"{sheet.source}: the name does not tell the year of the wages; say it: --year 2025")
    if not re.fullmatch(r"20\d\d", told):
        raise CatalogueError(f"year `{told}` is not a year such as 2025")

    _refuse_areas(sheet)
    return _table(sheet, told, wage, lambda row: row.soc_code if isinstance(row, Wage) else "")


def read_projections(sheet: Sheet, _: str | None) -> LabourTable:
    """Projections; the period is that of the headings, `2024-34`.

    Raises:
        CatalogueError: no row is usable.
    """
    found = _found(sheet)
    years = [match[1] for cell in sheet.rows[found.head] if (match := _BASE.fullmatch(cell))]
    first, last = min(years), max(years)

    def read(code: str, title: str, base: str, projected: str, growth: str) -> Projection:
        change, mark = figure(growth)
        return Projection(
            nem_code=code,
            title=title,
            employment_base=figure(base)[0],
            employment_projected=figure(projected)[0],
            growth_pct=change,
            growth_mark=mark,
        )

    return _table(sheet, f"{first}-{last[2:]}", read, lambda row: row.nem_code if isinstance(row, Projection) else "")


def read_crosswalk(sheet: Sheet, _: str | None) -> LabourTable:
    """The crosswalk; an O*NET occupation stands under one code.

    Raises:
        CatalogueError: no row is usable.
    """

    def read(code: str, nem: str) -> CrosswalkRow:
        return CrosswalkRow(occupation_code=code, nem_code=nem)

    return _table(sheet, SOC_2018, read, lambda row: row.occupation_code if isinstance(row, CrosswalkRow) else "")


def wage(code: str, title: str, employment: str, median: str) -> Wage:
    """One occupation's row, from its cells as printed; ValueError where the code is none."""
    jobs, jobs_mark = figure(employment)
    yearly, wage_mark = figure(median)
    return Wage(
        soc_code=code,
        title=title,
        employment=None if jobs is None else int(jobs),
        employment_mark=jobs_mark,
        median_wage_usd=yearly,
        median_wage_mark=wage_mark,
    )


def figure(text: str) -> tuple[float | None, str | None]:
    """A number, or the mark in its place; an empty cell is neither."""
    plain = text.strip().replace(",", "")
    if not plain:
        return None, None
    try:
        return float(plain), None
    except ValueError:
        return None, text.strip()


def _table(sheet: Sheet, period: str, read: Callable[..., LabourRow], key: Callable[[LabourRow], str]) -> LabourTable:
    found = _found(sheet)
    rows: dict[str, LabourRow] = {}
    refused: list[str] = []
    for line, cells in enumerate(sheet.rows[found.head + 1 :], start=found.head + 2):
        if len(cells) <= max(found.places) or not cells[found.places[0]].strip():
            continue  # footnotes, and lines without a code
        try:
            row = read(*(cells[place].strip() for place in found.places))
            rows.setdefault(key(row), row)
        except ValueError as error:
            refused.append(f"{REFUSED}{sheet.source} line {line}: {reason(error)}")
    if not rows:
        first = f", the first: {refused[0]}" if refused else ""
        raise CatalogueError(f"{sheet.source}: no usable row ({len(refused)} refused{first}); get the file anew")
    return LabourTable(found.layout.kind, period, sheet.source, tuple(rows.values()), tuple(refused))


def _refuse_areas(sheet: Sheet) -> None:
    """Wages of states and cities are another table: their median is not the country's."""
    head = [cell.upper() for cell in sheet.rows[_found(sheet).head]]
    for name, wanted in (("AREA", {"99", "0"}), ("I_GROUP", {"cross-industry"})):
        if name in head:
            place = head.index(name)
            rows = sheet.rows[_found(sheet).head + 1 :]
            others = {row[place].strip() for row in rows if len(row) > place and row[place].strip()} - wanted
            if others:
                raise CatalogueError(
                    f"{sheet.source}: {name} has {', '.join(sorted(others)[:3])}; give the national cross-industry one"
                )


def _found(sheet: Sheet) -> _Found:
    found = _find(sheet)
    if found is None:
        raise CatalogueError(f"{sheet.source}: none of the tables that are known")
    return found


def _find(sheet: Sheet) -> _Found | None:
    for head, cells in enumerate(sheet.rows[:HEAD_ROWS]):
        for layout in _LAYOUTS:
            places = _places(layout.columns, [re.sub(r"\s+", " ", cell).strip() for cell in cells])
            if places:
                return _Found(layout, head, places)
    return None


def _places(columns: Iterable[str], header: Sequence[str]) -> list[int] | None:
    """Where each column stands, none twice; None where one is missing."""
    places: list[int] = []
    for column in columns:
        fits = [i for i, cell in enumerate(header) if i not in places and re.fullmatch(column, cell)]
        if not fits:
            return None
        places.append(fits[0])
    return places
