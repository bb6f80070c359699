"""Reads an official O*NET text release: occupations, task statements, task ratings and job zones.

The files are tab-separated with CRLF and without quoting, missing values are the text `n/a`, columns are found by name.
A broken row is refused by itself; a rating that is not printed stays None and is never replaced by a default.
"""

from pathlib import Path

from scorer.catalogue.assembly import CODE, add_once, assemble, plain_task_id, task_kind
from scorer.catalogue.attribution import attribution
from scorer.catalogue.files import FileNames, TextFiles, file_names, open_text_files
from scorer.catalogue.tables import needed, number, read_table
from scorer.catalogue.task_ratings import TaskRatings
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task


def read_release(path: Path, release: str | None = None) -> OnetRelease:
    """Reads a directory or a zip of official text files.

    Needed are Occupation Data, Task Statements and Task Ratings; Job Zones is read where it is there.

    Args:
        path: the directory or zip; the files may stand in one folder inside it.
        release: release number such as `30.1`; None reads it from a name such as `db_30_1_text` or `onet_30_1`.

    Returns:
        The release in the order of its files. Its notes name each refused row (`refused: FILE line N: reason`) and
        count the ratings. `frequency` is the expected category of the FT distribution, see `expected_frequency`.

    Raises:
        CatalogueError: a needed file or column is missing, a file has no usable row, the archive is damaged or too
            large, or nothing tells the release.
    """
    with open_text_files(path) as files:
        name = files.release_name(release)
        names = file_names(name)
        notes: list[str] = []
        occupations = _read_occupations(files, names, notes)
        tasks = _read_statements(files, names, occupations, notes)
        ratings = _read_ratings(files, names, tasks, notes)
        zones = _read_job_zones(files, names, occupations, notes)
    return assemble(
        name=name,
        kind=ReleaseKind.ONET,
        source=f"O*NET text files: {files.place.name}",
        credit=attribution(name, modified=True),  # frequency is derived, and `n/a` becomes `unclassified`
        occupations=(known.model_copy(update={"job_zone": zones.get(code)}) for code, known in occupations.items()),
        tasks=(task.model_copy(update=ratings.of(task_id)) for task_id, task in tasks.items()),
        notes=[*notes, *ratings.summary(names.ratings)],
    )


def _read_occupations(files: TextFiles, names: FileNames, notes: list[str]) -> dict[str, Occupation]:
    known: dict[str, Occupation] = {}

    def keep(code: str | None, title: str | None, description: str | None) -> None:
        occupation = Occupation(
            occupation_code=needed(code, CODE), title=needed(title, "Title"), description=description
        )
        add_once(known, occupation.occupation_code, occupation)

    rows = files.rows(names.occupations, "occupations")
    read_table(names.occupations, rows, (CODE, "Title", "Description"), keep, notes)
    return known


def _read_statements(
    files: TextFiles, names: FileNames, occupations: dict[str, Occupation], notes: list[str]
) -> dict[str, Task]:
    known: dict[str, Task] = {}

    def keep(code: str | None, task_id: str | None, statement: str | None, task_type: str | None) -> None:
        task = Task(
            task_id=plain_task_id(task_id),
            occupation_code=_known_code(code, occupations),
            statement=needed(statement, "Task"),
            kind=task_kind(task_type),
        )
        add_once(known, task.task_id, task)

    rows = files.rows(names.statements, "task statements")
    read_table(names.statements, rows, (CODE, "Task ID", "Task", "Task Type"), keep, notes)
    return known


def _read_ratings(files: TextFiles, names: FileNames, tasks: dict[str, Task], notes: list[str]) -> TaskRatings:
    ratings = TaskRatings({task_id: task.occupation_code for task_id, task in tasks.items()})

    def keep(*cells: str | None) -> None:
        code, task_id, scale, category, figure, flag = cells
        value = None if figure is None else number(figure)
        ratings.add(plain_task_id(task_id), needed(code, CODE), needed(scale, "Scale ID"), category, value)
        ratings.suppressed += flag == "Y"

    columns = (CODE, "Task ID", "Scale ID", "Category", "Data Value", "Recommend Suppress")
    read_table(names.ratings, files.rows(names.ratings, "weights"), columns, keep, notes)
    return ratings


def _read_job_zones(
    files: TextFiles, names: FileNames, occupations: dict[str, Occupation], notes: list[str]
) -> dict[str, int | None]:
    zones: dict[str, int | None] = {}

    def keep(code: str | None, zone: str | None) -> None:
        known = _known_code(code, occupations)
        if known in zones:
            raise ValueError(f"`{known}` is there already")
        if zone is not None and zone not in {"1", "2", "3", "4", "5"}:
            raise ValueError(f"Job Zone `{zone}` is none of 1 to 5")
        zones[known] = None if zone is None else int(zone)

    if names.job_zones in files:
        rows = files.rows(names.job_zones, "job zones")
        read_table(names.job_zones, rows, (CODE, "Job Zone"), keep, notes)
    else:
        notes.append(f"{names.job_zones} is not there: no occupation has a job zone")
    return zones


def _known_code(code: str | None, occupations: dict[str, Occupation]) -> str:
    if needed(code, CODE) not in occupations:
        raise ValueError(f"occupation `{code}` is not in the release")
    return str(code)
