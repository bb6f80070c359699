"""scorer review: tasks on which raters disagree, and drawn samples, answered one by one."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.review import Answer
from scorer.domain.review_cases import BlindCard, Case, Reveal
from scorer.workflows.review.cases import answer_case, blind_card, credit_lines, reported_apart, resolve_case, reveal
from scorer.workflows.review.queue import review_queue
from scorer.workflows.review.samples import label_draw, list_samples, next_draw

app = typer.Typer(no_args_is_help=True, help="Review: disagreements answered blind and settled; samples.")

Reviewer = Annotated[str, typer.Option("--reviewer", metavar="NAME", help="Who answers; stands in the log.")]
TaskId = Annotated[str, typer.Argument(metavar="TASK", help="Its task_id.")]
OneRubric = Annotated[str, typer.Option("--rubric", metavar="NAME", help="NAME or NAME@VERSION.")]
AnyRubric = Annotated[
    str | None, typer.Option("--rubric", metavar="NAME", help="NAME or NAME@VERSION. Default: every rated rubric.")
]
SampleId = Annotated[
    str | None, typer.Option("--sample", metavar="ID", help="A sample drawn by `scorer labels sample` instead.")
]
CategoryName = Annotated[str, typer.Option("--category", metavar="CATEGORY", help="As the rubric spells it.")]
After = Annotated[int, typer.Option("--after", min=0, metavar="N", help="Pass over so many, to come back to them.")]


@app.command("list")
def list_command(
    context: typer.Context,
    rubric: AnyRubric = None,
    show_all: Annotated[bool, typer.Option("--all", help="Settled cases as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the cases, the most urgent first, and how far the reviewing is. Nobody's answer is shown."""
    bench = bench_of(context)
    queue = review_queue(bench, rubric)
    columns = ("task_id", "rubric", "occupation", "moves", "nearness", "urgency", "answers", "resolved_by")
    rows = [_line(case) for case in (queue if show_all else queue.open())]
    apart = [one._asdict() for one in reported_apart(bench, queue)]
    samples = [one._asdict() for one in list_samples(bench)]
    if as_json:
        cases = [dict(zip(columns, row, strict=True)) for row in rows]
        show_json({"progress": queue.progress._asdict(), "cases": cases, "resolutions": apart, "samples": samples})
        return
    show_table("Cases", columns, rows, as_json=False)
    far = queue.progress
    twice = f"{far.answered:,} answered, {far.answered_twice:,} of them twice"
    say(f"{far.cases:,} cases: {twice}, {far.resolved:,} settled")
    if apart:
        show_table(
            "Raters beside the resolutions (no agreement)",
            tuple(apart[0]),
            [list(one.values()) for one in apart],
            as_json=False,
        )
    if samples:
        show_table("Samples", tuple(samples[0]), [_flat(one) for one in samples], as_json=False)
    for name in queue.by_all:
        note(f"{name}: fewer than two raters passed, so all raters are compared")


@app.command("next")
def next_command(
    context: typer.Context,
    reviewer: Reviewer,
    rubric: AnyRubric = None,
    sample: SampleId = None,
    after: After = 0,
    as_json: AsJson = False,
) -> None:
    """Show the next task to answer: the text and the question, no score. Exit status 1 when nothing is left."""
    bench = bench_of(context)
    if sample:
        drawn = next_draw(bench, sample, reviewer, after)
        card, extra = drawn and drawn.card, {"sample_id": sample, "done": drawn and drawn.done}
    else:
        case = review_queue(bench, rubric).next_for(reviewer, after)
        card, extra = case and blind_card(case), {}
    if card is None:
        note(f"nothing is left for {reviewer} to answer here")
        raise typer.Exit(1)
    if as_json:
        show_json({**_card_json(card), **extra})
        return
    _say_card(card)
    for line in credit_lines(bench):
        note(line)
    what = f"--sample {sample}" if sample else f"--rubric {card.rubric.id}"
    say(f"scorer review answer {card.task.task_id} {what} --reviewer {reviewer} --category ...")


@app.command("answer")
def answer_command(
    context: typer.Context,
    task: TaskId,
    reviewer: Reviewer,
    category: CategoryName,
    rubric: OneRubric = "coverage",
    sample: SampleId = None,
    reason: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why, if you like.")] = None,
    as_json: AsJson = False,
) -> None:
    """Answer about a task without having seen a score. Then what raters and reviewers said is shown.

    Of a drawn sample nothing is shown: its labels judge the raters and stay blind.
    """
    bench, said = bench_of(context), Answer(reviewer, category, reason)
    if sample:
        is_new = label_draw(bench, sample, task, said)
        kept = {"task_id": task, "sample_id": sample, "category": category, "is_new": is_new}
        show_json(kept) if as_json else say(f"{task}: {category}" + ("" if is_new else " (said before)"))
        return
    answer_case(bench, rubric, task, said)
    _show_reveal(reveal(bench, rubric, task, reviewer), as_json=as_json)


@app.command("show")
def show_command(
    context: typer.Context, task: TaskId, reviewer: Reviewer, rubric: OneRubric = "coverage", as_json: AsJson = False
) -> None:
    """Show all that was said about a case, to a reviewer who has answered; a settled case to anybody."""
    _show_reveal(reveal(bench_of(context), rubric, task, reviewer), as_json=as_json)


@app.command("resolve")
def resolve_command(
    context: typer.Context,
    task: TaskId,
    reviewer: Reviewer,
    category: CategoryName,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is so, in a sentence or more.")],
    rubric: OneRubric = "coverage",
    as_json: AsJson = False,
) -> None:
    """Settle a case that you have answered. It leaves the queue and becomes a label of origin `review`.

    Such labels stand with the task and never count in agreement or at the gate.
    """
    is_new = resolve_case(bench_of(context), rubric, task, Answer(reviewer, category, reason))
    if as_json:
        show_json({"task_id": task, "category": category, "resolved_by": reviewer, "is_new": is_new})
        return
    say(f"{task}: settled as {category} by {reviewer}" + ("" if is_new else " (it was already)"))


def _line(case: Case) -> tuple[object, ...]:
    settled = case.resolution.reviewer if case.resolution else None
    named = f"{case.occupation.occupation_code} {case.occupation.title}"
    figures = (case.moves, case.nearness, case.urgency, len(case.answers))
    return case.task.task_id, case.rubric.id, named, *figures, settled


def _flat(sample: dict[str, object]) -> list[object]:
    labelled = sample["labelled"]
    who = [f"{name}: {n}" for name, n in labelled.items()] if isinstance(labelled, dict) else []
    return [who if key == "labelled" else value for key, value in sample.items()]


def _card_json(card: BlindCard) -> dict[str, object]:
    return {
        "task_id": card.task.task_id,
        "rubric": card.rubric.id,
        "occupation_code": card.occupation.occupation_code,
        "occupation": card.occupation.title,
        "statement": card.task.statement,
        "question": card.rubric.title,
        "categories": [one.model_dump(include={"value", "label", "anchor"}) for one in card.rubric.categories],
    }


def _say_card(card: BlindCard) -> None:
    say(f"{card.occupation.title} ({card.occupation.occupation_code}), {card.task.kind} task {card.task.task_id}")
    say(card.task.statement, style="bold")
    rows = [(one.value, one.label, one.anchor) for one in card.rubric.categories]
    show_table(f"{card.rubric.id}: {card.rubric.title}", ("category", "name", "means"), rows, as_json=False)


def _show_reveal(shown: Reveal, *, as_json: bool) -> None:
    events = [one.model_dump(mode="json") for one in shown.case.events]
    ratings = [one._asdict() for one in shown.ratings]
    if as_json:
        show_json(
            {**_card_json(blind_card(shown.case)), "spread": shown.case.spread, "ratings": ratings, "log": events}
        )
        return
    say(shown.case.task.statement, style="bold")
    if ratings:
        columns = ("rater", "category", "score", "rationale")
        show_table("Raters", columns, [[one[name] for name in columns] for one in ratings], as_json=False)
    log = ("reviewer", "act", "category", "reason", "created_at")
    show_table("Reviewers", log, [[one[name] for name in log] for one in events], as_json=False)
