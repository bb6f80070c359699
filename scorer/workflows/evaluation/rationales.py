"""The texts that rationales are held against: every statement of the workspace, and the names known beside it."""

from collections import defaultdict

from eval.rationales import TaskText, Texts
from scorer.grounding import ProductNames
from scorer.workflows.profiles.evidence import known_evidence
from scorer.workflows.sources.known_tasks import known_releases
from scorer.workflows.workspace.bench import Bench


def rationale_texts(bench: Bench) -> Texts:
    """What the checks of rationales know beside the ratings; read once for all rubrics."""
    by_hash: dict[tuple[str, str], TaskText] = {}
    latest: dict[str, TaskText] = {}
    for release in known_releases(bench):
        technologies: dict[str, list[str]] = defaultdict(list)
        for one in bench.store.facts.technologies(release.name):
            technologies[one.occupation_code].append(one.example)
        titles = {one.occupation_code: one.title for one in release.occupations}
        names = {code: "; ".join([title, *technologies[code]]) for code, title in titles.items()}
        for task in release.tasks:
            text = TaskText(task.occupation_code, task.statement, names.get(task.occupation_code, ""))
            by_hash[task.task_id, task.statement_sha256] = latest[task.task_id] = text
    products = ProductNames(name for one in known_evidence(bench) for name in one.names)
    return Texts(by_hash, latest, products)
