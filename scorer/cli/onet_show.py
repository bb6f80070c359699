"""scorer onet show: one occupation with its tasks and what O*NET says of it besides, or a list of several."""

from collections.abc import Sequence
from typing import Annotated

import typer

from scorer.catalogue import find_occupations
from scorer.cli.options import AsJson, OnetReleaseName
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.catalogue import Occupation, OnetRelease, Task
from scorer.domain.occupation_facts import AlternateTitle, RelatedOccupation, Skill, Technology
from scorer.store import FactTables

SHOWN = 10
"""How many skills and so on are shown; JSON has them all."""


def show_command(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="O*NET-SOC code, such as 15-1252.00, or '15-*'.")],
    onet_release: OnetReleaseName = None,
    as_json: AsJson = False,
) -> None:
    """Show an occupation: tasks, skills, technologies, titles. Where a pattern fits several, list them."""
    store = bench_of(context).store
    release = store.catalogue.load(onet_release)
    occupations = find_occupations(release, (code,))
    tasks = {one.occupation_code: list[Task]() for one in occupations}
    for task in release.tasks:
        if task.occupation_code in tasks:
            tasks[task.occupation_code].append(task)
    if as_json:
        facts = _facts(store.facts, release.name, list(tasks))
        show_json([{**_told(one, tasks[one.occupation_code]), **facts[one.occupation_code]} for one in occupations])
        return
    if len(occupations) == 1:
        _show_one(occupations[0], tasks[occupations[0].occupation_code], release)
        _show_facts(store.facts, release, occupations[0].occupation_code)
    else:
        rows = [(one.occupation_code, one.title, one.job_zone, len(tasks[one.occupation_code])) for one in occupations]
        show_table(f"O*NET {release.name}", ("code", "title", "job_zone", "tasks"), rows, as_json=False)
    note(release.attribution)


def _told(occupation: Occupation, tasks: Sequence[Task]) -> dict[str, object]:
    return {**occupation.model_dump(mode="json"), "tasks": [task.model_dump(mode="json") for task in tasks]}


def _facts(facts: FactTables, release: str, codes: Sequence[str]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """By occupation and kind, everything that is known of some occupations."""
    read: dict[str, Sequence[Skill | Technology | AlternateTitle | RelatedOccupation]] = {
        "skills": facts.skills(release, codes),
        "technologies": facts.technologies(release, codes),
        "alternate_titles": facts.titles(release, codes),
        "related_occupations": facts.related(release, codes),
    }
    known: dict[str, dict[str, list[dict[str, object]]]] = {code: {name: [] for name in read} for code in codes}
    for name, rows in read.items():
        for row in rows:
            known[row.occupation_code][name].append(row.model_dump(exclude={"occupation_code"}))
    return known


def _show_one(occupation: Occupation, tasks: Sequence[Task], release: OnetRelease) -> None:
    whose = "custom, not O*NET's" if occupation.is_custom else f"O*NET {release.name}"
    say(f"{occupation.occupation_code} {occupation.title} ({whose})")
    if occupation.description:
        say(occupation.description)
    if occupation.job_zone:
        say(f"Job zone {occupation.job_zone}: preparation needed, from 1 (little) to 5 (extensive)")
    if not tasks:
        say(f"O*NET {release.name} has no task of this occupation, so there is nothing to rate")
        return
    columns = ("task_id", "kind", "importance", "relevance", "frequency", "statement")
    rows = [(t.task_id, t.kind.value, t.importance, t.relevance, t.frequency, t.statement) for t in tasks]
    show_table("Tasks", columns, rows, as_json=False)


def _show_facts(facts: FactTables, release: OnetRelease, code: str) -> None:
    """The first of each kind; a kind that was not imported is not mentioned."""
    if skills := facts.skills(release.name, [code]):
        rows = [(one.element, one.importance, one.level) for one in skills[:SHOWN]]
        show_table(_head("Skills by importance", skills), ("skill", "importance", "level"), rows, as_json=False)
    if technologies := facts.technologies(release.name, [code]):
        columns = ("technology", "in_demand", "hot", "category")
        told = [(one.example, one.is_in_demand, one.is_hot, one.category) for one in technologies[:SHOWN]]
        show_table(_head("Technologies", technologies), columns, told, as_json=False)
    if related := facts.related(release.name, [code]):
        titles = {one.occupation_code: one.title for one in release.occupations}
        near = [(one.related_code, titles.get(one.related_code), one.tier) for one in related[:SHOWN]]
        show_table(_head("Related occupations", related), ("code", "title", "tier"), near, as_json=False)
    if everyday := facts.titles(release.name, [code]):
        say(_head("Everyday titles", everyday), style="italic")
        say("; ".join(one.title for one in everyday[:SHOWN]))


def _head(name: str, rows: Sequence[object]) -> str:
    return name if len(rows) <= SHOWN else f"{name} ({SHOWN} of {len(rows):,}; all with --json)"
