"""The facts about an occupation that a profile may rest on, laid out as one JSON text for whoever writes.

Numbers of held scores are not in it: a task then has `rated` (high, middle or low on its scale) and no `score`. Every
text from outside is quoted, so that nothing in it can pass for a mark.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from scorer.domain.base import Frozen, canonical_json
from scorer.domain.catalogue import Occupation, Task
from scorer.domain.evidence import EvidenceEntry
from scorer.domain.labour import LabourFigures, LabourKind, labour_program
from scorer.domain.occupation_facts import Skill, TaskActivity, Technology
from scorer.rubrics import quoted

GROWTH = "projected change of employment, percent"
MOST_SKILLS, MOST_TECHNOLOGIES, MOST_ENTRIES = 12, 20, 12
HIGH, LOW = 0.75, 0.25
"""Places on the scale, 0 to 1, from which a task is rated high, and up to which it is rated low."""


class ScoreBasis(Frozen):
    """Whose scores a profile rests on.

    Attributes:
        of: a rater, or `panel`.
        lowest, span: of the rubric's scale.
        is_published: whether numbers may be shown.
        tasks: task_id -> score.
        figures: of the occupation, by a name that says what they are; empty where held.
    """

    rubric: str
    of: str
    meaning: str
    lowest: float
    span: float
    is_published: bool
    tasks: Mapping[str, float]
    figures: Mapping[str, float]

    @property
    def status(self) -> str:
        """As in `occupation_score`."""
        return "published" if self.is_published else "held"


class StoredFacts(Frozen):
    """What is stored about one occupation.

    Attributes:
        activities: of its tasks.
        labour: pay, employment and outlook; None where none are here.
        scores: None where its tasks were not rated.
    """

    occupation: Occupation
    tasks: tuple[Task, ...]
    skills: tuple[Skill, ...] = ()
    technologies: tuple[Technology, ...] = ()
    activities: tuple[TaskActivity, ...] = ()
    evidence: tuple[EvidenceEntry, ...] = ()
    labour: LabourFigures | None = None
    scores: ScoreBasis | None = None


class TaskFact(Frozen):
    """A task; `rated` and `score` as far as they may be known."""

    ref: str
    statement: str
    kind: str
    rated: str | None = None
    score: float | None = None


class SkillFact(Frozen):
    """A skill with its importance, 1 to 5, and level, 0 to 7, in O*NET."""

    ref: str
    name: str
    importance: float | None = None
    level: float | None = None


class TechnologyFact(Frozen):
    """A technology; `note` says whether job postings ask for it."""

    ref: str
    name: str
    note: str = ""


class LabourFact(Frozen):
    """A figure of pay, employment or outlook: a value, or the mark that is printed in its place; for when, by whom.

    Attributes:
        proxy_of: code of the occupation whose figure it is, where it is another's.
    """

    ref: str
    name: str
    value: float | None = None
    printed: str = ""
    period: str
    source: str
    proxy_of: str = ""


class EvidenceFact(Frozen):
    """An entry of the registry; `touches`: the tasks and technologies of this occupation that it is filed under."""

    ref: str
    kind: str
    name: str
    other_names: tuple[str, ...] = ()
    publisher: str
    dated: str
    says: str
    touches: tuple[str, ...]


class Facts(Frozen):
    """All that is laid out. Numbers are rounded to what may be printed."""

    ref: str
    title: str
    figures: Mapping[str, float] = {}
    scores: Mapping[str, str] = {}
    tasks: tuple[TaskFact, ...] = ()
    skills: tuple[SkillFact, ...] = ()
    technologies: tuple[TechnologyFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    labour: tuple[LabourFact, ...] = ()

    @property
    def as_text(self) -> str:
        """The one JSON text of these facts; what is not known is left out."""
        return canonical_json(self.model_dump(mode="json", exclude_none=True, exclude_defaults=True))

    @cached_property
    def by_ref(self) -> "dict[str, Facts | TaskFact | SkillFact | TechnologyFact | EvidenceFact | LabourFact]":
        """Each fact by the name under which sentences refer to it."""
        parts = (self.tasks, self.skills, self.technologies, self.evidence, self.labour)
        return {self.ref: self, **{one.ref: one for part in parts for one in part}}


def read_facts(text: str) -> Facts:
    """The facts in a text that `Facts.as_text` gave."""
    return Facts.model_validate(json.loads(text), strict=False)


def lay_out(stored: StoredFacts) -> Facts:
    """What a writer is shown: tasks in the order of their rating, what counts most first."""
    code, basis = stored.occupation.occupation_code, stored.scores
    tasks = sorted(stored.tasks, key=lambda task: _order(task, basis))
    technologies = [one for one in stored.technologies if one.example == quoted(one.example)][:MOST_TECHNOLOGIES]
    shown = {f"technology:{quoted(one.example)}" for one in technologies}
    return Facts(
        ref=f"occupation:{code}",
        title=quoted(stored.occupation.title),
        figures={name: round(value, 1) for name, value in basis.figures.items()} if basis else {},
        scores=_told(basis) if basis else {},
        tasks=tuple(_task(task, basis) for task in tasks),
        skills=tuple(
            SkillFact(
                ref=f"skill:{one.element_id}", name=quoted(one.element), importance=one.importance, level=one.level
            )
            for one in stored.skills[:MOST_SKILLS]
        ),
        technologies=tuple(_technology(one) for one in technologies),
        evidence=tuple(_evidence(stored, shown))[:MOST_ENTRIES],
        labour=tuple(_labour(stored.labour)) if stored.labour else (),
    )


def _order(task: Task, basis: ScoreBasis | None) -> tuple[float, float, str]:
    score = basis.tasks.get(task.task_id) if basis else None
    return (-score if score is not None else 0.0, -(task.importance or 0.0), task.task_id)


def _told(basis: ScoreBasis) -> dict[str, str]:
    top = f"{basis.lowest + basis.span:g}"
    return {"rubric": basis.rubric, "meaning": basis.meaning, "top": top, "of": basis.of, "status": basis.status}


def _task(task: Task, basis: ScoreBasis | None) -> TaskFact:
    score = basis.tasks.get(task.task_id) if basis else None
    told: dict[str, object] = {}
    if basis and score is not None:
        place = (score - basis.lowest) / basis.span
        told["rated"] = "high" if place >= HIGH else "low" if place <= LOW else "middle"
        told |= {"score": round(score, 2)} if basis.is_published else {}
    return TaskFact(ref=f"task:{task.task_id}", statement=quoted(task.statement), kind=task.kind.value, **told)


def _technology(one: Technology) -> TechnologyFact:
    note = "in demand in its job postings" if one.is_in_demand else "often named in job postings" if one.is_hot else ""
    return TechnologyFact(ref=f"technology:{quoted(one.example)}", name=quoted(one.example), note=note)


def _labour(figures: LabourFigures) -> Iterator[LabourFact]:
    """Pay, employment and outlook, as far as anything is printed."""
    year, period = figures.wage_year, figures.projection_period
    wages = (f"May {year}", labour_program(LabourKind.WAGES, str(year)))
    outlook = (f"{period}", labour_program(LabourKind.PROJECTIONS, f"{period}"))
    told = (
        (f"median_pay:{year}", "median pay a year, USD", figures.median_wage_usd, figures.median_wage_mark, wages),
        (f"employment:{year}", "jobs of employees nationwide", figures.employment, figures.employment_mark, wages),
        (f"growth:{period}", GROWTH, figures.growth_pct, figures.growth_mark, outlook),
    )
    for ref, name, value, mark, (when, source) in told:
        if value is not None or mark:
            yield LabourFact(
                ref=f"labour:{ref}",
                name=name,
                value=value,
                printed=quoted(mark or ""),
                period=when,
                source=f"U.S. Bureau of Labor Statistics, {source}",
                proxy_of=figures.proxy_of or "",
            )


def _evidence(stored: StoredFacts, shown: set[str]) -> Sequence[EvidenceFact]:
    """Entries that touch a task or a technology of the occupation, those that touch most first."""
    found = []
    for entry in stored.evidence:
        tasks = {f"task:{one.task_id}" for one in stored.activities if _falls_under(one.activity_id, entry.activities)}
        named = {f"technology:{quoted(name)}" for name in entry.technologies} & shown
        if tasks or named:
            found.append(
                EvidenceFact(
                    ref=f"evidence:{entry.entry_id}",
                    kind=entry.kind.value,
                    name=quoted(entry.name),
                    other_names=tuple(map(quoted, entry.other_names)),
                    publisher=quoted(entry.publisher),
                    dated=entry.dated,
                    says=quoted(entry.says),
                    touches=(*sorted(tasks), *sorted(named)),
                )
            )
    return sorted(found, key=lambda one: (-len(one.touches), one.ref))


def _falls_under(activity_id: str, prefixes: Sequence[str]) -> bool:
    """Whether an activity is one of these, or below one of them."""
    return any(activity_id == one or activity_id.startswith(f"{one}.") for one in prefixes)
