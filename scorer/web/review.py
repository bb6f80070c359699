"""The review: the queue, a card that is answered blind, what the others said, the resolution; and drawn samples.

What is typed goes to the workspace through the same use-cases as the command line's. Who reviews is a name in a
cookie, no account.
"""

from http import HTTPStatus
from urllib.parse import quote, unquote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from scorer.domain.review import Answer
from scorer.domain.review_cases import BlindCard, Case
from scorer.web.desk import Desk
from scorer.web.reviewing import Reviewing
from scorer.web.routing import live, not_found, writing

COOKIE = "scorer_reviewer"
A_YEAR_S = 365 * 24 * 3600
SHOWN_CASES = 100


def routes(desk: Desk) -> list[Route]:
    """The pages of the review; none where the release is all there is."""
    if desk.uses.review is None:
        return []
    return [
        live(desk, "/review", queue_page),
        live(desk, "/review/next", next_page),
        live(desk, "/review/samples/{sample}", sample_page),
        live(desk, "/review/cases/{rubric}/{task}", case_page),
        writing(desk, "/review/name", take_name),
        writing(desk, "/review/samples/{sample}/{task}", take_label),
        writing(desk, "/review/cases/{rubric}/{task}/answer", take_answer),
        writing(desk, "/review/cases/{rubric}/{task}/resolve", take_resolution),
    ]


def queue_page(desk: Desk, request: Request, csrf: str) -> str:
    """The cases by urgency, samples to label, and how far both are."""
    uses, reviewer = _uses(desk), _reviewer(request)
    queue = uses.queue()
    return _render(
        desk,
        "review.html",
        title="Review",
        csrf=csrf,
        reviewer=reviewer,
        progress=queue.progress,
        cases=queue.open(SHOWN_CASES),
        open_cases=queue.n_open,
        settled=queue.settled[:SHOWN_CASES],
        waiting=queue.waiting_for(reviewer) if reviewer else (),
        by_all=queue.by_all,
        apart=uses.apart(queue),
        samples=uses.samples(),
    )


def next_page(desk: Desk, request: Request, csrf: str) -> str:
    """The most urgent case that this reviewer has not answered."""
    reviewer, after = _reviewer(request), _after(request)
    if not reviewer:
        return queue_page(desk, request, csrf)
    queue = _uses(desk).queue()
    case = queue.next_for(reviewer, after)
    if case is None:
        return _nothing_left(desk, reviewer, "/review/next" if after else None)
    far, further = f"{queue.n_left_for(reviewer):,} open cases left for you", f"/review/next?after={after + 1}"
    return _card_page(desk, request, csrf, case, far=far, after=further)


def case_page(desk: Desk, request: Request, csrf: str) -> str:
    """A case: the blind card, or all that was said to one who has answered or once it is settled."""
    reviewer, rubric, task = _reviewer(request), request.path_params["rubric"], request.path_params["task"]
    case = _uses(desk).queue().find(rubric, task)
    if case.resolution is None and not reviewer:
        return queue_page(desk, request, csrf)
    if case.resolution is None and case.answer_of(reviewer) is None:
        return _card_page(desk, request, csrf, case, far="", after="/review/next")
    shown = _uses(desk).reveal(rubric, task, reviewer)
    return _render(
        desk,
        "review_case.html",
        title=f"Task {task}",
        csrf=csrf,
        reviewer=reviewer,
        shown=shown,
        case=shown.case,
        may_resolve=shown.case.answer_of(reviewer) is not None,
        action=f"{_address(shown.case)}/resolve",
    )


def sample_page(desk: Desk, request: Request, csrf: str) -> str:
    """The next task of a drawn sample that this labeller has not labelled."""
    reviewer, after, sample = _reviewer(request), _after(request), request.path_params["sample"]
    if not reviewer:
        return queue_page(desk, request, csrf)
    place = f"/review/samples/{quote(sample, safe='')}"
    drawn = _uses(desk).next_draw(sample, reviewer, after)
    if drawn is None:
        return _nothing_left(desk, reviewer, place if after else None)
    return _render(
        desk,
        "review_card.html",
        title="Label a drawn task",
        csrf=csrf,
        reviewer=reviewer,
        card=drawn.card,
        far=f"Sample {sample}: {drawn.done:,} of {drawn.tasks:,} labelled by you",
        after=f"{place}?after={after + 1}",
        action=f"{place}/{quote(drawn.card.task.task_id, safe='')}",
        is_sample=True,
    )


def take_name(_: Desk, __: Request, form: FormData) -> Response:
    """Remember who reviews in this browser."""
    response = _to("/review")
    response.set_cookie(COOKIE, quote(_text(form, "reviewer")[:80]), A_YEAR_S, httponly=True, samesite="strict")
    return response


def take_answer(desk: Desk, request: Request, form: FormData) -> Response:
    """Keep a blind answer, then show the case."""
    rubric, task = request.path_params["rubric"], request.path_params["task"]
    _uses(desk).answer(rubric, task, _said(request, form))
    return _to(f"/review/cases/{quote(rubric, safe='@')}/{quote(task, safe='')}")


def take_resolution(desk: Desk, request: Request, form: FormData) -> Response:
    """Keep a resolution, then show the case."""
    rubric, task = request.path_params["rubric"], request.path_params["task"]
    _uses(desk).resolve(rubric, task, _said(request, form))
    return _to(f"/review/cases/{quote(rubric, safe='@')}/{quote(task, safe='')}")


def take_label(desk: Desk, request: Request, form: FormData) -> Response:
    """Keep the label of a drawn task, then show the next."""
    sample, task = request.path_params["sample"], request.path_params["task"]
    _uses(desk).label(sample, task, _said(request, form))
    return _to(f"/review/samples/{quote(sample, safe='')}")


def _card_page(desk: Desk, request: Request, csrf: str, case: Case, *, far: str, after: str) -> str:
    return _render(
        desk,
        "review_card.html",
        title="Answer a task",
        csrf=csrf,
        reviewer=_reviewer(request),
        card=BlindCard(case.rubric, case.task, case.occupation),
        far=far,
        after=after,
        action=f"{_address(case)}/answer",
        is_sample=False,
    )


def _nothing_left(desk: Desk, reviewer: str, again: str | None) -> str:
    return _render(desk, "review_done.html", title="Nothing left", reviewer=reviewer, again=again)


def _render(desk: Desk, template: str, **shown: object) -> str:
    """A page of the review, which is about the workspace, with the credit lines of the texts on it."""
    return desk.render(template, None, "review", **shown, credits=_uses(desk).credits())


def _address(case: Case) -> str:
    return f"/review/cases/{quote(case.rubric.id, safe='@')}/{quote(case.task.task_id, safe='')}"


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _said(request: Request, form: FormData) -> Answer:
    return Answer(_reviewer(request), _text(form, "category"), _text(form, "reason") or None)


def _text(form: FormData, name: str) -> str:
    sent = form.get(name)
    return sent if isinstance(sent, str) else ""


def _reviewer(request: Request) -> str:
    """Who reviews in this browser; empty where nobody has said."""
    return unquote(request.cookies.get(COOKIE, "")).strip()


def _after(request: Request) -> int:
    stated = request.query_params.get("after", "0")
    return min(int(stated), 1_000_000) if stated.isascii() and stated.isdigit() and len(stated) < 8 else 0  # noqa: PLR2004 - no sheet is longer


def _uses(desk: Desk) -> Reviewing:
    if desk.uses.review is None:
        raise not_found("there is no workspace behind this release to review in")
    return desk.uses.review
