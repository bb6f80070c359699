"""What the readers share about content: codes, ids and kinds as O*NET prints them, and the identity of a release."""

import re
from collections.abc import Container, Iterable
from typing import TypeVar

from scorer.catalogue.tables import needed
from scorer.domain.base import Frozen, sha256_json
from scorer.domain.catalogue import Occupation, OnetRelease, ReleaseKind, Task, TaskKind, normal_task_id

CODE = "O*NET-SOC Code"

Kept = TypeVar("Kept", Occupation, Task)


def task_kind(task_type: str | None) -> TaskKind:
    """The kind that O*NET prints as Task Type; never recomputed from ratings.

    Two tasks of release 26.1 print IM 3.00 and are Supplemental all the same: the printed type is the truth.

    Raises:
        ValueError: neither Core, nor Supplemental, nor missing.
    """
    if task_type is None:
        return TaskKind.UNCLASSIFIED
    try:
        return TaskKind(task_type.lower())
    except ValueError:
        raise ValueError(f"Task Type `{task_type}` is none of Core, Supplemental, n/a") from None


def plain_task_id(value: str | None) -> str:
    """O*NET's integer as text; ValueError for anything else."""
    task_id = normal_task_id(needed(value, "Task ID"))
    if not re.fullmatch(r"[0-9]+", task_id):
        raise ValueError(f"Task ID `{value}` is not an integer")
    return task_id


def known_code(code: str | None, occupations: Container[str]) -> str:
    """A code that the release has; ValueError for another one."""
    if needed(code, CODE) not in occupations:
        raise ValueError(f"occupation `{code}` is not in the release")
    return str(code)


def add_once(known: dict[str, Kept], key: str, value: Kept) -> None:
    """Adds under a key that must be new; ValueError for the second of the name, so that the first one stays."""
    if key in known:
        raise ValueError(f"`{key}` is there already")
    known[key] = value


def assemble(
    *,
    name: str,
    kind: ReleaseKind,
    source: str,
    credit: str,
    occupations: Iterable[Occupation],
    tasks: Iterable[Task],
    notes: Iterable[str],
) -> OnetRelease:
    """The release in the order of its files, its sha256 over the rows sorted by code and task id.

    The hash covers occupations and tasks, not name, source or notes: the same content has the same hash however its
    rows were ordered. Fields at their default do not enter, so that a field added later leaves old hashes alone.
    """
    occupations, tasks = tuple(occupations), tuple(tasks)
    content = {
        "occupations": _sorted_rows(occupations, "occupation_code"),
        "tasks": _sorted_rows(tasks, "task_id"),
    }
    return OnetRelease(
        name=name,
        kind=kind,
        source=source,
        attribution=credit,
        sha256=sha256_json(content),
        occupations=occupations,
        tasks=tasks,
        notes=tuple(notes),
    )


def _sorted_rows(records: Iterable[Frozen], key: str) -> list[dict[str, object]]:
    rows = [record.model_dump(mode="json", exclude_defaults=True) for record in records]
    return sorted(rows, key=lambda row: str(row[key]))
