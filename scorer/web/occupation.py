"""The page of an occupation: its numbers, or why it has none, and every task that they are made of."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.domain.rating import Json
from scorer.store import evidence_addresses, shown_profiles
from scorer.web.desk import Desk
from scorer.web.queries.occupation import Occupation, occupation, occupations, verdicts_on
from scorer.web.queries.scales import MAIN, Choice, Offer, Scale, offer
from scorer.web.queries.task import told_tasks
from scorer.web.routing import not_found, released
from scorer.web.shelf import OpenRelease

HEADLINES = ("augmentation", "outlook", "exposure", "automation", "agency")
"""Rubrics whose scores stand beside AI task coverage, each a statistic of its own."""


class Headline(NamedTuple):
    """One number at the top. note: what it is, in a few words; row: of `occupation_score`."""

    title: str
    note: str
    row: Json
    scale: Scale


class Said(NamedTuple):
    """A rater's answer about a task, as it is shown.

    Attributes:
        words: the category in the words of the scale; where there is none, what became of the asking.
        blockers: what the rater says stands in the way.
    """

    rater: str
    words: str
    score: float | None
    rationale: str | None
    is_illustration: bool
    blockers: str


class TaskLine(NamedTuple):
    """A task as it is shown. address: of its own page, where it has one; hint: what every rater says, in a line."""

    row: Json
    agreed: Json | None
    said: list[Said]
    address: str | None
    hint: str


NOTES = {
    "coverage": "weighted mean share of working time that AI could take over, 0 to 100",
    "exposure": "whether language models would halve the time of tasks, 0 to 1 (beta); not AI exposure",
    "augmentation": "how much AI helps whoever does the work, 0 to 1",
    "outlook": "raters' forecast: share of the core tasks that can be fully automated in five years, percent",
    "automation": "how far tasks can be automated, 0 to 1",
    "agency": "how much a person must stay in charge, 1 (AI alone) to 5 (a person throughout)",
}


def routes(desk: Desk) -> list[Route]:
    """The page of each occupation."""
    return [released(desk, "/occupations/{code}", page)]


def page(desk: Desk, release: OpenRelease, request: Request) -> Response:
    """The page, on another rubric or by another rater where the address asks for it."""
    asked = request.query_params
    return HTMLResponse(
        occupation_page(desk, release, request.path_params["code"], asked.get("rubric"), asked.get("rater"))
    )


def occupation_page(
    desk: Desk, release: OpenRelease, code: str, rubric: str | None = None, rater: str | None = None
) -> str:
    """An occupation as HTML.

    Raises:
        HTTPException: the release has no occupation of this code.
    """
    reader, known = release.reader(), occupations(release)
    row = known.get(code)
    if row is None:
        raise not_found(f"this release has no occupation {code[:40]}")
    offered = offer(release)
    choice = offered.choose(rubric, rater, None)
    looked_at = offered.looked_at(choice, rubric)
    scale = offered.scales[looked_at] if looked_at else None
    found = occupation(release, row, looked_at)
    main = _score(found, choice)
    return desk.render(
        "occupation.html",
        release,
        "occupations",
        title=row["title"],
        found=found,
        row=row,
        offer=offered,
        choice=choice,
        looked_at=looked_at,
        scale=scale,
        main=main,
        main_note=NOTES.get(choice.rubric.partition("@")[0], "") if choice else "",
        headlines=list(_headlines(found, offered, choice)),
        lines=list(_lines(desk, release, found.tasks, scale)),
        weights=_weights(desk, found.tasks, main["weights"] if main else "core2", looked_at),
        verdicts=verdicts_on(release, choice.rubric, row["major_group"]) if choice else [],
        bands=_bands(release, choice),
        proxy=known.get(row["labour_proxy_of"]),
        rubrics=[one for one in offered.scales if not choice or one in found.scores],
        shown_profiles=shown_profiles(reader, row["occupation_code"]),
        addresses=release.once("evidence", lambda _: evidence_addresses(reader)),
        task_pages=_task_pages(desk, found.tasks),
    )


def _lines(desk: Desk, release: OpenRelease, tasks: list[Json], scale: Scale | None) -> Iterable[TaskLine]:
    """The tasks with what raters said of each."""
    told = _told(desk, release)
    for task in tasks:
        said = [_said(one, scale) for one in task["ratings"]]
        has_page = told is None or task["task_id"] in told
        address = desk.links.page(f"tasks/{task['task_id']}") if has_page else None
        yield TaskLine(task, task["consensus"], said, address, "; ".join(f"{one.rater}: {one.words}" for one in said))


def _said(rating: Json, scale: Scale | None) -> Said:
    named = (name.replace("_", " ") for name, stands in (rating["blockers"] or {}).items() if stands)
    return Said(
        rater=rating["rater"],
        words=(scale.label(rating["category"]) if scale else "") or rating["status"],
        score=rating["score"],
        rationale=rating["rationale"],
        is_illustration=rating["evidence"] == "illustrative",
        blockers=", ".join(named),
    )


def _told(desk: Desk, release: OpenRelease) -> frozenset[str] | None:
    """The tasks that have a page on a static site; None on a server, which has one for each and looks none up."""
    if desk.links.is_live:
        return None
    return release.once("told", lambda _: frozenset(told_tasks(release.reader(), release.tables)))


def _task_pages(desk: Desk, tasks: list[Json]) -> dict[str, str]:
    """Address of the page of each task that has one: of a site only rated tasks have."""
    links = desk.links
    named = [task["task_id"] for task in tasks if links.is_live or task["ratings"]]
    return {task_id: links.page(f"tasks/{task_id}") for task_id in named}


def _score(found: Occupation, choice: Choice | None) -> Json | None:
    if choice is None:
        return None
    rows = found.scores.get(choice.rubric, [])
    return next((one for one in rows if (one["rater"], one["measure"]) == (choice.rater, choice.measure)), None)


def _headlines(found: Occupation, offered: Offer, choice: Choice | None) -> Iterable[Headline]:
    """The primary score on each further rubric: the rater's that is looked at, else the first there is."""
    for name in (MAIN, *HEADLINES):
        rubric = offered.newest(name)
        if rubric is None or choice is None or rubric == choice.rubric:
            continue
        scale = offered.scales[rubric]
        rows = [one for one in found.scores.get(rubric, []) if one["measure"] == scale.primary]
        rows.sort(key=lambda one: one["rater"] != choice.rater)
        if rows:
            yield Headline(scale.title, NOTES[name], rows[0], scale)


def _weights(desk: Desk, tasks: list[Json], scheme: str, rubric: str | None) -> dict[str, float]:
    """The share of the weight of its occupation, 0 to 1, of each task that counts; none where nobody weighs."""
    weights = desk.uses.weigh(tasks, scheme, rubric or MAIN) if desk.uses.weigh else {}
    whole = sum(weights.values())
    return {task: weight / whole for task, weight in weights.items()} if whole else {}


def _bands(release: OpenRelease, choice: Choice | None) -> list[tuple[str, float]]:
    """Names and cut-offs of the bands of a rubric, lowest first."""
    facts = (release.head.manifest.get("aggregation") or {}).get("facts") or {}
    bands = (facts.get("method") or {}).get("bands") or {}
    of_rubric = bands.get(choice.rubric.partition("@")[0], {}) if choice else {}
    return sorted(of_rubric.items(), key=lambda one: float(one[1]))
