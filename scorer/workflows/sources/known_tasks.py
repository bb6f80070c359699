"""Every task that a workspace knows, of every release in it; the current release has the last word."""

from eval import TaskFacts
from scorer.domain.catalogue import OnetRelease
from scorer.workflows.workspace.bench import Bench


def known_releases(bench: Bench) -> list[OnetRelease]:
    """Every release of the workspace, the current one last, so that what it says of a task replaces what others say.

    Raises:
        CatalogueError: there is none.
    """
    catalogue = bench.store.catalogue
    current = catalogue.load()
    return [*(catalogue.load(one.name) for one in catalogue.summaries() if one.name != current.name), current]


def task_facts(bench: Bench, *, only_current: bool = False) -> dict[str, TaskFacts]:
    """What evaluation needs to know of every task, by task id; of those in the current release only where asked."""
    facts: dict[str, TaskFacts] = {}
    for release in [bench.store.catalogue.load()] if only_current else known_releases(bench):
        zones = {one.occupation_code: one.job_zone for one in release.occupations}
        facts |= {
            task.task_id: TaskFacts(
                task.occupation_code, task.kind, zones.get(task.occupation_code), len(task.statement.split())
            )
            for task in release.tasks
        }
    return facts
