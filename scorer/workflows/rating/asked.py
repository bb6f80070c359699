"""What a command asks for: which raters, rubrics and tasks, how often. The same everywhere."""

from collections.abc import Sequence
from typing import NamedTuple

from scorer.catalogue import Selection, select
from scorer.domain.base import Frozen
from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.rating import FIRST_OCCASION, Rater, Status
from scorer.domain.rubric import Rubric
from scorer.errors import CatalogueError
from scorer.rating import Asking, asking
from scorer.rubrics import load_rubric, variants
from scorer.workflows.rating.raters import chosen_raters
from scorer.workflows.workspace.bench import Bench

MAIN_RUBRIC = "coverage"


class Asked(Frozen):
    """The selection of a command.

    Attributes:
        rubrics: `coverage`, `exposure@1`, or a path; the main rubric where empty.
        raters: names; the panel where empty, and every configured rater where there is no panel.
        everything: all tasks of the release. Asking for nothing in particular is an error, since it costs money.
        repeats, variants: how often and in how many wordings each task is asked.
        onet_release: None means the current one.
        occasion: another name asks every Cell anew, beside what was answered before.
        again: Cells whose rating has one of these statuses are asked again.
    """

    rubrics: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    selection: Selection = Selection()
    everything: bool = False
    repeats: int = 1
    variants: int = 1
    onet_release: str | None = None
    occasion: str = FIRST_OCCASION
    again: tuple[Status, ...] = ()


class Question(NamedTuple):
    """A selection with every name looked up: what exactly is asked of whom."""

    release: OnetRelease
    tasks: Sequence[Task]
    raters: Sequence[Rater]
    rubrics: Sequence[Rubric]
    repeats: int
    variants: int
    occasion: str
    again: tuple[Status, ...]

    def asking(self) -> Asking:
        """The Cells of the question."""
        return asking(
            self.raters,
            self.rubrics,
            self.tasks,
            {one.occupation_code: one for one in self.release.occupations},
            variants={rubric.id: variants(rubric, self.variants) for rubric in self.rubrics},
            repeats=self.repeats,
            occasion=self.occasion,
        )


def look_up(bench: Bench, asked: Asked) -> Question:
    """Look up every name of a selection.

    Raises:
        CatalogueError: nothing is selected, or a name is unknown.
        RubricError, ConfigurationError: the same of rubrics and raters.
    """
    selection = asked.selection
    if usable := [status.value for status in asked.again if status in {Status.RATED, Status.FAILED}]:
        why = "it is asked again by every run" if usable[0] == Status.FAILED else "use --occasion NAME to ask anew"
        raise CatalogueError(f"--retry {usable[0]}: {why}")
    refuse_nothing(asked)
    rubrics = [load_rubric(name) for name in asked.rubrics or (MAIN_RUBRIC,)]
    raters = chosen_raters(bench, asked.raters)
    release = bench.store.catalogue.load(asked.onet_release)
    return Question(
        release, select(release, selection), raters, rubrics, asked.repeats, asked.variants, asked.occasion, asked.again
    )


def refuse_nothing(asked: Asked) -> None:
    """Refuse a selection that names nothing: all of it must be asked for.

    Raises:
        CatalogueError: nothing is selected.
    """
    if not asked.everything and asked.selection == Selection(seed=asked.selection.seed):
        raise CatalogueError("say which tasks: --occupation CODE, --sample N, --task-file FILE, or --all")
