"""Runs of this workspace: how far, how fast, at what price; from the files that runs write, the store is not opened."""

from starlette.requests import Request
from starlette.routing import Route

from scorer.web.desk import Desk
from scorer.web.routing import live

SHOWN_RUNS = 50


def routes(desk: Desk) -> list[Route]:
    """The page of the runs; none where the release is all there is."""
    return [live(desk, "/runs", runs_page)] if desk.uses.runs else []


def runs_page(desk: Desk, _: Request, csrf: str) -> str:
    """Every run that wrote down how it stands, the latest first."""
    del csrf  # nothing is sent from here
    runs = list(desk.uses.runs() if desk.uses.runs else ())
    return desk.render(
        "runs.html",
        None,
        "runs",
        title="Runs",
        runs=runs[:SHOWN_RUNS],
        older=max(0, len(runs) - SHOWN_RUNS),
        is_live=any(not run.is_over for run in runs),
    )
