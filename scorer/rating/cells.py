"""The Cells of a selection: every rater asked about every task under every rubric, variant and repeat.

A Series is all that one rater is asked under one rubric, variant and repeat: from Cell to Cell only the task differs.
Cells are rendered when they are drawn, so that no list of all prompts is ever held, and come Series by Series, so that
consecutive requests share the longest prefix (prompt caches).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

from scorer.domain.base import canonical_json, sha256_json
from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import BASE_VARIANT, FIRST_OCCASION, AnswerMode, Cell, Json, Message, Rater
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError
from scorer.providers import request_params
from scorer.rubrics import answer_schema, chosen_probes, open_probes, reading_schema, render_frame, render_task

_TEXT, _TASK_ID = "@@ the text of the task @@", "@@ the id of the task @@"


class Series:
    """What one rater is asked under one rubric, variant and repeat: one Cell for each task.

    Raises:
        ConfigurationError: the rater's parameters cannot be sent, or it is asked probes and has no cuts.
        RubricError: the rater is asked probes, and the rubric has none.
    """

    def __init__(
        self, rater: Rater, rubric: Rubric, variant: str, repeat: int = 0, occasion: str = FIRST_OCCASION
    ) -> None:
        self.rater, self.rubric, self.variant, self.repeat, self.occasion = rater, rubric, variant, repeat, occasion
        self._before, self._after = render_frame(rubric, rater.answer, variant)
        schema = schema_of(rater, rubric)
        self._same: Json = {
            "rubric": rubric.id,
            "rater": rater.name,
            "answer_schema": schema,
            "provider": rater.provider,
            "model": rater.weights_sha256 or rater.model,
            "params": request_params(rater, schema if rater.answer is AnswerMode.JSON else None),
            "probes": open_probes(rubric, rater.probes, examples=rater.examples) if self.by_probes else (),
            "variant": variant,
            "repeat": repeat,
            "occasion": occasion,
            "rubric_sha256": rubric.sha256,
            "schema_sha256": sha256_json(schema) if schema else None,
        }

    def cell(self, occupation: Occupation, task: Task) -> Cell:
        """The Cell of one task, rendered."""
        text = self.text(occupation, task)
        cell = self._cell(task.task_id, text, task.statement_sha256)
        return cell.hashed(self._frame.cell_hash(task.task_id, text)) if self._frame else cell

    def text(self, occupation: Occupation, task: Task) -> str:
        """What is said about a task; the same in all Series of a rubric that are alike in `by_probes`."""
        return render_task(self.rubric, occupation, task, self.rater.answer)

    @property
    def answer_schema(self) -> Json | None:
        """The schema of an answer, or how answers to probes are read; None in token mode."""
        schema: Json | None = self._same["answer_schema"]
        return schema

    @property
    def by_probes(self) -> bool:
        """Whether the rater is asked the rubric's probes instead of its prompt."""
        return self.rater.answer is AnswerMode.PROBES

    def cell_hash(self, task_id: str, text: str) -> str:
        """The hash of a task's Cell, without making it; `text` is what `text` gives."""
        if self._frame is None:
            return self._cell(task_id, text).cell_hash
        return self._frame.cell_hash(task_id, text)

    @property
    def requests(self) -> int:
        """How many requests a Cell takes."""
        return max(len(self._same["probes"]), 1)

    @cached_property
    def frame_characters(self) -> int:
        """Characters of a Cell's requests beside the text of the task: the other messages, and the schema if sent."""
        openings = [message for probe in self._same["probes"] for message in probe.opening]
        around = openings if self.by_probes else [*self._before, *self._after]
        schema = self._same["answer_schema"] if self.rater.answer is AnswerMode.JSON else None
        return sum(len(message.content) for message in around) + (len(canonical_json(schema)) if schema else 0)

    @property
    def is_first(self) -> bool:
        """Whether it is the plain asking: base variant, first repeat, first occasion."""
        return (self.variant, self.repeat, self.occasion) == (BASE_VARIANT, 0, FIRST_OCCASION)

    @cached_property
    def key(self) -> str:
        """Series of the same key ask the same Cells: they differ in the name of the rater at most."""
        return self.cell_hash(_TASK_ID, _TEXT)

    @cached_property
    def _frame(self) -> "_Frame | None":
        return _Frame.around(canonical_json(self._cell(_TASK_ID, _TEXT).identity))

    def _cell(self, task_id: str, text: str, statement_sha256: str = "") -> Cell:
        messages = (*self._before, Message(role="user", content=text), *self._after)
        return Cell(task_id=task_id, messages=messages, statement_sha256=statement_sha256, **self._same)


class _Frame(NamedTuple):
    """The canonical JSON of a Cell's identity around the two things in it that differ from task to task.

    The long beginning is hashed once, so that a plan hashes a Cell ten times as fast as the Cell itself.
    """

    begun: "hashlib._Hash"
    middle: str
    end: str

    @classmethod
    def around(cls, identity: str) -> "_Frame | None":
        """The frame of an identity that holds the text and the id once each, in this order; None for another one."""
        beginning, *rest = identity.split(canonical_json(_TEXT))
        parts = rest[0].split(canonical_json(_TASK_ID)) if len(rest) == 1 else []
        return cls(hashlib.sha256(beginning.encode()), *parts) if len(parts) == 2 else None  # noqa: PLR2004 - before and after the id

    def cell_hash(self, task_id: str, text: str) -> str:
        """As `Cell.cell_hash`."""
        digest = self.begun.copy()
        digest.update(f"{canonical_json(text)}{self.middle}{canonical_json(task_id)}{self.end}".encode())
        return digest.hexdigest()


class Asking:
    """Everything that a selection asks, rated before or not.

    Args:
        series: in the order of asking.
        tasks: in the order of asking; one that stands twice is asked once.
        occupations: by occupation code; the prompt shows the occupation beside the task.
    """

    def __init__(self, series: Iterable[Series], tasks: Iterable[Task], occupations: Mapping[str, Occupation]) -> None:
        self.series = tuple(series)
        self.tasks = tuple({task.task_id: task for task in tasks}.values())
        self.occupations = occupations

    def __iter__(self) -> Iterator[Cell]:
        """Every Cell."""
        for series in self.series:
            yield from self.cells(series, range(len(self.tasks)))

    def cells(self, series: Series, places: Iterable[int]) -> Iterator[Cell]:
        """The Cells of the tasks at these places, rendered one by one."""
        for place in places:
            task = self.tasks[place]
            yield series.cell(self.occupations[task.occupation_code], task)

    def identity(self, series: Series, place: int) -> tuple[str, str]:
        """Id and text of the task at a place: what `Series.cell_hash` takes."""
        task = self.tasks[place]
        return task.task_id, series.text(self.occupations[task.occupation_code], task)


def asking(
    raters: Sequence[Rater],
    rubrics: Sequence[Rubric],
    tasks: Iterable[Task],
    occupations: Mapping[str, Occupation],
    *,
    variants: Mapping[str, Sequence[str]],
    repeats: int = 1,
    occasion: str = FIRST_OCCASION,
) -> Asking:
    """What is asked of whom about what.

    Args:
        raters: whom to ask.
        rubrics: what to ask.
        tasks: about what, in the order of asking.
        occupations: by occupation code.
        variants: the names of the variants to ask, by rubric id.
        repeats: how often each Cell is really asked.
        occasion: `first`, or the name under which the same Cells are asked anew.
    """
    series = (
        Series(rater, rubric, variant, repeat, occasion)
        for rater, rubric in product(raters, rubrics)
        for variant, repeat in product(_variants_of(rater, variants[rubric.id]), range(repeats))
    )
    return Asking(series, tasks, occupations)


def schema_of(rater: Rater, rubric: Rubric) -> Json | None:
    """What a rater's answer looks like: a JSON schema, how its probes are read, or nothing where one token is read.

    Raises:
        RubricError: a probes rater and a rubric without probes, or cuts that do not fit the scale.
        ConfigurationError: a probes rater without cuts for this rubric.
    """
    if rater.answer is AnswerMode.JSON:
        return answer_schema(rubric)
    if rater.answer is AnswerMode.TOKEN:
        return None
    chosen_probes(rubric, rater.probes)
    if rubric.id not in rater.cuts:
        raise ConfigurationError(
            f"rater `{rater.name}` has no cuts for {rubric.id}, so its probes make no category: "
            f"`scorer raters cuts {rater.name} --rubric {rubric.id}` measures them without labels"
        )
    return reading_schema(rubric, rater.probes, rater.cuts[rubric.id])


def _variants_of(rater: Rater, names: Sequence[str]) -> Sequence[str]:
    """A variant reorders the scale, which probes do not show: a probes rater has the base variant only."""
    return [BASE_VARIANT] if rater.answer is AnswerMode.PROBES else names
