"""What changed between two releases here, and what of it must be rated again: whatever renders to another prompt.

A new weight, type or job zone changes scores, never a prompt; a new title of an occupation changes the prompt of every
task of it although no statement changed. So the prompts themselves are compared, with whatever context a rubric shows.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scorer.catalogue import ReleaseDiff, diff_releases
from scorer.domain.catalogue import OnetRelease
from scorer.domain.rubric import Rubric
from scorer.rubrics import load_rubric, render_task
from scorer.workflows.rating.asked import MAIN_RUBRIC
from scorer.workflows.workspace.bench import Bench

CROSSWALK_MISSING = (
    "one release has O*NET-SOC 2010 codes and the other 2019 codes, and no crosswalk is here: tasks of renamed codes "
    "count as moved; run `scorer onet import 2010_to_2019_Crosswalk.csv` first"
)


class DiffReport(NamedTuple):
    """What changed, and by rubric the tasks of the newer release whose prompt is another one, in its order.

    Attributes:
        rerate: by rubric id; a task that both releases ask about in the same words is in none.
        notes: what a reader should know.
    """

    diff: ReleaseDiff
    rerate: Mapping[str, Sequence[str]]
    notes: Sequence[str]


def diff_onet(bench: Bench, old: str, new: str, rubrics: Sequence[str] = ()) -> DiffReport:
    """Compare two releases that are here.

    Args:
        bench: where they are.
        old: name of the one to start from.
        new: name of the other.
        rubrics: whose prompts to compare; the main rubric where empty.

    Raises:
        CatalogueError: there is no such release here. RubricError: there is no such rubric.
    """
    asked = [load_rubric(name) for name in rubrics or (MAIN_RUBRIC,)]
    with bench.store.held():
        before, after = bench.store.catalogue.load(old), bench.store.catalogue.load(new)
        crosswalk = bench.store.facts.successions()
    notes = [CROSSWALK_MISSING] if before.taxonomy != after.taxonomy and not crosswalk else []
    rerate = {rubric.id: _asked_anew(before, after, rubric) for rubric in asked}
    return DiffReport(diff_releases(before, after, crosswalk), rerate, notes)


def _asked_anew(old: OnetRelease, new: OnetRelease, rubric: Rubric) -> list[str]:
    known = _prompts(old, rubric)
    return [task_id for task_id, prompt in _prompts(new, rubric).items() if known.get(task_id) != prompt]


def _prompts(release: OnetRelease, rubric: Rubric) -> dict[str, str]:
    """By task id, the part of the prompt that differs from task to task; the rest is the rubric's own."""
    occupations = {one.occupation_code: one for one in release.occupations}
    return {task.task_id: render_task(rubric, occupations[task.occupation_code], task) for task in release.tasks}
