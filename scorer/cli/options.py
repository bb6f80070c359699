"""Options that several commands share, each said once."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from scorer.catalogue import Selection, read_task_file
from scorer.domain.catalogue import TaskKind
from scorer.domain.rating import FIRST_OCCASION, Status
from scorer.rating import EngineName
from scorer.workflows.rating.asked import Asked

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Rubrics = Annotated[
    list[str] | None, typer.Option("--rubric", metavar="NAME", help="NAME, NAME@VERSION or a rubric file; repeatable.")
]
Raters = Annotated[
    list[str] | None, typer.Option("--rater", metavar="NAME", help="A rater; repeatable. Default: the panel.")
]
Occupations = Annotated[
    list[str] | None,
    typer.Option("--occupation", metavar="CODE", help="O*NET-SOC code, or a pattern such as '15-*'; repeatable."),
]
Kinds = Annotated[
    list[TaskKind] | None,
    typer.Option("--kind", metavar="KIND", help="core, supplemental or unclassified; repeatable."),
]
TaskFile = Annotated[Path | None, typer.Option("--task-file", metavar="FILE", help="CSV with a task_id column.")]
Sample = Annotated[
    int | None,
    typer.Option("--sample", min=1, metavar="N", help="So many tasks, the same number from each SOC major group."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the sample.")]
Everything = Annotated[bool, typer.Option("--all", help="All tasks of the release.")]
Repeats = Annotated[int, typer.Option("--repeats", min=1, metavar="K", help="Ask each task so many times.")]
Variants = Annotated[int, typer.Option("--variants", min=1, metavar="K", help="Ask in so many wordings of the rubric.")]
BudgetUsd = Annotated[
    float | None,
    typer.Option("--budget-usd", min=0.0, metavar="USD", help="Spend no more than this. Default: scorer.toml's."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before spending more than `confirm_usd` of scorer.toml.")]
AllowUnpriced = Annotated[
    bool, typer.Option("--allow-unpriced", help="Ask raters of unknown price, too: no budget counts them.")
]
Retry = Annotated[
    list[Status] | None,
    typer.Option("--retry", metavar="STATUS", help="Ask Cells whose rating has this status again; repeatable."),
]
Occasion = Annotated[
    str,
    typer.Option("--occasion", metavar="NAME", help="Ask every Cell anew under this name; `first` is the plain one."),
]
EngineOption = Annotated[
    EngineName,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="local (this process), batch (a provider's Batch API) or ray (several machines).",
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        help="With --engine ray: the head of a cluster. Default: [ray] in scorer.toml, else this machine alone.",
    ),
]
OnetReleaseName = Annotated[
    str | None, typer.Option("--onet-release", metavar="NAME", help="Default: the newest one imported.")
]


def with_selection(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the selection; it gets what they ask for as its argument `asked`.

    Typer reads options from a signature, and several commands take the same dozen: they are said once, in `_asked`.
    """
    shared = inspect.signature(_asked).parameters
    own = {name: one for name, one in inspect.signature(command).parameters.items() if name != "asked"}

    @functools.wraps(command)
    def taking_selection(**given: Any) -> None:  # noqa: ANN401 - whatever typer read
        asked = _asked(**{name: given.pop(name) for name in shared})
        command(asked=asked, **given)

    parameters = {**own, **shared}
    taking_selection.__annotations__ = {name: one.annotation for name, one in parameters.items()}
    by_keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters.values()]
    setattr(taking_selection, "__signature__", inspect.Signature(by_keyword))  # noqa: B010 - not an attribute mypy knows
    return taking_selection


def _asked(
    *,
    rubric: Rubrics = None,
    rater: Raters = None,
    occupation: Occupations = None,
    kind: Kinds = None,
    task_file: TaskFile = None,
    sample: Sample = None,
    seed: Seed = 0,
    everything: Everything = False,
    repeats: Repeats = 1,
    variants: Variants = 1,
    occasion: Occasion = FIRST_OCCASION,
    onet_release: OnetReleaseName = None,
) -> Asked:
    """What the options of a selection ask for."""
    return Asked(
        rubrics=tuple(rubric or ()),
        raters=tuple(rater or ()),
        selection=Selection(
            occupations=tuple(occupation or ()),
            kinds=tuple(kind or ()),
            task_ids=read_task_file(task_file) if task_file else (),
            sample=sample,
            seed=seed,
        ),
        everything=everything,
        repeats=repeats,
        variants=variants,
        onet_release=onet_release,
        occasion=occasion,
    )
