"""The interface for programs: the same rows as the pages, as JSON, described by OpenAPI; every table as a file."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scorer.domain.rating import Json
from scorer.web.answering import as_json
from scorer.web.desk import Desk
from scorer.web.home import listing
from scorer.web.openapi import Endpoint, description
from scorer.web.queries.occupation import occupation, occupations
from scorer.web.queries.raters import read_raters
from scorer.web.queries.scales import offer
from scorer.web.queries.task import task_story
from scorer.web.routing import not_found, released
from scorer.web.shelf import OpenRelease
from scorer.web.tables import table_view, tables

Answer = Callable[[OpenRelease, Mapping[str, str]], object]


class _Answering(NamedTuple):
    endpoint: Endpoint
    answer: Answer


def routes(desk: Desk) -> list[Route]:
    """Every endpoint, its description, and the tables."""
    described = description([one.endpoint for one in ANSWERS])

    def openapi(_: Desk, __: OpenRelease, ___: Request) -> Response:
        return as_json(described)

    return [
        *(released(desk, one.endpoint.path, _view(one)) for one in ANSWERS),
        released(desk, "/api/openapi.json", openapi),
        released(desk, "/api/tables/{name}.{kind}", table_view),
    ]


def _view(one: _Answering) -> Callable[[Desk, OpenRelease, Request], Response]:
    def view(_: Desk, release: OpenRelease, request: Request) -> Response:
        found = one.answer(release, {**request.query_params, **request.path_params})
        about = {"release_id": release.head.release_id, "attribution": release.credits}
        return as_json({**about, one.endpoint.under: found})

    return view


def _release(release: OpenRelease, _: Mapping[str, str]) -> Json:
    return release.head.model_dump(mode="json")


def _occupations(release: OpenRelease, asked: Mapping[str, str]) -> list[Json]:
    return listing(release, dict(asked)).rows


def _occupation(release: OpenRelease, asked: Mapping[str, str]) -> Json:
    row = occupations(release).get(asked["code"])
    if row is None:
        raise not_found(f"no occupation {asked['code'][:40]}")
    offered, rubric = offer(release), asked.get("rubric")
    found = occupation(release, row, offered.looked_at(offered.choose(rubric, None, None), rubric))
    return {**row, **{name: value for name, value in found._asdict().items() if name != "row"}}


def _task(release: OpenRelease, asked: Mapping[str, str]) -> Json:
    story = task_story(release, asked["task_id"])
    if story is None:
        raise not_found(f"no task {asked['task_id'][:40]}")
    return {**story.row, **{name: value for name, value in story._asdict().items() if name != "row"}}


def _raters(release: OpenRelease, _: Mapping[str, str]) -> Json:
    found = read_raters(release.reader(), release.tables)
    names = ("raters", "verdicts", "work", "statuses", "models", "variances")
    return {name: getattr(found, name) for name in names}


def _tables(release: OpenRelease, _: Mapping[str, str]) -> list[Json]:
    return tables(release)


_LIST = ("q", "rubric", "rater", "measure", "group", "zone", "status", "sort", "order")
ANSWERS = (
    _Answering(Endpoint("/api/release", "What the release is and was made from.", "release"), _release),
    _Answering(Endpoint("/api/occupations", "Occupations with one score each.", "occupations", _LIST), _occupations),
    _Answering(
        Endpoint("/api/occupations/{code}", "An occupation with scores, facts, tasks.", "occupation", ("rubric",)),
        _occupation,
    ),
    _Answering(Endpoint("/api/tasks/{task_id}", "A task with every answer and label.", "task"), _task),
    _Answering(Endpoint("/api/raters", "Raters: verdicts, work, failures, models over time.", "raters"), _raters),
    _Answering(Endpoint("/api/tables", "Tables, with the meaning of every column.", "tables"), _tables),
)
