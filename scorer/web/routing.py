"""Four kinds of routes. Views are plain functions; they run in threads, so that none holds up another.

`released`: shows the release; kept by browsers until another release or program takes its place.
`live`: shows what may change at any time, never kept; its forms carry `csrf`.
`writing`: takes a form; only one that a page of ours made for this visitor.
"""

from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.web.csrf import FIELD
from scorer.web.desk import Desk
from scorer.web.shelf import OpenRelease

Released = Callable[[Desk, OpenRelease, Request], Response]
Live = Callable[[Desk, Request, str], str]
Writing = Callable[[Desk, Request, FormData], Response]


def not_found(what: str) -> HTTPException:
    """The error for something that is not there."""
    return HTTPException(HTTPStatus.NOT_FOUND, what)


def released(desk: Desk, path: str, view: Released, *, is_kept: bool = True) -> Route:
    """A route that shows the release.

    Args:
        desk: what the view works with.
        path: of the route.
        view: makes the answer.
        is_kept: whether the answer depends on address and release alone: it has an ETag then, who has it is answered
            304, and the server keeps the latest pages made, too.
    """
    version = desk.version()

    def endpoint(request: Request) -> Response:
        with desk.shelf.taken() as release:
            if not is_kept:
                return view(desk, release, request)
            tag = f'"{release.head.content_sha256[:24]}-{release.head.release_id[:10]}-{version}"'
            kept = {"ETag": tag, "Cache-Control": "private, no-cache"}
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
            response = release.pages.get(str(request.url)) or view(desk, release, request)
            if response.status_code == HTTPStatus.OK:
                response.headers.update(kept)
                if isinstance(response, HTMLResponse):
                    release.pages.put(str(request.url), response)
            return response

    return Route(path, endpoint, methods=["GET"])


def live(desk: Desk, path: str, view: Live) -> Route:
    """A route whose page may change at any time; the view gets the token for its forms and gives HTML."""

    def endpoint(request: Request) -> Response:
        visitor = desk.tokens.visitor(request)
        response = HTMLResponse(view(desk, request, desk.tokens.token(visitor)), headers={"Cache-Control": "no-store"})
        desk.tokens.remember(response, visitor, is_tls=request.url.scheme == "https")
        return response

    return Route(path, endpoint, methods=["GET"])


def writing(desk: Desk, path: str, view: Writing) -> Route:
    """A route that takes a form; without the token of its sender it is refused before the view sees it."""

    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=100)
        sent = form.get(FIELD)
        if not isinstance(sent, str) or not desk.tokens.is_ours(request, sent):
            raise HTTPException(
                HTTPStatus.FORBIDDEN, "this form is too old or not ours: load its page again and resend"
            )
        return await run_in_threadpool(view, desk, request, form)

    return Route(path, endpoint, methods=["POST"])
