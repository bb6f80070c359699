"""The page of the raters: how far each can be trusted, and what it took.

The chart of the models is a file of its own: drawing it takes a second the first time, and the page need not wait.
"""

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.pages import Stretch, in_words, timeline
from scorer.web.desk import Desk
from scorer.web.queries.occupation import Rows
from scorer.web.queries.raters import read_models, read_raters
from scorer.web.queries.scales import offer
from scorer.web.routing import not_found, released
from scorer.web.shelf import OpenRelease

CHART = "models.svg"
COUNTED = "answers"
STEPS = (0.25, 0.5, 0.75)
"""Where the shades of the heat map change; the number stands in each field, so that no colour says anything alone."""


def routes(desk: Desk) -> list[Route]:
    """The page."""
    return [
        released(desk, "/raters", page),
        released(desk, f"/{CHART}", chart),
        released(desk, "/method", method),
    ]


def page(desk: Desk, release: OpenRelease, _: Request) -> Response:
    """Agreement, verdicts, work."""
    return HTMLResponse(raters_page(desk, release))


def raters_page(desk: Desk, release: OpenRelease) -> str:
    """The raters as HTML."""
    reader = release.reader()
    found = read_raters(reader, release.tables)
    scales = offer(release).scales
    answered = _stretches(found.models)
    return desk.render(
        "raters.html",
        release,
        "raters",
        title="Raters",
        found=found,
        scales=scales,
        shade=shade,
        chart=desk.links.file(CHART) if answered else None,
        in_words=in_words(answered, COUNTED),
    )


def chart(_: Desk, release: OpenRelease, __: Request) -> Response:
    """Which model answered as which rater, and when, drawn."""
    drawn = models_chart(release)
    if drawn is None:
        raise not_found("nobody answered, so there is nothing to draw")
    return Response(drawn, media_type="image/svg+xml")


def models_chart(release: OpenRelease) -> Markup | None:
    """The chart as SVG; None where nobody answered."""

    def draw(_: OpenRelease) -> Markup | None:
        stretches = _stretches(read_models(release.reader()))
        return timeline(stretches, COUNTED) if stretches else None

    return release.once("timeline", draw)


def _stretches(models: Rows) -> list[Stretch]:
    stretches: dict[tuple[str, str], Stretch] = {}
    for row in models:
        key = row["rater"], row["served_model"]
        known = stretches.get(key, Stretch(*key, row["first_at"], row["last_at"], 0))
        last = max(known.last, row["last_at"])
        stretches[key] = known._replace(first=min(known.first, row["first_at"]), last=last, n=known.n + row["n"])
    return list(stretches.values())


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
