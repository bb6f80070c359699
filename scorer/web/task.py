"""The page of a task: from a number to the raw answer behind it."""

import json

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from scorer.domain.rating import Json
from scorer.web.desk import Desk
from scorer.web.queries.scales import offer
from scorer.web.queries.task import MOST_ANSWERS, TaskStory, task_story
from scorer.web.routing import not_found, released
from scorer.web.shelf import OpenRelease


def routes(desk: Desk) -> list[Route]:
    """The page of each task."""
    return [released(desk, "/tasks/{task_id}", page)]


def page(desk: Desk, release: OpenRelease, request: Request) -> Response:
    """The page.

    Raises:
        HTTPException: the release has no such task.
    """
    task_id = request.path_params["task_id"]
    story = task_story(release, task_id)
    if story is None:
        raise not_found(f"this release has no task {task_id[:40]}")
    return HTMLResponse(task_page(desk, release, story))


def task_page(desk: Desk, release: OpenRelease, story: TaskStory) -> str:
    """A task as HTML."""
    return desk.render(
        "task.html",
        release,
        "tasks",
        title=f"Task {story.row['task_id']}",
        story=story,
        row=story.row,
        scales=offer(release).scales,
        most=MOST_ANSWERS,
        cases=story.cases() if desk.uses.review and desk.links.is_live else [],
        exchanges=exchanges,
        pretty=pretty,
    )


def exchanges(rating: Json) -> list[dict[str, object]]:
    """Request and answer of each attempt, as they were; `messages` apart where there are any."""
    return [
        {
            "messages": (one.get("request") or {}).get("messages", []),
            "request": {k: v for k, v in (one.get("request") or {}).items() if k != "messages"},
            "response": one.get("response"),
        }
        for one in rating["raw"] or ()
    ]


def pretty(value: object) -> str:
    """JSON to be read by a person; text that is JSON is laid out, too."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False)
