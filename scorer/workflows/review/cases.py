"""Audit a disagreement: answer blind, see what the others said, settle it with a reason.

Nothing of what raters or other reviewers said is handed out before the reviewer has answered. A resolution is a label
of origin `review`: shown with its task, never part of agreement, gate or corrected means.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from statistics import fmean

from scorer.aggregate import task_scores
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.names import hint
from scorer.domain.review import Answer, ReviewAct, ReviewEvent
from scorer.domain.review_cases import Apart, BlindCard, Case, Queue, RaterAnswer, Reveal
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.store import LabelSource
from scorer.workflows.review.queue import review_queue
from scorer.workflows.workspace.bench import Bench

LABEL_SET = "reviews"
_SOURCE = LabelSource(source="scorer review", kind="review")
LONGEST_NAME, LONGEST_REASON = 80, 4_000


def blind_card(case: Case) -> BlindCard:
    """The case as somebody sees it who has not answered yet."""
    return BlindCard(case.rubric, case.task, case.occupation)


def credit_lines(bench: Bench) -> list[str]:
    """The credit lines of every release whose text a card may show; said wherever one is shown."""
    texts = (one.attribution for one in bench.store.catalogue.summaries())
    return list(dict.fromkeys(line for text in texts for line in text.splitlines() if line))


def answer_case(bench: Bench, rubric: str, task_id: str, said: Answer) -> bool:
    """Keep a reviewer's blind answer; the same again changes nothing.

    Returns:
        Whether it is new.

    Raises:
        LabelError: no such case or category, a bad name or reason, or this reviewer has answered otherwise before.
    """
    case = review_queue(bench, rubric).find(rubric, task_id)
    event = _event(case, ReviewAct.ANSWER, said)
    before = case.answer_of(event.reviewer)
    if before and before.category != event.category:
        raise LabelError(
            f"{before.reviewer} answered {before.category} about task {task_id} and has seen the scores since: that "
            "answer stays; settle the case with another category instead"
        )
    return before is None and bench.store.reviews.answer(event)


def reveal(bench: Bench, rubric: str, task_id: str, reviewer: str) -> Reveal:
    """What raters and reviewers said, for one who has answered, or of a case that is settled.

    Raises:
        LabelError: no such case, or it is open and this reviewer has not answered.
    """
    case = review_queue(bench, rubric).find(rubric, task_id)
    if case.resolution is None:
        _must_have_answered(case, reviewer)
    current = case.task.statement_sha256
    rows = bench.store.ratings.usable(case.rubric.id, task_ids=[task_id])
    own = [row for row in rows if row.statement_sha256 in {None, current}]
    return Reveal(case, [RaterAnswer(*(getattr(row, name) for name in RaterAnswer._fields)) for row in own])


def resolve_case(bench: Bench, rubric: str, task_id: str, said: Answer) -> bool:
    """Settle a case; it leaves the queue. Settled again, the last resolution counts and the earlier ones stay.

    Returns:
        Whether it says anything new.

    Raises:
        LabelError: no such case or category, no reason, or this reviewer has not answered blind.
    """
    case = review_queue(bench, rubric).find(rubric, task_id)
    event = _event(case, ReviewAct.RESOLVE, said)
    if event.reason is None:
        raise LabelError("a resolution needs a reason: say in a sentence why it is so")
    _must_have_answered(case, event.reviewer)
    label = Label(
        label_set=LABEL_SET,
        task_id=task_id,
        rubric=case.rubric.id,
        labeller=event.reviewer,
        labeller_kind=LabellerKind.PERSON,
        origin=LabelOrigin.REVIEW,
        category=event.category,
        score=event.score,
        note=event.reason,
        statement_sha256=event.statement_sha256,
        created_at=event.created_at,
    )
    return bench.store.reviews.resolve(event, label, _SOURCE)


def reported_apart(bench: Bench, queue: Queue) -> list[Apart]:
    """Each rater beside the resolutions so far, by rubric and rater; nothing without a resolution."""
    settled: defaultdict[Rubric, dict[str, float]] = defaultdict(dict)
    for case in queue.settled:
        if event := case.resolution:
            settled[case.rubric][case.task.task_id] = event.score
    in_order = sorted(settled, key=lambda rubric: rubric.id)
    return [row for rubric in in_order for row in _apart(bench, rubric, settled[rubric])]


def _apart(bench: Bench, rubric: Rubric, settled: Mapping[str, float]) -> list[Apart]:
    release = bench.store.catalogue.summary().name
    rows = bench.store.ratings.usable(rubric.id, release, task_ids=list(settled))
    distances: defaultdict[str, list[float]] = defaultdict(list)
    for one in task_scores(rows, rubric):
        if one.measure == rubric.primary and one.score is not None:
            distances[one.rater].append(abs(one.score - settled[one.task_id]))
    return [
        Apart(rubric.id, rater, len(own), sum(away == 0 for away in own), fmean(own))
        for rater, own in sorted(distances.items())
    ]


def _must_have_answered(case: Case, reviewer: str) -> None:
    if case.answer_of(reviewer.strip()) is None:
        raise LabelError(
            f"{reviewer} has not answered about task {case.task.task_id} on {case.rubric.id} yet: what others said is "
            "shown after one's own answer"
        )


def _event(case: Case, act: ReviewAct, said: Answer) -> ReviewEvent:
    category = checked_category(case.rubric, said.category)
    return ReviewEvent(
        task_id=case.task.task_id,
        rubric=case.rubric.id,
        statement_sha256=case.task.statement_sha256,
        act=act,
        reviewer=checked_name(said.reviewer),
        category=category,
        score=case.rubric.number(category),
        reason=checked_text(said.reason),
        created_at=datetime.now(UTC),
    )


def checked_name(name: str) -> str:
    """A reviewer's name as it is kept.

    Raises:
        LabelError: it is empty, too long, or holds what cannot be printed.
    """
    stripped = name.strip()
    if not stripped or len(stripped) > LONGEST_NAME or not stripped.isprintable():
        raise LabelError(f"a reviewer's name has 1 to {LONGEST_NAME} printable characters")
    return stripped


def checked_category(rubric: Rubric, category: str) -> str:
    """The category, if the rubric has it.

    Raises:
        LabelError: it has not.
    """
    if category not in rubric.values:
        near = hint(category, rubric.values)
        raise LabelError(f"category `{category}` is not on the scale of {rubric.id}: {', '.join(rubric.values)}{near}")
    return category


def checked_text(reason: str | None) -> str | None:
    """A reason or note as it is kept: as written, without blank ends; None where nothing was said.

    Raises:
        LabelError: it is too long, or no text that can be stored.
    """
    stripped = (reason or "").replace("\r\n", "\n").strip()
    if len(stripped) > LONGEST_REASON:
        raise LabelError(f"the text has {len(stripped):,} characters; at most {LONGEST_REASON:,} are kept")
    if any("\ud800" <= char <= "\udfff" or char == "\0" for char in stripped):
        raise LabelError("the text holds bytes that are no UTF-8 text; type it again")
    return stripped or None
