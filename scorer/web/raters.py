"""The page of the raters: how far each can be trusted, and what it took."""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.pages import Stretch, timeline
from scorer.web.desk import Desk
from scorer.web.queries.occupation import Rows
from scorer.web.queries.raters import read_raters
from scorer.web.queries.scales import offer
from scorer.web.routing import released
from scorer.web.shelf import OpenRelease

STEPS = (0.25, 0.5, 0.75)
"""Where the shades of the heat map change; the number stands in each field, so that no colour says anything alone."""


def routes(desk: Desk) -> list[Route]:
    """The page."""
    return [released(desk, "/raters", page), released(desk, "/method", method)]


def page(desk: Desk, release: OpenRelease, _: Request) -> Response:
    """Agreement, verdicts, work."""
    return HTMLResponse(raters_page(desk, release))


def raters_page(desk: Desk, release: OpenRelease) -> str:
    """The raters as HTML."""
    reader = release.reader()
    found = read_raters(reader, release.tables)
    scales = offer(release).scales
    drawn = release.once("timeline", lambda _: _timeline(found.models))
    return desk.render(
        "raters.html", release, "raters", title="Raters", found=found, scales=scales, shade=shade, timeline=drawn
    )


def _timeline(models: Rows) -> Markup | None:
    """Which model answered as which rater, and when; None where nobody answered."""
    stretches: dict[tuple[str, str], Stretch] = {}
    for row in models:
        key = row["rater"], row["served_model"]
        known = stretches.get(key, Stretch(*key, row["first_at"], row["last_at"], 0))
        last = max(known.last, row["last_at"])
        stretches[key] = known._replace(first=min(known.first, row["first_at"]), last=last, n=known.n + row["n"])
    return timeline(list(stretches.values()), "answers") if stretches else None


def method(desk: Desk, release: OpenRelease, _: Request) -> Response:
    """How to read the numbers."""
    return HTMLResponse(method_page(desk, release))


def method_page(desk: Desk, release: OpenRelease) -> str:
    """What the numbers mean, and the rubrics with their scales, as HTML."""
    scales = offer(release).scales
    return desk.render("method.html", release, "method", title="How to read it", scales=scales)


def shade(value: float | None) -> str:
    """The class of a field of the heat map."""
    return "" if value is None else f"heat-{sum(value >= step for step in STEPS)}"
