"""scorer rubrics: the questions, their scales, and the lock that keeps used versions as they are."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.evaluation import Undefined
from scorer.rubrics import available, check_lock, load_rubric, write_lock
from scorer.workflows.evaluation.rubric_comparison import compare_rated_rubrics

app = typer.Typer(no_args_is_help=True, help="Rubrics: list, show, check, lock, compare.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="NAME, NAME@VERSION or the path of a rubric file.")]


@app.command("list")
def list_rubrics(as_json: AsJson = False) -> None:
    """List the rubrics that come with the project."""
    rows = [(r.id, r.title, r.level.value, r.values, r.source, r.sha256) for r in available()]
    show_table(
        "Rubrics",
        ("rubric", "title", "level", "categories", "source", "sha256"),
        rows,
        as_json=as_json,
        only_json=("source", "sha256"),
    )


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show the scale and the prompt of a rubric."""
    rubric = load_rubric(name)
    if as_json:
        show_json(rubric.model_dump(mode="json"))
        return
    say(f"{rubric.id}: {rubric.title} ({rubric.source})")
    rows = [(c.value, c.number, c.label, c.anchor) for c in rubric.categories]
    show_table("Scale", ("value", "number", "label", "anchor"), rows, as_json=False)
    for line in rubric.system.splitlines():
        say(line)


@app.command()
def check(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A rubric; all of the project's where none is named.")
    ] = None,
) -> None:
    """Check rubric files and the lock. An error names file and line."""
    rubrics = [load_rubric(name)] if name else available()
    check_lock()
    say(f"fine: {', '.join(rubric.id for rubric in rubrics)}")


@app.command()
def lock() -> None:
    """Add new versions to prompts.lock. A version that is in it can never change."""
    added = write_lock()
    say(f"added: {', '.join(added)}" if added else "nothing to add: every version is locked")


@app.command()
def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help="A rubric with its version, such as coverage@1.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one with the same scale.")],
    labels: Annotated[str | None, typer.Option("--labels", metavar="SET", help="A label set; default: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two wordings on the same labels. B minus A for every rater that answered both."""
    rows = []
    for one in compare_rated_rubrics(bench_of(context), first, second, labels):
        value, interval = one.difference.difference
        low, high = (None, None) if isinstance(interval, Undefined) else interval
        reason = str(value if isinstance(value, Undefined) else interval) if low is None else None
        numbers = [None if isinstance(x, Undefined) else x for x in (one.difference.other, one.difference.one, value)]
        rows.append((one.rater, one.label_set, one.metric, *numbers, low, high, one.difference.n, reason))
    columns = ("rater", "labels", "metric", "a", "b", "b_minus_a", "low", "high", "tasks", "reason_undefined")
    show_table(f"{second} minus {first}, 95 % intervals of the paired difference", columns, rows, as_json=as_json)
