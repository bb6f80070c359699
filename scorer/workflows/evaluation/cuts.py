"""Cuts of a probes rater: where the signed sum of its probes passes from one category to the next.

Measured once for a rater and a rubric, on tasks drawn at random, without a label: the cuts are the quantiles of their
sums at the priors that the rubric states. They are then a constant, written down in scorer.toml (or with the raters
that ship), so that the reading of a Cell depends on nothing that is rated beside it.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from scorer.domain.catalogue import OnetRelease, Task
from scorer.domain.rating import AnswerMode, Cell, Rater
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError
from scorer.providers import Provider
from scorer.rating import Progress, Series
from scorer.rubrics import chosen_probes, load_rubric, open_probes, read_answer, signed_sum
from scorer.workflows.rating.raters import chosen_raters, reach
from scorer.workflows.workspace.bench import Bench

FEWEST = 30
"""Sums that quantiles need to say anything."""


class Cuts(NamedTuple):
    """What was measured.

    Attributes:
        cuts: log-odds, ascending, rounded to two decimals.
        n: tasks whose probes could be read.
        seed: of the draw.
        onet_release: the catalogue release the tasks were drawn from.
    """

    rater: str
    rubric: str
    cuts: tuple[float, ...]
    n: int
    seed: int
    onet_release: str

    @property
    def setting(self) -> str:
        """The line for scorer.toml."""
        return f'cuts."{self.rubric}" = [{", ".join(f"{cut:g}" for cut in self.cuts)}]'


def measure_cuts(
    bench: Bench, name: str, rubrics: Sequence[str], *, n: int, seed: int, observe: Callable[[Progress], None]
) -> list[Cuts]:
    """Ask a rater the probes of rubrics about tasks drawn at random from the current catalogue release.

    Rubrics that ask the same probes share the answers. Nothing is stored.

    Args:
        bench: the workspace.
        name: a rater with answer = "probes".
        rubrics: names or paths.
        n: tasks to draw.
        seed: of the draw.
        observe: told how far it is.

    Raises:
        ConfigurationError: the rater is asked no probes, or too few of its answers can be read.
        RubricError: a rubric has no probes.
    """
    (rater,) = chosen_raters(bench, [name])
    if rater.answer is not AnswerMode.PROBES:
        raise ConfigurationError(f'rater `{name}` has answer = "{rater.answer}": only answer = "probes" has cuts')
    asked = [load_rubric(reference) for reference in rubrics]
    release = bench.store.catalogue.load(None)
    tasks = random.Random(seed).sample(list(release.tasks), min(n, len(release.tasks)))  # noqa: S311 - a sample, no secret
    questions = {_question(rater, rubric): rubric for rubric in asked}
    with reach(bench, rater) as reached:
        cells = {key: _cells(rater, rubric, tasks, release) for key, rubric in questions.items()}
        sums = asyncio.run(_sums(rater, questions, cells, reached.provider, observe))
    return [_cuts(rater, rubric, sums[_question(rater, rubric)], seed, release.name) for rubric in asked]


def cuts_at_priors(rubric: Rubric, sums: Sequence[float]) -> tuple[float, ...]:
    """The quantiles of signed sums at the cumulated priors of the categories, from the lowest number on."""
    priors = {category.value: category.prior or 0.0 for category in rubric.categories}
    at = list(accumulate(priors[value] for value in rubric.ordered_values))[:-1]
    return tuple(round(float(cut), 2) for cut in np.quantile(np.asarray(sums), at))


def _question(rater: Rater, rubric: Rubric) -> tuple[object, ...]:
    return (rubric.probe_user, *open_probes(rubric, rater.probes, examples=rater.examples))


def _cells(rater: Rater, rubric: Rubric, tasks: Sequence[Task], release: OnetRelease) -> list[Cell]:
    anywhere = {rubric.id: tuple(map(float, range(len(rubric.categories) - 1)))}
    series = Series(rater.model_copy(update={"cuts": anywhere}), rubric, "base")
    occupations = {one.occupation_code: one for one in release.occupations}
    return [series.cell(occupations[task.occupation_code], task) for task in tasks]


async def _sums(
    rater: Rater,
    questions: dict[tuple[object, ...], Rubric],
    cells: dict[tuple[object, ...], list[Cell]],
    provider: Provider,
    observe: Callable[[Progress], None],
) -> dict[tuple[object, ...], list[float]]:
    """The signed sums that could be read, by question, in the order of the tasks."""
    progress = Progress(total=sum(map(len, cells.values())))
    at_once = asyncio.Semaphore(rater.limits.concurrency)

    async def ask(rubric: Rubric, cell: Cell) -> float | None:
        async with at_once:
            reply = await provider.ask(cell)
        progress.done += 1
        observe(progress)
        readings = read_answer(rubric, reply, AnswerMode.PROBES, cell.answer_schema).readings
        signs = {probe.name: probe.sign for probe in chosen_probes(rubric, rater.probes)}
        return signed_sum(readings, signs) if readings else None

    try:
        found = {}
        for key, rubric in questions.items():
            sums = await asyncio.gather(*(ask(rubric, cell) for cell in cells[key]))
            found[key] = [one for one in sums if one is not None]
        return found
    finally:
        await provider.aclose()


def _cuts(rater: Rater, rubric: Rubric, sums: Sequence[float], seed: int, release: str) -> Cuts:
    if len(sums) < FEWEST:
        raise ConfigurationError(
            f"rater `{rater.name}`: the probes of {rubric.id} could be read for {len(sums)} tasks only, "
            f"{FEWEST} are needed; `scorer raters check` says what it answers"
        )
    return Cuts(rater.name, rubric.id, cuts_at_priors(rubric, sums), len(sums), seed, release)
