"""The application: routes, error pages, the guard around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from scorer.errors import LabelError, ScorerError, StoreBusyError
from scorer.web import api, assets, compare, home, occupation, raters, review, runs, task
from scorer.web.desk import Desk, Uses
from scorer.web.guard import Doorkeeper, Guarded
from scorer.web.shelf import Shelf

LARGEST_FORM = 1_000_000
"""Bytes of a form; nobody types more."""
RETRY_AFTER_S = "5"
"""Seconds after which a browser may ask again where another process held the store."""

PARTS = (assets, api, home, occupation, task, raters, compare, review, runs)
"""Modules with routes, in the order of the navigation."""


def make_app(release: Path, uses: Uses | None = None, keeper: Doorkeeper | None = None) -> Starlette:
    """The application over one release.

    Args:
        release: where it is; another may take its place at any time.
        uses: use-cases of other rooms.
        keeper: whom to let in; by default loopback names without a token.
    """
    desk = Desk(Shelf(release), uses or Uses())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.shelf.close()

    def error_page(request: Request, error: Exception) -> Response:
        return _error_page(desk, request, error)

    return Starlette(
        routes=[route for part in PARTS for route in part.routes(desk)],
        middleware=[Middleware(Guarded, keeper=keeper or Doorkeeper())],
        exception_handlers={HTTPException: error_page, ScorerError: error_page, Exception: error_page},
        lifespan=lifespan,
        max_body_size=LARGEST_FORM,
    )


def _error_page(desk: Desk, request: Request, error: Exception) -> Response:
    """What went wrong, in words; of a bug only that it is one."""
    if isinstance(error, HTTPException):
        status, words = HTTPStatus(error.status_code), error.detail
    elif isinstance(error, LabelError):
        status, words = HTTPStatus.BAD_REQUEST, str(error)
    elif isinstance(error, ScorerError):
        status, words = HTTPStatus.SERVICE_UNAVAILABLE, str(error)
    else:
        status, words = HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of this program; its terminal says more."
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": words}, status)
    page = desk.render("error.html", None, "", title=f"{status.phrase}", words=words)
    later = {"Retry-After": RETRY_AFTER_S} if isinstance(error, StoreBusyError) else {}
    return HTMLResponse(page, status, {"Cache-Control": "no-store", **later})
