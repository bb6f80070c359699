"""A profile without a model: fixed sentences, filled with what a rater's scores and O*NET pick out.

It answers a Cell like any provider, from the facts in the message alone, so that plan, resume, store and checker treat
it like one; `served_model` and the rater's name say that no model wrote a word.
"""

import json
from collections.abc import Iterator, Sequence

from scorer.domain.profile import Section, Sentence
from scorer.domain.rating import Cell, Json, Reply, Usage
from scorer.profiles.facts import GROWTH, Facts, LabourFact, TaskFact, read_facts
from scorer.rubrics import facts_in

TEMPLATE = "template@2"
PICKED = 3
"""Tasks that a section picks."""
NAMED = 5
"""Skills and technologies that a sentence names."""
_QUESTIONS = {
    "median_pay": "What does the work pay?",
    "employment": "How many people are employed in it?",
    "growth": "What is projected for its employment?",
}
WORDS = 14
"""Words of a statement that are quoted."""


class TemplateProvider:
    """Fills the template for each Cell; costs nothing and needs no network. See `scorer.providers.Provider`."""

    async def ask(self, cell: Cell) -> Reply:
        """The profile, in the shape of a chat completion, so that it is kept and read again like one."""
        message = cell.messages[-1].content
        sentences = [one.model_dump(mode="json") for one in fill(read_facts(facts_in(message)))]
        text = json.dumps({"sentences": sentences}, ensure_ascii=False)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        body = json.dumps({"model": TEMPLATE, "choices": [choice]}, ensure_ascii=False)
        sent = {"model": TEMPLATE, "messages": [one.model_dump(mode="json") for one in cell.messages]}
        usage = Usage(input_tokens=0, cached_tokens=0, output_tokens=0)
        return Reply(body=body, sent=sent, text=text, finish_reason="stop", served_model=TEMPLATE, usage=usage)

    async def about(self) -> Json:
        """What there is to know: nothing but its version."""
        return {"template": TEMPLATE}

    async def aclose(self) -> None:
        """Nothing is held open."""


def fill(facts: Facts) -> Iterator[Sentence]:
    """The sentences, section by section; a section for which the facts have nothing is left out."""
    high = [task for task in facts.tasks if task.rated in {"high", "middle"}][:PICKED]
    low = [task for task in reversed(facts.tasks) if task.rated == "low"][:PICKED]
    yield from (_of(Section.RISKS, _rated(task, facts), task.ref) for task in high)
    yield from _today(facts)
    yield from (_of(Section.PEOPLE_REMAIN, _rated(task, facts), task.ref) for task in low)
    yield from _tools(facts)
    yield from _skills(facts)
    yield from _checklist(high, low)
    yield from _questions(facts, high, low)


def _of(section: Section, sentence: str, *refs: str, question: str = "") -> Sentence:
    return Sentence(section=section.value, sentence=sentence, question=question, refs=refs)


def _rated(task: TaskFact, facts: Facts) -> str:
    """What the scores say of a task; a held score is a word and no number."""
    if task.score is None:
        return f"Rated {task.rated} on {facts.scores['meaning']}, figures held: “{_quote(task)}”"
    return f"{facts.scores['meaning']} {task.score:g}: “{_quote(task)}”"


def _quote(task: TaskFact) -> str:
    words = task.statement.split()
    return task.statement if len(words) <= WORDS else f"{' '.join(words[:WORDS])} …"


def _today(facts: Facts) -> Iterator[Sentence]:
    for name, value in sorted(facts.figures.items(), key=lambda figure: figure[0] != facts.scores.get("meaning")):
        yield _of(Section.AI_TODAY, f"{name}, {facts.title}: {value:g}.", facts.ref)
    for entry in [one for one in facts.evidence if any(ref.startswith("task:") for ref in one.touches)][:PICKED]:
        tasks = [ref for ref in entry.touches if ref.startswith("task:")][:NAMED]
        yield _of(
            Section.AI_TODAY,
            f"{entry.name} ({entry.publisher}, {entry.dated}) is filed under tasks of this occupation: {entry.says}",
            entry.ref,
            *tasks,
        )


def _tools(facts: Facts) -> Iterator[Sentence]:
    asked_for = [one for one in facts.technologies if one.note][:NAMED]
    if asked_for:
        names = "; ".join(one.name for one in asked_for)
        yield _of(
            Section.TOOLS, f"Technologies that its job postings name often: {names}.", *(one.ref for one in asked_for)
        )
    for entry in facts.evidence:
        named = [ref for ref in entry.touches if ref.startswith("technology:")][:PICKED]
        if named:
            names = "; ".join(ref.partition(":")[2] for ref in named)
            yield _of(
                Section.TOOLS, f"{entry.name} ({entry.dated}) is filed under {names}: {entry.says}", entry.ref, *named
            )


def _skills(facts: Facts) -> Iterator[Sentence]:
    weighty = [one for one in facts.skills if one.importance is not None][:NAMED]
    if weighty:
        names = "; ".join(f"{one.name} ({one.importance:.1f} of 5)" for one in weighty)
        yield _of(Section.SKILLS, f"Skills by importance in O*NET: {names}.", *(one.ref for one in weighty))


def _checklist(high: Sequence[TaskFact], low: Sequence[TaskFact]) -> Iterator[Sentence]:
    for task in high[:1]:
        yield _of(Section.CHECKLIST, f"Read what raters gave as the reason for this task: “{_quote(task)}”", task.ref)
    for task in low[:1]:
        yield _of(Section.CHECKLIST, f"Compare your own week with this task, rated low: “{_quote(task)}”", task.ref)


def _questions(facts: Facts, high: Sequence[TaskFact], low: Sequence[TaskFact]) -> Iterator[Sentence]:
    for task in high[:1]:
        yield _of(
            Section.FAQ,
            f"Not by these figures: they say what systems can do with “{_quote(task)}”, and nothing of employers.",
            task.ref,
            question="Does such a rating mean that the work goes away?",
        )
    for task in low[:1]:
        yield _of(
            Section.FAQ,
            f"By these ratings the furthest from AI is: “{_quote(task)}”",
            task.ref,
            question=f"What stays with people among {facts.title}?",
        )
    for one in facts.labour:
        if one.value is not None:
            yield _of(Section.FAQ, f"{_figure(one)} ({one.source}).", one.ref, question=_QUESTIONS[_kind(one)])


def _kind(one: LabourFact) -> str:
    return one.ref.split(":")[1]


def _figure(one: LabourFact) -> str:
    of = f" of {one.proxy_of}, which stands in" if one.proxy_of else ""
    number = f"{one.value:,.1f}" if one.name == GROWTH else f"{one.value:,.0f}"
    return f"{one.name[0].upper()}{one.name[1:]}{of}, {one.period}: {number}"
