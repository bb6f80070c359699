"""The page that compares two releases, raters or rubric versions; the comparison itself is handed in."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.errors import ScorerError
from scorer.web.desk import ComparedPage, Desk, Peers
from scorer.web.routing import released
from scorer.web.shelf import OpenRelease

ELSE = "Choose two names of one list below."


def routes(desk: Desk) -> list[Route]:
    """The page, where comparisons are offered."""
    return [released(desk, "/compare", page, is_kept=False)] if desk.uses.compare else []


def page(desk: Desk, release: OpenRelease, request: Request) -> Response:
    """Lists of names to choose two from, and the comparison once both are chosen."""
    offered = desk.uses.comparable() if desk.uses.comparable else []
    compared, problem = _compared(desk, offered, request.query_params)
    shown = desk.render(
        "compare.html",
        release,
        "compare",
        title=compared.title if compared else "Compare",
        offered=offered,
        asked=request.query_params,
        compared=compared,
        problem=problem,
    )
    return HTMLResponse(shown)


def _compared(desk: Desk, offered: Sequence[Peers], asked: Mapping[str, str]) -> tuple[ComparedPage | None, str | None]:
    """The comparison, or why there is none; only offered names are looked up, never a path that somebody types."""
    first, second = asked.get("first", ""), asked.get("second", "")
    if not first or not second or desk.uses.compare is None:
        return None, None
    known = {name for peers in offered for name in peers.names}
    if first not in known or second not in known:
        return None, f"There is nothing of that name here. {ELSE}"
    if first == second:
        return None, f"{first} does not differ from itself. {ELSE}"
    both = [peers for peers in offered if {first, second} <= set(peers.names)]
    fitting = [peers for peers in both if asked.get("rubric") in {None, "", peers.rubric}]
    if not fitting:
        asked_on = f"On {asked['rubric']} they are not both scored" if both else "They do not measure the same thing"
        return None, f"{asked_on}, so there is no change from {first} to {second} to show. {ELSE}"
    try:
        return desk.uses.compare(first, second, fitting[0].rubric), None
    except ScorerError as error:
        return None, f"{error}. {ELSE}"
