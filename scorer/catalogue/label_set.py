"""Reads the tasks printed in the label set of Eloundou et al. (2023) as a catalogue release of its own.

The file is `full_labelset.tsv`: tab-separated with CSV quoting (unlike O*NET's own files), task ids as `8823.0`, empty
where O*NET has no Task Type. Its kinds are kept as printed: they differ from later releases for 1,046 tasks, and the
published occupation scores need these. Labels are not read here.
"""

from pathlib import Path

from scorer.catalogue.assembly import CODE, add_once, assemble, plain_task_id, task_kind
from scorer.catalogue.attribution import attribution
from scorer.catalogue.tables import csv_rows, needed, read_table
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task

ONET_RELEASE = "27.2"
"""The release that the paper names as its source (section 3.1)."""

SOURCE = "https://github.com/openai/GPTs-are-GPTs"


def read_label_set_tasks(tsv: Path, name: str) -> OnetRelease:
    """Reads occupations and tasks; no ratings, descriptions or job zones are printed there.

    Args:
        tsv: the file `full_labelset.tsv`.
        name: of the label set, which becomes the name of the release.

    Raises:
        CatalogueError: the file is missing, has other columns, or no usable row.
    """
    occupations: dict[str, Occupation] = {}
    tasks: dict[str, Task] = {}
    notes: list[str] = []

    def keep(
        code: str | None, title: str | None, task_id: str | None, statement: str | None, task_type: str | None
    ) -> None:
        occupation = Occupation(occupation_code=needed(code, CODE), title=needed(title, "Title"))
        task = Task(
            task_id=plain_task_id(task_id),
            occupation_code=occupation.occupation_code,
            statement=needed(statement, "Task"),
            kind=task_kind(task_type),
        )
        add_once(tasks, task.task_id, task)
        occupations.setdefault(occupation.occupation_code, occupation)

    credit = attribution(ONET_RELEASE, modified=True)
    read_table(tsv.name, csv_rows(tsv, "\t"), (CODE, "Title", "Task ID", "Task", "Task Type"), keep, notes)
    return assemble(
        name=name,
        kind=ReleaseKind.LABELS,
        source=f"label set {tsv.name}",
        credit=f"{credit} Tasks as printed in the label set {SOURCE}, MIT License.",
        occupations=occupations.values(),
        tasks=tasks.values(),
        notes=notes,
    )
