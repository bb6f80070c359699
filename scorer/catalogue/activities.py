"""The detailed work activities (DWAs) that O*NET files a task under: context that a rubric may show, never a weight.

Read where both files are there; without them no task has activities, and a note says so.
"""

from collections import defaultdict
from collections.abc import Collection

from scorer.catalogue.assembly import plain_task_id
from scorer.catalogue.files import FileNames, TextFiles
from scorer.catalogue.tables import needed, read_table


def read_activities(
    files: TextFiles, names: FileNames, task_ids: Collection[str], notes: list[str]
) -> dict[str, tuple[str, ...]]:
    """Titles of the activities of each task, in the order of the file, each once.

    Args:
        files: of one release.
        names: what they are called there.
        task_ids: the tasks of the release; a row about another one is refused.
        notes: one line is added for each refused row, and one where the files are not there.

    Raises:
        CatalogueError: a file is there and has other columns, no usable row, or cannot be read.
    """
    absent = [name for name in (names.activities, names.task_activities) if name not in files]
    if absent:
        notes.append(f"{' and '.join(absent)} not there: no task has work activities")
        return {}
    titles = _titles(files, names, notes)
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def keep(task_id: str | None, activity: str | None) -> None:
        known = plain_task_id(task_id)
        if known not in task_ids:
            raise ValueError(f"task {known} is not in the release")
        if activity not in titles:
            raise ValueError(f"activity `{activity}` is not in {names.activities}")
        found[known][titles[activity]] = None

    rows = files.rows(names.task_activities, "work activities of tasks")
    read_table(names.task_activities, rows, ("Task ID", "DWA ID"), keep, notes)
    return {task_id: tuple(of_task) for task_id, of_task in found.items()}


def _titles(files: TextFiles, names: FileNames, notes: list[str]) -> dict[str, str]:
    titles: dict[str, str] = {}

    def keep(activity: str | None, title: str | None) -> None:
        titles[needed(activity, "DWA ID")] = needed(title, "DWA Title")

    rows = files.rows(names.activities, "titles of work activities")
    read_table(names.activities, rows, ("DWA ID", "DWA Title"), keep, notes)
    return titles
