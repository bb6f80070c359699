"""Reads an official O*NET release: occupations, task statements, task ratings and job zones.

Tables and columns are found by the names that hold for the release (`layout.toml`), in text, Excel or SQL copies. A
broken row is refused by itself; a rating that is not printed stays None and is never replaced by a default.
"""

from collections.abc import Iterable
from pathlib import Path

from scorer.catalogue.assembly import CODE, add_once, assemble, known_code, plain_task_id, task_kind
from scorer.catalogue.attribution import attribution
from scorer.catalogue.files import open_files
from scorer.catalogue.release_tables import Tables
from scorer.catalogue.tables import needed, number, some
from scorer.catalogue.task_ratings import TaskRatings
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task, TaskKind

FIVE_LEVELS = frozenset("12345")
CROSSWALK = "https://www.onetcenter.org/taxonomy/2019/walk/2010_to_2019_Crosswalk.csv?fmt=csv"


def read_release(path: Path, release: str | None = None) -> OnetRelease:
    """Reads a directory or a zip of official files.

    Needed are Occupation Data, Task Statements and Task Ratings; Job Zones is read where it is there.

    Args:
        path: the directory or zip; the files may stand in one folder inside it.
        release: release number such as `30.1`; None reads it from a name such as `db_30_1_text` or `onet_30_1`.

    Returns:
        The release in the order of its files. Its notes name each refused row (`refused: FILE line N: reason`) and
        count the ratings. `frequency` is the expected category of the FT distribution, see `expected_frequency`.

    Raises:
        CatalogueError: a needed file or column is missing, a file has no usable row or breaks off, the archive is
            damaged or too large, or nothing tells the release.
    """
    with open_files(path) as files:
        name = files.release_name(release)
        tables = Tables(files, name)
        notes: list[str] = []
        occupations = _read_occupations(tables, notes)
        tasks = _read_statements(tables, occupations, notes)
        ratings, ratings_source = _read_ratings(tables, tasks, notes)
        zones = _read_job_zones(tables, occupations, notes)
    rated = {task_id: task.model_copy(update=ratings.of(task_id)) for task_id, task in tasks.items()}
    found = assemble(
        name=name,
        kind=ReleaseKind.ONET,
        source=f"O*NET files: {files.place.name}",
        credit=attribution(name, modified=True),  # frequency is derived, and `n/a` becomes `unclassified`
        occupations=(known.model_copy(update={"job_zone": zones.get(code)}) for code, known in occupations.items()),
        tasks=rated.values(),
        notes=[*notes, *ratings.summary(ratings_source), *_unrated(rated.values(), ratings_source)],
    )
    return with_taxonomy_note(found)


def with_taxonomy_note(release: OnetRelease) -> OnetRelease:
    """The release; one that is coded after O*NET-SOC 2010 says in its notes what that means."""
    if release.taxonomy == "2019":
        return release
    note = (
        f"the codes are those of O*NET-SOC {release.taxonomy} and are kept as printed; to compare with releases from "
        f"25.1 on, import the crosswalk too: scorer onet import 2010_to_2019_Crosswalk.csv ({CROSSWALK})"
    )
    return release.model_copy(update={"notes": (*release.notes, note)})


def _unrated(tasks: Iterable[Task], file: str) -> list[str]:
    """A task has its type from its ratings: types without ratings are a sign that rows are missing."""
    lacking = [one.task_id for one in tasks if one.kind is not TaskKind.UNCLASSIFIED and one.importance is None]
    if not lacking:
        return []
    told = f"{len(lacking):,} task(s) are core or supplemental and have no importance: {some(lacking)}"
    return [f"{file}: {told}; is the file whole?"]


def _read_occupations(tables: Tables, notes: list[str]) -> dict[str, Occupation]:
    known: dict[str, Occupation] = {}

    def keep(code: str | None, title: str | None, description: str | None) -> None:
        occupation = Occupation(
            occupation_code=needed(code, CODE), title=needed(title, "Title"), description=description
        )
        add_once(known, occupation.occupation_code, occupation)

    tables.read("occupations", keep, notes, purpose="occupations")
    return known


def _read_statements(tables: Tables, occupations: dict[str, Occupation], notes: list[str]) -> dict[str, Task]:
    known: dict[str, Task] = {}

    def keep(code: str | None, task_id: str | None, statement: str | None, task_type: str | None) -> None:
        task = Task(
            task_id=plain_task_id(task_id),
            occupation_code=known_code(code, occupations),
            statement=needed(statement, "Task"),
            kind=task_kind(task_type),
        )
        add_once(known, task.task_id, task)

    tables.read("statements", keep, notes, purpose="task statements")
    return known


def _read_ratings(tables: Tables, tasks: dict[str, Task], notes: list[str]) -> tuple[TaskRatings, str]:
    ratings = TaskRatings({task_id: task.occupation_code for task_id, task in tasks.items()})

    def keep(*cells: str | None) -> None:
        code, task_id, scale, category, figure, flag = cells
        value = None if figure is None else number(figure)
        ratings.add(plain_task_id(task_id), needed(code, CODE), needed(scale, "Scale ID"), category, value)
        ratings.suppressed += flag == "Y"

    source = tables.read("ratings", keep, notes, purpose="weights")
    return ratings, str(source)


def _read_job_zones(tables: Tables, occupations: dict[str, Occupation], notes: list[str]) -> dict[str, int | None]:
    zones: dict[str, int | None] = {}
    levels = _job_zone_levels(tables, notes)

    def keep(code: str | None, zone: str | None) -> None:
        known = known_code(code, occupations)
        if known in zones:
            raise ValueError(f"`{known}` is there already")
        if zone is not None and zone not in levels:
            raise ValueError(f"Job Zone `{zone}` is none of {min(levels)} to {max(levels)}")
        zones[known] = None if zone is None else int(zone)

    if tables.read("job_zones", keep, notes) is None:
        notes.append("Job Zones is not there: no occupation has a job zone")
    return zones


def _job_zone_levels(tables: Tables, notes: list[str]) -> frozenset[str]:
    """The levels that the release has: those its reference file lists, else 1 to 5."""
    found: set[str] = set()

    def keep(zone: str | None) -> None:
        if zone not in FIVE_LEVELS:
            raise ValueError(f"Job Zone `{zone}` is none of 1 to 5")
        found.add(str(zone))

    if tables.read("job_zone_levels", keep, notes) is None:
        return FIVE_LEVELS
    if found != FIVE_LEVELS:
        notes.append(f"job zones have {len(found)} levels in this release, {some(sorted(found))}, where others have 5")
    return frozenset(found)
