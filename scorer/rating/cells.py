"""The Cells of a selection: every rater asked about every task under every rubric, variant and repeat.

Cells come out lazily, rater by rater and rubric by rubric, so that consecutive requests share the longest prefix
(prompt caches) and no list of all prompts is ever held.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import FIRST_OCCASION, AnswerMode, Cell, Rater
from scorer.domain.rubric import Rubric
from scorer.providers import request_params
from scorer.rubrics import answer_schema, render


def cells(
    raters: Sequence[Rater],
    rubrics: Sequence[Rubric],
    tasks: Sequence[Task],
    occupations: Mapping[str, Occupation],
    *,
    variants: Mapping[str, Sequence[str]],
    repeats: int = 1,
    occasion: str = FIRST_OCCASION,
) -> Iterator[Cell]:
    """Every Cell that is asked for, whether it was rated before or not.

    Args:
        raters: whom to ask.
        rubrics: what to ask.
        tasks: about what, in the order of asking.
        occupations: by occupation code; the prompt shows the occupation beside the task.
        variants: the names of the variants to ask, by rubric id.
        repeats: how often each Cell is really asked.
        occasion: `first`, or the name under which the same Cells are asked anew.
    """
    for rater, rubric in product(raters, rubrics):
        asker = CellMaker(rater, rubric, occasion)
        for variant, repeat in product(variants[rubric.id], range(repeats)):
            for task in tasks:
                yield asker.cell(occupations[task.occupation_code], task, variant, repeat)


class CellMaker:
    """Makes the Cells of one rater and one rubric; schema, parameters and their hash are made once."""

    def __init__(self, rater: Rater, rubric: Rubric, occasion: str = FIRST_OCCASION) -> None:
        self._rater, self._rubric, self._occasion = rater, rubric, occasion
        self._schema = answer_schema(rubric) if rater.answer is AnswerMode.JSON else None
        self._params = request_params(rater, self._schema)
        self._schema_sha256 = sha256_json(self._schema) if self._schema else None

    def cell(self, occupation: Occupation, task: Task, variant: str, repeat: int) -> Cell:
        """The Cell of one task, rendered."""
        return Cell(
            task_id=task.task_id,
            rubric=self._rubric.id,
            rater=self._rater.name,
            messages=render(self._rubric, occupation, task, self._rater.answer, variant),
            answer_schema=self._schema,
            provider=self._rater.provider,
            model=self._rater.weights_sha256 or self._rater.model,
            params=self._params,
            variant=variant,
            repeat=repeat,
            occasion=self._occasion,
            statement_sha256=task.statement_sha256,
            rubric_sha256=self._rubric.sha256,
            schema_sha256=self._schema_sha256,
        )


def by_rater(asked: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The Cells of each rater, in the order they came."""
    parts: dict[str, list[Cell]] = {}
    for cell in asked:
        parts.setdefault(cell.rater, []).append(cell)
    return parts
