"""What is stored about occupations, gathered for profiles: tasks, scores that may be shown, skills, tools, pay."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.evaluation import OccupationScore
from scorer.domain.occupation_facts import Skill, TaskActivity, Technology
from scorer.domain.panel import CALIBRATED, PANEL
from scorer.domain.rubric import Rubric
from scorer.profiles import Facts, ScoreBasis, StoredFacts, lay_out
from scorer.store import Aggregation
from scorer.workflows.profiles.evidence import known_evidence
from scorer.workflows.rating.asked import MAIN_RUBRIC
from scorer.workflows.workspace.bench import Bench

OfOccupation = TypeVar("OfOccupation", Skill, Technology, Task)
PERCENT = 100


class Gathered:
    """Everything that profiles of some occupations may rest on, read once.

    Args:
        bench: whose store.
        release: whose occupations.
        codes: of the occupations.
        rubric: whose scores; those of the main one where None, and where it has none, of the first that has.
    """

    def __init__(self, bench: Bench, release: OnetRelease, codes: Collection[str], rubric: str | None = None) -> None:
        self.release, self._codes = release, frozenset(codes)
        self._occupations = {one.occupation_code: one for one in release.occupations}
        self._tasks = _by_code(task for task in release.tasks if task.occupation_code in self._codes)
        facts, name = bench.store.facts, release.name
        self._skills = _by_code(facts.skills(name, codes))
        self._technologies = _by_code(facts.technologies(name, codes))
        task_ids = [task.task_id for own in self._tasks.values() for task in own]
        self._activities: dict[str, list[TaskActivity]] = defaultdict(list)
        for one in facts.activities(name, task_ids):
            self._activities[one.task_id].append(one)
        self._evidence = tuple(known_evidence(bench))
        self._labour = {one.occupation_code: one for one in bench.store.labour.figures(codes)}
        aggregation = bench.store.outcomes.latest_aggregation()
        self._scores = _Scores(aggregation, bench.store.rubrics.all(), rubric) if aggregation else None

    def facts(self, code: str, preferred: str | None) -> Facts:
        """The facts about one occupation; `preferred`: the rater whose scores come first, the panel where None."""
        tasks = self._tasks.get(code, [])
        stored = StoredFacts(
            occupation=self._occupations[code],
            tasks=tuple(tasks),
            skills=tuple(self._skills.get(code, [])),
            technologies=tuple(self._technologies.get(code, [])),
            activities=tuple(one for task in tasks for one in self._activities.get(task.task_id, [])),
            evidence=self._evidence,
            labour=self._labour.get(code),
            scores=self._scores.basis(code, [task.task_id for task in tasks], preferred) if self._scores else None,
        )
        return lay_out(stored)


class _Scores:
    """The scores of the current aggregation, by occupation and task."""

    def __init__(self, aggregation: Aggregation, rubrics: Mapping[str, Rubric], wanted: str | None) -> None:
        scored = {one.rubric for one in aggregation.occupation_scores}
        self._rubric = _main(rubrics, scored & {wanted} if wanted else scored)
        self._of: dict[str, list[OccupationScore]] = defaultdict(list)
        self._tasks: dict[str, dict[str, float]] = defaultdict(dict)
        if self._rubric is None:
            return
        main = (self._rubric.id, self._rubric.primary)
        for one in aggregation.occupation_scores:
            if (one.rubric, one.measure) == main and one.score is not None:
                self._of[one.occupation_code].append(one)
        for task in aggregation.task_scores:
            if (task.rubric, task.measure) == main and task.score is not None:
                self._tasks[task.rater][task.task_id] = task.score
        for consensus in aggregation.consensus:
            if consensus.rubric == self._rubric.id and consensus.score is not None:
                self._tasks[PANEL][consensus.task_id] = consensus.score

    def basis(self, code: str, task_ids: Sequence[str], preferred: str | None) -> ScoreBasis | None:
        """The preferred rater's own scores, calibrated or not, else anybody's; published first, then the panel's."""
        rubric = self._rubric
        if rubric is None or not self._of[code]:
            return None
        own_names = {preferred, f"{preferred}{CALIBRATED}"}
        candidates = [one for one in self._of[code] if one.rater in own_names] or self._of[code]
        first = min(candidates, key=lambda one: (one.status != "published", one.rater != PANEL, one.rater))
        own = self._tasks[first.rater]
        is_published = first.status == "published"
        return ScoreBasis(
            rubric=rubric.id,
            of=first.rater,
            meaning=rubric.title,
            lowest=min(one.number for one in rubric.categories),
            span=rubric.span,
            is_published=is_published,
            tasks={task_id: own[task_id] for task_id in task_ids if task_id in own},
            figures=_figures(rubric, first) if is_published else {},
        )


def _figures(rubric: Rubric, score: OccupationScore) -> dict[str, float]:
    if rubric.name != MAIN_RUBRIC:
        return {f"{rubric.title} ({rubric.primary})": score.score} if score.score is not None else {}
    found = {"AI task coverage": score.score}
    if score.share_50 is not None:
        found["AI exposure, percent of the task weight at the middle of the scale or above"] = PERCENT * score.share_50
    return {name: value for name, value in found.items() if value is not None}


def _main(rubrics: Mapping[str, Rubric], scored: Collection[str]) -> Rubric | None:
    """The newest version of the main rubric, else the first that has scores."""
    found = sorted((rubrics[name] for name in scored if name in rubrics), key=lambda one: (one.name, -one.version))
    return next((one for one in found if one.name == MAIN_RUBRIC), found[0] if found else None)


def _by_code(found: Iterable[OfOccupation]) -> dict[str, list[OfOccupation]]:
    by_code: dict[str, list[OfOccupation]] = defaultdict(list)
    for one in found:
        by_code[one.occupation_code].append(one)
    return by_code
