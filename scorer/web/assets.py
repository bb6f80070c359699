"""Style sheet and scripts of the pages, served under `/assets`, and what robots are asked."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from scorer.domain.base import sha256_json
from scorer.pages import style_sheet
from scorer.web.desk import Desk
from scorer.web.routing import not_found

ROBOTS = "User-agent: *\nDisallow: /compare\nDisallow: /review\nDisallow: /runs\nDisallow: /api/\n"


def asset_texts() -> dict[str, tuple[str, str]]:
    """Text and media type of every asset by name."""
    own = files("scorer.web") / "static"
    sheets = [str(style_sheet()), *(_text(own / name) for name in ("web.css", "review.css"))]
    return {
        "style.css": ("".join(sheets), "text/css"),  # of text alone: beside Markup it would be escaped
        **{name: (_text(own / name), "text/javascript") for name in ("pages.js", "review.js")},
    }


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def routes(_: Desk) -> list[Route]:
    """Assets by name, and robots.txt."""
    known = asset_texts()

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in known:
            raise not_found(f"there is no file {name}")
        text, kind = known[name]
        tag = f'"{sha256_json(text)[:24]}"'
        kept = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=kept)
        return Response(text, media_type=kind, headers=kept)

    def robots(_: Request) -> Response:
        return PlainTextResponse(ROBOTS)

    return [Route("/assets/{name}", asset), Route("/robots.txt", robots)]
