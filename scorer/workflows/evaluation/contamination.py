"""Ask a rater what it remembers of a published label set, and keep what that showed."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from eval.contamination import (
    FEWEST,
    Question,
    Remembered,
    TaskRow,
    finding,
    order_questions,
    recall_questions,
    remembered,
    what_shows,
)
from scorer.domain.contamination import Contamination, MemoryProbe
from scorer.domain.evaluation import Label, LabelOrigin
from scorer.domain.rating import AnswerMode, Cell, Json, Message, Rater
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError, LabelError, TransientError
from scorer.providers import Provider, request_params
from scorer.rating import Progress
from scorer.rubrics import load_rubric
from scorer.rubrics.contamination import Row, ask_label, ask_next, contamination_wording, memory_schema, read_memory
from scorer.workflows.rating.raters import chosen_raters, reach
from scorer.workflows.workspace.bench import Bench

SEED = 0
WHAT = {MemoryProbe.LABEL_RECALL: "labels", MemoryProbe.FILE_ORDER: "rows"}
Observe = Callable[[Progress], None]


def probe_memory(
    bench: Bench, name: str, label_set: str, observe: Observe, *, n: int, rubric: str | None = None
) -> list[Contamination]:
    """Ask a rater for the labels of rows and for rows that follow, at most n of each.

    Args:
        bench: the workspace.
        name: a rater that answers in JSON.
        label_set: a set that is not private.
        observe: told how far it is.
        n: questions of each kind.
        rubric: whose labels, where the set has several.

    Raises:
        LabelError: no such set, or it is private, or has labels on several rubrics and none was named.
        ConfigurationError: the rater cannot be asked, or does not answer in JSON.
        PermanentError: the endpoint refuses.
    """
    known = bench.store.labels.find(label_set)
    if known.is_private:
        raise LabelError(f"label set `{label_set}` is private: nothing of it is ever put into a prompt")
    about = _rubric(bench, label_set, known.rubrics, rubric)
    (rater,) = chosen_raters(bench, [name])
    if rater.answer is not AnswerMode.JSON:
        raise ConfigurationError(
            f'rater `{name}` has answer = "{rater.answer}": what it remembers can be asked of answer = "json" only'
        )
    rows, titles = _rows(bench, label_set, about)
    questions = {
        MemoryProbe.LABEL_RECALL: recall_questions(rows, n, SEED),
        MemoryProbe.FILE_ORDER: order_questions(rows, n, SEED),
    }
    if all(len(asked) < FEWEST for asked in questions.values()):
        raise LabelError(f"label set `{label_set}` has too few tasks to ask about: {FEWEST} are needed")
    asker = _Asker(rater, about, known.source, titles)
    with reach(bench, rater) as reached:
        answers = asyncio.run(asker.ask_all(questions, reached.provider, observe))
    found = [_found(rater, label_set, about, probe, answers[probe]) for probe in questions]
    bench.store.contamination.add(found)
    return found


def _rubric(bench: Bench, label_set: str, known: Sequence[str], named: str | None) -> Rubric:
    if named is None and len(known) > 1:
        raise LabelError(f"label set `{label_set}` is about {', '.join(known)}: say which with --rubric")
    reference = named or known[0]
    about = bench.store.rubrics.all().get(reference) or load_rubric(reference)
    if about.id not in known:
        raise LabelError(f"label set `{label_set}` has no labels on {about.id}; it has {', '.join(known)}")
    return about


def _rows(bench: Bench, label_set: str, rubric: Rubric) -> tuple[list[TaskRow], dict[str, str]]:
    """The labelled tasks in the order of the file, with the text that was labelled where known; titles by code."""
    labels: dict[str, list[Label]] = {}
    for label in bench.store.labels.load(rubric.id, label_set):
        if label.origin is not LabelOrigin.REVIEW:
            labels.setdefault(label.task_id, []).append(label)
    catalogue = bench.store.catalogue
    releases = [catalogue.load(one.name) for one in catalogue.summaries()]
    titles = {one.occupation_code: one.title for release in releases for one in release.occupations}
    tasks = {}
    for task in (task for release in releases for task in release.tasks if task.task_id in labels):
        if task.task_id not in tasks or task.statement_sha256 == labels[task.task_id][0].statement_sha256:
            tasks[task.task_id] = task
    order = [task_id for task_id in bench.store.labels.in_file_order(label_set, rubric.id) if task_id in tasks]
    said = {task_id: {label.category for label in own} for task_id, own in labels.items()}
    rows = [
        TaskRow(one, tasks[one].occupation_code, tasks[one].statement, min(said[one]) if len(said[one]) == 1 else None)
        for one in order
    ]
    return rows, titles


class _Asker:
    """Turns questions into Cells and replies into what was remembered."""

    def __init__(self, rater: Rater, rubric: Rubric, source: str, titles: dict[str, str]) -> None:
        self._rater, self._rubric, self._source, self._titles = rater, rubric, source, titles

    async def ask_all(
        self, questions: dict[MemoryProbe, list[Question]], provider: Provider, observe: Observe
    ) -> dict[MemoryProbe, list[Remembered | None]]:
        """What was remembered, None where a reply was no answer."""
        progress = Progress(total=sum(map(len, questions.values())))
        at_once = asyncio.Semaphore(self._rater.limits.concurrency)

        async def ask(question: Question) -> Remembered | None:
            async with at_once:
                answer = await self._answer(question, provider)
            progress.done += 1
            observe(progress)
            return None if answer is None else remembered(question, answer)

        try:
            return {probe: list(await asyncio.gather(*map(ask, asked))) for probe, asked in questions.items()}
        finally:
            await provider.aclose()

    async def _answer(self, question: Question, provider: Provider) -> str | None:
        values = () if question.shown else self._rubric.values
        row = Row(self._source, question.row.occupation, self._titles.get(question.row.occupation, ""))
        messages = ask_next(row, question.shown) if question.shown else ask_label(row, question.row.task_id, values)
        try:
            reply = await provider.ask(self._cell(question, messages, memory_schema(values)))
        except TransientError:
            return None
        return read_memory(reply.text, values)

    def _cell(self, question: Question, messages: tuple[Message, ...], schema: Json) -> Cell:
        rater, wording = self._rater, contamination_wording()
        return Cell(
            task_id=question.row.task_id,
            rubric=wording.id,
            rater=rater.name,
            messages=messages,
            answer_schema=schema,
            provider=rater.provider,
            model=rater.weights_sha256 or rater.model,
            params=request_params(rater, schema),
            statement_sha256="",
            rubric_sha256=wording.sha256,
        )


def _found(
    rater: Rater, label_set: str, rubric: Rubric, probe: MemoryProbe, answers: Sequence[Remembered | None]
) -> Contamination:
    wording = contamination_wording()
    usable = [one for one in answers if one is not None]
    shown = what_shows(usable, SEED)
    low, high = shown.interval or (None, None)
    return Contamination(
        rater=rater.name,
        model=rater.model,
        label_set=label_set,
        rubric=rubric.id,
        probe=probe,
        prompt=wording.id,
        prompt_sha256=wording.sha256,
        own=shown.own,
        control=shown.control,
        difference=shown.difference,
        ci_low=low,
        ci_high=high,
        n=shown.n,
        n_unusable=len(answers) - len(usable),
        seed=SEED,
        finding=finding(shown, WHAT[probe]),
        reason_undefined=shown.reason,
        asked_at=datetime.now(UTC),
    )
