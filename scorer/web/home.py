"""The home page: find an occupation, or go through the ranked list of all; and the list as a file."""

import csv
import io
import json
import re
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.domain.rating import Json
from scorer.domain.soc import MAJOR_GROUPS
from scorer.web.dataset import dataset_markup
from scorer.web.desk import Desk
from scorer.web.queries.occupation import occupations
from scorer.web.queries.ranking import COLUMNS, SORTS, Filters, by_status, ranking
from scorer.web.queries.scales import Choice, Offer, offer
from scorer.web.routing import released
from scorer.web.shelf import OpenRelease

ON_A_PAGE = 100
FOUND = 40
"""Occupations that a search shows at most."""

_CODE = re.compile(r"\d\d(-[\d.]*)?")
_FORMULA = re.compile(r"^[-=+@\t\r]")


class Listing(NamedTuple):
    """The list as it was asked for.

    Attributes:
        known_as: of occupations that a search found: the title that fits best, by code.
        asked: the parameters of the address that are not the usual ones.
    """

    offer: Offer
    choice: Choice | None
    rows: list[Json]
    known_as: dict[str, str]
    asked: dict[str, str]
    sort: str
    descending: bool


def routes(desk: Desk) -> list[Route]:
    """The home page and its downloads."""
    return [released(desk, "/", home), released(desk, "/occupations.{kind:str}", download)]


def home(desk: Desk, release: OpenRelease, request: Request) -> Response:
    """The page."""
    return HTMLResponse(home_page(desk, release, dict(request.query_params)))


def home_page(desk: Desk, release: OpenRelease, asked: dict[str, str]) -> str:
    """The list as HTML: a part of it where a server answers, else the whole."""
    found = listing(release, asked)
    page = _number(asked.get("page")) or 1
    last = max(1, -(-len(found.rows) // ON_A_PAGE))
    page = min(max(page, 1), last)
    shown = found.rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE] if desk.links.is_live else found.rows
    return desk.render(
        "home.html",
        release,
        "",
        title="What AI could do in each occupation",
        listing=found,
        shown=shown,
        page=page,
        last=last,
        first_place=(page - 1) * ON_A_PAGE + 1,
        dataset=dataset_markup(release, is_live=desk.links.is_live),
        groups=_groups(release),
        sorts=SORTS,
        counts=by_status(found.rows),
        of_all=_said_of_all(found.rows),
        scale=found.offer.scales[found.choice.rubric] if found.choice else None,
        address=lambda **more: _address(found.asked, more),
    )


def _said_of_all(rows: list[Json]) -> list[str]:
    """What is said of every published number of a list, such as the policy by which it passed."""
    published = [row["reasons"] for row in rows if row["status"] == "published"]
    return [reason for reason in published[0] if all(reason in own for own in published)] if published else []


def _groups(release: OpenRelease) -> list[tuple[str, str]]:
    """The SOC major groups that have occupations, with their names."""
    codes = sorted({row["major_group"] for row in occupations(release).values() if row["major_group"]})
    return [(code, f"{code} {MAJOR_GROUPS.get(code, '')}".strip()) for code in codes]


def listing(release: OpenRelease, asked: dict[str, str]) -> Listing:
    """The occupations that an address asks for; what makes no sense in it is as if it were not there."""
    reader = release.reader()
    offered = offer(release)
    choice = offered.choose(asked.get("rubric"), asked.get("rater"), asked.get("measure"))
    words = asked.get("q", "").strip()[:200]
    codes, known_as = _search(release, words) if words else (None, {})
    filters = Filters(asked.get("group") or None, _number(asked.get("zone")), asked.get("status") or None, codes)
    sort = asked["sort"] if asked.get("sort") in SORTS else "score"
    descending = asked.get("order", "asc" if sort == "title" else "desc") != "asc"
    rows = ranking(reader, choice, filters, sort, descending=descending)
    if codes is not None and "sort" not in asked and not _CODE.fullmatch(words):
        place = {code: index for index, code in enumerate(codes)}
        rows.sort(key=lambda row: place[row["occupation_code"]])
    kept = {name: asked[name] for name in _PARAMETERS if asked.get(name)}
    return Listing(offered, choice, rows, known_as, kept, sort, descending)


_PARAMETERS = ("q", "rubric", "rater", "measure", "group", "zone", "status", "sort", "order")


def download(_: Desk, release: OpenRelease, request: Request) -> Response:
    """What the page shows, all of it, as CSV or JSON."""
    found = listing(release, dict(request.query_params))
    kind = request.path_params["kind"]
    if kind == "json":
        shown = {"attribution": release.credits, "release_id": release.head.release_id, "occupations": found.rows}
        return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")
    headers = {"Content-Disposition": f'attachment; filename="occupations-{release.head.release_id}.csv"'}
    return Response(as_csv(found.rows), media_type="text/csv", headers=headers)


def as_csv(rows: list[Json]) -> str:
    """Rows as CSV (RFC 4180); no text begins like a formula (CWE-1236), reasons are one text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    shown = "; ".join(value) if isinstance(value, list) else value
    return f"'{shown}" if isinstance(shown, str) and _FORMULA.match(shown) else shown


def _search(release: OpenRelease, words: str) -> tuple[list[str], dict[str, str]]:
    """The codes that fit, best first, and the title by which each was found."""
    if _CODE.fullmatch(words):
        query = "SELECT occupation_code FROM occupation WHERE starts_with(occupation_code, ?) ORDER BY ALL"
        return [row["occupation_code"] for row in release.reader().rows(query, [words])], {}
    found = release.titles().search(words, FOUND)
    return [one.occupation_code for one in found], {one.occupation_code: one.title for one in found}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004


def _address(asked: dict[str, str], more: dict[str, object]) -> str:
    """The query of an address: as now, with these differences; empty and None are left out."""
    whole = {**asked, **{name: "" if value is None else str(value) for name, value in more.items()}}
    return urlencode({name: value for name, value in whole.items() if value})
