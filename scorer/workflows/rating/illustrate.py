"""Reasons after the fact, for tasks that are shown to people: asked in a request of their own, deciding nothing.

A probes rater gives no reason. For a few tasks it is asked for one, with the category that its Rating has. The reason
becomes a further row about the same Cell, with `evidence` saying `illustrative` and `derived_from` naming the Rating.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from scorer.domain.base import sha256_json
from scorer.domain.rating import AnswerMode, Cell, Rater, Rating, Reply, Status
from scorer.errors import ConfigurationError
from scorer.providers import Provider
from scorer.rating import Progress
from scorer.rubrics import read_rationale, render_rationale
from scorer.workflows.rating.asked import Asked, Question, look_up
from scorer.workflows.rating.raters import reach
from scorer.workflows.workspace.bench import Bench

ILLUSTRATIVE = "illustrative"
TOKENS = 90


def illustrate(bench: Bench, asked: Asked, observe: Callable[[Progress], None]) -> int:
    """Ask the embedded probes raters of a selection for a reason wherever their Rating has none yet.

    Args:
        bench: the workspace.
        asked: raters, rubrics and tasks.
        observe: told how far it is.

    Returns:
        How many reasons were added. What was answered before an error or an interruption is kept.

    Raises:
        ConfigurationError: none of the raters is one that needs it.
        RubricError: a rubric has no section to ask with.
    """
    question = look_up(bench, asked)
    raters = [rater for rater in question.raters if _can_be_asked(rater)]
    if not raters:
        raise ConfigurationError(
            "no rater to ask: it takes an embedded one that answers probes and follows instructions; "
            'raters with answer = "json" give their reasons with the category'
        )
    return sum(_illustrate(bench, question, rater, observe) for rater in raters)


def _can_be_asked(rater: Rater) -> bool:
    return rater.is_embedded and rater.answer is AnswerMode.PROBES and not rater.examples


def _illustrate(bench: Bench, question: Question, rater: Rater, observe: Callable[[Progress], None]) -> int:
    missing = _missing(bench, question, rater)
    if not missing:
        return 0
    found: list[Rating] = []
    with reach(bench, rater) as reached:
        try:
            asyncio.run(_ask_all(reached.provider, missing, found, observe))
        finally:
            bench.store.ratings.add(found)
    return len(found)


def _missing(bench: Bench, question: Question, rater: Rater) -> list[tuple[Cell, Rating]]:
    """What to ask, and the Rating that it explains; by category, so that prompts share their beginning."""
    cells = {cell.cell_hash: cell for cell in question.asking() if cell.rater == rater.name}
    rubrics = {rubric.id: rubric for rubric in question.rubrics}
    tasks = {task.task_id: task for task in question.tasks}
    occupations = {one.occupation_code: one for one in question.release.occupations}
    pairs = []
    for rating in bench.store.ratings.load(cells):
        if rating.status is Status.RATED and rating.category and not rating.rationale:
            rubric, task = rubrics[rating.rubric], tasks[rating.task_id]
            messages = render_rationale(rubric, occupations[task.occupation_code], task, rating.category)
            params = {**rater.params, "max_tokens": TOKENS, "temperature": 0}
            cell = cells[rating.cell_hash].model_copy(update={"messages": messages, "probes": (), "params": params})
            pairs.append((cell, rating))
    return sorted(pairs, key=lambda pair: (pair[1].rubric, pair[1].category or ""))


async def _ask_all(
    provider: Provider,
    missing: Sequence[tuple[Cell, Rating]],
    found: list[Rating],
    observe: Callable[[Progress], None],
) -> None:
    progress = Progress(total=len(missing))
    try:
        for cell, rating in missing:
            found.append(_explained(rating, await provider.ask(cell)))
            progress.done += 1
            observe(progress)
    finally:
        await provider.aclose()


def _explained(rating: Rating, reply: Reply) -> Rating:
    """The same Rating with a reason; tokens and time are those of this request alone."""
    return rating.model_copy(
        update={
            "rating_id": sha256_json([rating.rating_id, ILLUSTRATIVE]),
            "derived_from": rating.rating_id,
            "rationale": read_rationale(reply),
            "evidence": ILLUSTRATIVE,
            **dict(reply.usage),
            "attempts": 1,
            "latency_ms": reply.latency_ms,
            "finish_reason": reply.finish_reason,
            "created_at": datetime.now(UTC),
            "raw": (*rating.raw, {"purpose": "rationale", "request": reply.sent, "response": reply.body}),
        }
    )
