"""Chooses the tasks of a run: by occupation, kind, list of ids, and a stratified seeded sample of what is left.

A selection that names what the release does not have is an error, and so is one that chooses nothing: both would
otherwise look like work that is already done.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

from pydantic import Field, field_validator

from scorer.catalogue.tables import csv_rows, needed, read_table, some
from scorer.domain.base import Frozen
from scorer.domain.catalogue import Occupation, OnetRelease, Task, TaskKind, normal_task_id
from scorer.errors import CatalogueError

ALIKE = 0.6
"""Similarity (0 to 1) from which on a name is worth proposing."""


class Selection(Frozen):
    """Which tasks; each condition narrows the others, an empty one does not.

    Attributes:
        occupations: codes (`15-1252.00`) or patterns (`15-*`).
        kinds: of task.
        task_ids: as in O*NET; `8823.0` is `8823`.
        sample: how many tasks to draw from what the conditions leave (all, where it is fewer); None takes all.
        seed: of the draw.
    """

    occupations: tuple[str, ...] = ()
    kinds: tuple[TaskKind, ...] = ()
    task_ids: tuple[str, ...] = ()
    sample: int | None = Field(default=None, ge=1)
    seed: int = 0

    @field_validator("task_ids")
    @classmethod
    def _plain_ids(cls, task_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(normal_task_id(task_id) for task_id in task_ids)


def select(release: OnetRelease, selection: Selection) -> list[Task]:
    """The selected tasks in catalogue order.

    Raises:
        CatalogueError: a code, pattern or task id matches nothing, or the conditions leave no task.
    """
    codes = _matching_codes(release, selection.occupations)
    kinds = frozenset(selection.kinds or TaskKind)
    task_ids = _known_ids(release, selection.task_ids)
    tasks = [t for t in release.tasks if t.occupation_code in codes and t.kind in kinds and t.task_id in task_ids]
    if not tasks:
        raise CatalogueError(
            f"nothing selected: none of the {len(codes):,} occupation(s) that match in release {release.name} has a "
            f"task of the kind {' or '.join(sorted(kinds))}{' among the ids asked for' if selection.task_ids else ''}"
        )
    return tasks if selection.sample is None else stratified_sample(tasks, selection.sample, selection.seed)


def stratified_sample(tasks: Sequence[Task], n: int, seed: int) -> list[Task]:
    """Draws n tasks, the same number from each SOC major group as far as it has them.

    Within a group tasks stand in the order of sha256("seed:task_id"); groups are served in turn, one task each, in the
    order of sha256("seed:group"), and a group that has no more is passed over. So what a small group lacks goes to
    the others in equal parts, a larger n extends a smaller one, and the order of the rows does not matter.

    Args:
        tasks: to draw from; a repeated task id counts once.
        n: how many, at least 1; all tasks where there are fewer.
        seed: another seed is another draw.

    Returns:
        The drawn tasks in the order of `tasks`.

    Raises:
        CatalogueError: n is less than 1.
    """
    if n < 1:
        raise CatalogueError(f"a sample of {n} task(s) cannot be drawn; ask for 1 or more")
    unique = {task.task_id: task for task in tasks}
    groups: dict[str, list[str]] = defaultdict(list)
    for task_id, task in unique.items():
        groups[task.major_group].append(task_id)
    queue = [
        (turn, _rank(seed, group), task_id)
        for group, members in groups.items()
        for turn, task_id in enumerate(sorted(members, key=lambda task_id: _rank(seed, task_id)))
    ]
    drawn = {task_id for _, _, task_id in sorted(queue)[:n]}
    return [task for task_id, task in unique.items() if task_id in drawn]


def _rank(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def read_task_file(path: Path) -> tuple[str, ...]:
    """The task ids of a CSV file with a column `task_id`, each once, in the order of the file.

    Raises:
        CatalogueError: the file or the column is missing, or a row has no id or too many fields; all such rows are
            named, and nothing is selected, since a list that is silently shorter would be another selection.
    """
    task_ids: dict[str, None] = {}
    refused: list[str] = []

    def keep(task_id: str | None) -> None:
        task_ids[normal_task_id(needed(task_id, "task_id"))] = None

    read_table(path.name, csv_rows(path, ","), ("task_id",), keep, refused)
    if refused:
        raise CatalogueError(f"{path}: {len(refused)} row(s) cannot be used; {some(refused)}")
    return tuple(task_ids)


def find_occupations(release: OnetRelease, patterns: Iterable[str]) -> list[Occupation]:
    """The occupations of these codes or patterns in catalogue order, those without tasks too.

    Raises:
        CatalogueError: a code or pattern matches nothing.
    """
    codes = _matching_codes(release, patterns)
    return [one for one in release.occupations if one.occupation_code in codes]


def _matching_codes(release: OnetRelease, patterns: Iterable[str]) -> frozenset[str]:
    codes = [occupation.occupation_code for occupation in release.occupations]
    chosen: set[str] = set() if patterns else set(codes)
    for pattern in patterns:
        matches = {code for code in codes if fnmatchcase(code, pattern)}
        if not matches:
            raise CatalogueError(f"no occupation `{pattern}` in release {release.name}{_nearest(pattern, codes)}")
        chosen |= matches
    return frozenset(chosen)


def _nearest(pattern: str, codes: Sequence[str]) -> str:
    """Advice: what begins alike comes first, since codes are a hierarchy; then what is spelt alike."""

    def likeness(name: str) -> tuple[int, float]:
        begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(pattern, name, strict=False)))
        return begin, SequenceMatcher(None, pattern, name).ratio()

    patterns = sorted({f"{code[:2]}-*" for code in codes})
    alike = [name for name in [*patterns, *codes] if likeness(name)[1] >= ALIKE]
    named = " or ".join(f"`{name}`" for name in sorted(alike, key=likeness, reverse=True)[:3])
    return f"; did you mean {named}?" if named else "; give a code such as 15-1252.00 or a pattern such as 15-*"


def _known_ids(release: OnetRelease, asked: Sequence[str]) -> frozenset[str]:
    known = frozenset(task.task_id for task in release.tasks)
    unknown = [task_id for task_id in dict.fromkeys(asked) if task_id not in known]
    if unknown:
        raise CatalogueError(
            f"{len(unknown):,} task id(s) are not in release {release.name}: {some(unknown)}; leave them out, or name "
            "the release that has them (--onet-release)"
        )
    return frozenset(asked) if asked else known
