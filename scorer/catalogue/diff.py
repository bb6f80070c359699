"""What changed between two releases, task by task: new, retired, reworded, re-rated, moved.

Tasks are the same where O*NET gives them the same id. A task may have changed in several ways at once. What must be
rated again is another question, which the prompts answer (`scorer.workflows.sources.onet_diff`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from scorer.domain.catalogue import Occupation, OnetRelease, Task
from scorer.domain.occupation_facts import CodeSuccession

RATINGS = ("kind", "importance", "relevance", "frequency")


class Change(StrEnum):
    """How a task, or an occupation, differs between two releases."""

    NEW = "new"
    RETIRED = "retired"
    REWORDED = "reworded"
    RERATED = "re-rated"
    MOVED = "moved"


class TaskChange(NamedTuple):
    """One task that differs. `old` is None where it is new, `new` where it is retired."""

    task_id: str
    old: Task | None
    new: Task | None
    changes: tuple[Change, ...]

    @property
    def ratings(self) -> dict[str, tuple[object, object]]:
        """Which printed figures differ: old and new, by name."""
        if self.old is None or self.new is None:
            return {}
        pairs = {name: (getattr(self.old, name), getattr(self.new, name)) for name in RATINGS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


class OccupationChange(NamedTuple):
    """One occupation that is new, retired, or has another title or description (reworded)."""

    old: Occupation | None
    new: Occupation | None
    change: Change


class ReleaseDiff(NamedTuple):
    """Everything that differs, in the order of the newer release, what is retired last.

    Attributes:
        recoded: how many tasks stand under another code only because the occupation was taken over by that one in the
            2010-to-2019 crosswalk; these are not moved.
        unchanged: how many tasks are the same in every respect.
    """

    old: str
    new: str
    tasks: list[TaskChange]
    occupations: list[OccupationChange]
    recoded: int
    unchanged: int

    def count(self, change: Change) -> int:
        """How many tasks changed in this way."""
        return sum(change in one.changes for one in self.tasks)


def diff_releases(old: OnetRelease, new: OnetRelease, crosswalk: Iterable[CodeSuccession] = ()) -> ReleaseDiff:
    """Compares two releases.

    Args:
        old: the earlier release, or whatever the other is held against.
        new: the later one.
        crosswalk: from O*NET-SOC 2010 to 2019; used where one release has 2010 codes and the other 2019 codes.
    """
    successors = _successors(crosswalk) if old.taxonomy != new.taxonomy else {}
    before = {task.task_id: task for task in old.tasks}
    after = {task.task_id: task for task in new.tasks}
    recoded = unchanged = 0
    tasks: list[TaskChange] = []
    for task_id, task in after.items():
        earlier = before.get(task_id)
        is_recoded = earlier is not None and _is_recoded(earlier, task, successors)
        changes = (Change.NEW,) if earlier is None else tuple(_changes(earlier, task, is_recoded=is_recoded))
        recoded += is_recoded
        if changes:
            tasks.append(TaskChange(task_id, earlier, task, changes))
        else:
            unchanged += not is_recoded
    tasks += [
        TaskChange(task_id, task, None, (Change.RETIRED,)) for task_id, task in before.items() if task_id not in after
    ]
    return ReleaseDiff(old.name, new.name, tasks, _occupations(old, new), recoded, unchanged)


def _changes(old: Task, new: Task, *, is_recoded: bool) -> Iterable[Change]:
    if old.statement != new.statement:
        yield Change.REWORDED
    if any(getattr(old, name) != getattr(new, name) for name in RATINGS):
        yield Change.RERATED
    if old.occupation_code != new.occupation_code and not is_recoded:
        yield Change.MOVED


def _successors(crosswalk: Iterable[CodeSuccession]) -> Mapping[str, set[str]]:
    """The 2019 codes that took over each 2010 code."""
    successors: dict[str, set[str]] = defaultdict(set)
    for one in crosswalk:
        successors[one.code_2010].add(one.code_2019)
    return successors


def _is_recoded(old: Task, new: Task, successors: Mapping[str, set[str]]) -> bool:
    """Whether one of two codes took over the other, whichever of the releases is the older."""
    codes = old.occupation_code, new.occupation_code
    return codes[0] != codes[1] and (
        codes[1] in successors.get(codes[0], ()) or codes[0] in successors.get(codes[1], ())
    )


def _occupations(old: OnetRelease, new: OnetRelease) -> list[OccupationChange]:
    before = {one.occupation_code: one for one in old.occupations}
    after = {one.occupation_code: one for one in new.occupations}
    changed = []
    for code, one in after.items():
        earlier = before.get(code)
        if earlier is None:
            changed.append(OccupationChange(None, one, Change.NEW))
        elif (earlier.title, earlier.description) != (one.title, one.description):
            changed.append(OccupationChange(earlier, one, Change.REWORDED))
    retired = [OccupationChange(one, None, Change.RETIRED) for code, one in before.items() if code not in after]
    return changed + retired


def word_diff(old: str, new: str) -> str:
    """Both wordings in one line: `[-` what was taken out `-]`, `{+` what was put in `+}`, word by word."""
    left, right = _pieces(old), _pieces(new)
    told = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            told.append("".join(left[a:b]))
            continue
        removed, added = "".join(left[a:b]), "".join(right[c:d])
        told.append((f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else ""))
    return "".join(told)


def _pieces(text: str) -> list[str]:
    """Words and marks, each with the space before it: a comma that was put in does not make its word another."""
    return re.findall(r"\s*\w+|\s*[^\w\s]|\s+", text)
