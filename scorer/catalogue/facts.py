"""Reads what O*NET says of occupations beside their tasks; each table only where it is there.

Rows are checked against the release they belong to and refused one by one; flags of low precision do not change a value
and are counted. A copy that prints ids only gets the words from its reference tables.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scorer.catalogue.assembly import known_code, plain_task_id
from scorer.catalogue.files import open_files
from scorer.catalogue.release_tables import Names, Tables
from scorer.catalogue.tables import needed, number
from scorer.domain.base import sha256_text
from scorer.domain.catalogue import Occupation, OnetRelease
from scorer.domain.occupation_facts import (
    AlternateTitle,
    Fact,
    FactKind,
    FactTable,
    RelatedOccupation,
    Skill,
    TaskActivity,
    Technology,
)

SKILL_SCALES = {"IM": ("importance", 1, 5), "LV": ("level", 0, 7)}
TOOLS = "Tools"
FLAGS = {"Y": True, "N": False, None: None}


def read_facts(path: Path, release: OnetRelease) -> list[FactTable]:
    """Reads the tables of a release that are there.

    Args:
        path: the directory or zip that the release was read from.
        release: what `read_release` gave.

    Returns:
        At most one table of each kind, its rows in the order of the files.

    Raises:
        CatalogueError: a table is damaged, breaks off, lacks a column, or has no usable row.
    """
    with open_files(path) as files:
        reader = _Reader(Tables(files, release.name), release)
        return list(reader.tables())


class _Reader:
    def __init__(self, tables: Tables, release: OnetRelease) -> None:
        self._tables = tables
        self._occupations: dict[str, Occupation] = {one.occupation_code: one for one in release.occupations}
        self._codes = {task.task_id: task.occupation_code for task in release.tasks}

    def tables(self) -> Iterator[FactTable]:
        readers: tuple[Callable[[], FactTable | None], ...] = (
            self._skills,
            self._technologies,
            self._titles,
            self._related,
            self._activities,
        )
        for read in readers:
            if (table := read()) is not None:
                yield table

    def _skills(self) -> FactTable | None:
        names = Names(self._tables, "element_names")
        known: dict[tuple[str, str], dict[str, str | float | None]] = {}
        flagged = 0

        def keep(*cells: str | None) -> None:
            nonlocal flagged
            code, element_id, element, scale, figure, flag = cells
            key = known_code(code, self._occupations), needed(element_id, "Element ID")
            name, value = _skill_rating(scale, figure)
            row = known.setdefault(key, {"element": names.of(element, key[1])})
            if name in row:
                raise ValueError("the same rating is there already")
            row[name] = value
            flagged += flag == "Y"

        notes: list[str] = []
        source = self._tables.read("skills", keep, notes)
        if flagged:
            notes.append(f"{source}: {flagged:,} row(s) that O*NET recommends to suppress are kept")
        rows = [
            Skill.model_validate({"occupation_code": code, "element_id": element_id, **row})
            for (code, element_id), row in known.items()
        ]
        return _table(FactKind.SKILLS, source, rows, notes)

    def _technologies(self) -> FactTable | None:
        found = self._tables.files.find("technologies", self._tables.release)
        has_kinds = found is not None and "kind" in found[0].columns
        by_element = found is not None and found[0].columns["category_id"] == "Element ID"
        names = Names(self._tables, "element_names" if by_element else "commodity_names")
        rows: list[Technology] = []

        def keep(*cells: str | None) -> None:
            kind, cells = (cells[1], (cells[0], *cells[2:])) if has_kinds else (None, cells)
            if kind == TOOLS:
                return  # hammers and the like: the file holds both, releases after it two files
            code, example, category_id, category, hot, in_demand = (*cells, None)[:6]
            rows.append(
                Technology(
                    occupation_code=known_code(code, self._occupations),
                    example=needed(example, "Example"),
                    category=names.find(category, category_id),
                    is_hot=_flag(hot),
                    is_in_demand=_flag(in_demand),
                )
            )

        notes: list[str] = []
        return _table(FactKind.TECHNOLOGIES, self._tables.read("technologies", keep, notes), rows, notes)

    def _titles(self) -> FactTable | None:
        rows: list[AlternateTitle] = []

        def keep(code: str | None, title: str | None, short: str | None) -> None:
            known = known_code(code, self._occupations)
            rows.append(AlternateTitle(occupation_code=known, title=needed(title, "title"), short_title=short))

        notes: list[str] = []
        return _table(FactKind.TITLES, self._tables.read("titles", keep, notes), rows, notes)

    def _related(self) -> FactTable | None:
        rows: list[RelatedOccupation] = []

        def keep(code: str | None, related: str | None, place: str | None, tier: str | None = None) -> None:
            rows.append(
                RelatedOccupation(
                    occupation_code=known_code(code, self._occupations),
                    related_code=known_code(related, self._occupations),
                    place=int(number(needed(place, "Index"))),
                    tier=tier,
                )
            )

        notes: list[str] = []
        return _table(FactKind.RELATED, self._tables.read("related", keep, notes), rows, notes)

    def _activities(self) -> FactTable | None:
        names = Names(self._tables, "activity_names")
        rows: dict[tuple[str, str], TaskActivity] = {}

        def keep(code: str | None, task_id: str | None, activity_id: str | None, activity: str | None) -> None:
            task, key = plain_task_id(task_id), needed(activity_id, "DWA ID")
            if self._codes.get(task) != code:
                raise ValueError(f"task `{task}` of occupation `{code}` is not among the task statements")
            rows[task, key] = TaskActivity(task_id=task, activity_id=key, activity=names.of(activity, key))

        notes: list[str] = []
        return _table(FactKind.ACTIVITIES, self._tables.read("activities", keep, notes), list(rows.values()), notes)


def _skill_rating(scale: str | None, figure: str | None) -> tuple[str, float | None]:
    if scale not in SKILL_SCALES:
        raise ValueError(f"Scale ID `{scale}` is none of {', '.join(SKILL_SCALES)}")
    name, low, high = SKILL_SCALES[scale]
    value = None if figure is None else number(figure)
    if value is not None and not low <= value <= high:
        raise ValueError(f"{scale} {value:g} is not within {low} to {high}")
    return name, value


def _flag(printed: str | None) -> bool | None:
    if printed not in FLAGS:
        raise ValueError(f"flag `{printed}` is neither Y nor N")
    return FLAGS[printed]


def _table(kind: FactKind, source: str | None, rows: Sequence[Fact], notes: Sequence[str]) -> FactTable | None:
    """The table; None where it was not there."""
    return None if source is None else fact_table(kind, source, rows, notes)


def fact_table(kind: FactKind, source: str, rows: Sequence[Fact], notes: Sequence[str]) -> FactTable:
    """The table with the hash of its rows."""
    content = sorted(row.model_dump_json(exclude_defaults=True) for row in rows)
    return FactTable(kind, source, sha256_text("\n".join(content)), rows, tuple(notes))
