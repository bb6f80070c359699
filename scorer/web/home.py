"""The home page: find an occupation, or go through the ranked list of all."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.web.desk import Desk
from scorer.web.routing import released
from scorer.web.shelf import OpenRelease


def routes(desk: Desk) -> list[Route]:
    """The home page."""
    return [released(desk, "/", home)]


def home(desk: Desk, release: OpenRelease, _: Request) -> Response:
    """The page."""
    return HTMLResponse(desk.render("home.html", release, "", title="Occupations"))
