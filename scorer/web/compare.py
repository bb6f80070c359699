"""The page that compares two releases, raters or rubric versions; the comparison itself is handed in."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.errors import ScorerError
from scorer.web.desk import ComparedPage, Desk
from scorer.web.routing import released
from scorer.web.shelf import OpenRelease


def routes(desk: Desk) -> list[Route]:
    """The page, where comparisons are offered."""
    return [released(desk, "/compare", page, is_kept=False)] if desk.uses.compare else []


def page(desk: Desk, release: OpenRelease, request: Request) -> Response:
    """Two lists of names to choose from, and the comparison once both are chosen."""
    names = desk.uses.comparable() if desk.uses.comparable else []
    first, second = request.query_params.get("first", ""), request.query_params.get("second", "")
    compared, problem = _compared(desk, names, first, second)
    shown = desk.render(
        "compare.html",
        release,
        "compare",
        title=compared.title if compared else "Compare",
        names=names,
        first=first,
        second=second,
        compared=compared,
        problem=problem,
    )
    return HTMLResponse(shown)


def _compared(desk: Desk, names: list[str], first: str, second: str) -> tuple[ComparedPage | None, str | None]:
    """The comparison, or why there is none; only offered names are looked up, never a path that somebody types."""
    if not first or not second or desk.uses.compare is None:
        return None, None
    if first not in names or second not in names:
        return None, "Choose two of the names below."
    try:
        return desk.uses.compare(first, second), None
    except ScorerError as error:
        return None, str(error)
