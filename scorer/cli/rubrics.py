"""scorer rubrics: the questions, their scales, and the lock that keeps used versions as they are."""

from typing import Annotated

import typer

from scorer.cli.options import AsJson
from scorer.cli.show import say, show_json, show_table
from scorer.rubrics import available, check_lock, load_rubric, write_lock

app = typer.Typer(no_args_is_help=True, help="Rubrics: list, show, check, lock.")

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
