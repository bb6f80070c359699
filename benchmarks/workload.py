"""What the benchmarks rate: invented tasks under a shipped rubric, and an answer that is valid for it."""

import json

from scorer.domain.catalogue import Occupation, Task, TaskKind
from scorer.domain.rating import Limits, Rater
from scorer.domain.rubric import Rubric
from scorer.rating import Asking, asking
from scorer.rubrics import answer_schema, load_rubric

RATER = "mock"
IN_FLIGHT = 64
AT_ONCE = Limits(concurrency=IN_FLIGHT)
MOST_TASKS = 20_000
TASKS_OF_AN_OCCUPATION = 25
RATIONALE = "Reading the forms and writing the letters is done by a chat assistant; walking to the archive is not."


def rubric() -> Rubric:
    """The main rubric: JSON answers with evidence, rationale, blockers and confidence."""
    return load_rubric("coverage@1")


def rater(base_url: str, limits: Limits = AT_ONCE) -> Rater:
    """The rater behind the mock."""
    return Rater(name=RATER, provider="openai", model="mock-1", base_url=base_url, limits=limits)


def tasks_to_rate(n: int) -> Asking:
    """`n` Cells of invented tasks, 20,000 at most (beyond that repeats); the address is no part of them."""
    repeats = -(-n // MOST_TASKS)
    tasks = [
        Task(
            task_id=str(number),
            occupation_code=_code(number),
            statement=f"Sort the letters of shelf TASK_ID={number}, answer those that can be, take the rest upstairs.",
            kind=TaskKind.CORE,
        )
        for number in range(n // repeats)
    ]
    codes = {task.occupation_code for task in tasks}
    occupations = {code: Occupation(occupation_code=code, title=f"Keepers of archive {code}") for code in codes}
    asked = rubric()
    whom, variants = [rater("http://127.0.0.1/v1")], {asked.id: ("base",)}
    return asking(whom, [asked], tasks, occupations, variants=variants, repeats=repeats)


def answer() -> str:
    """A valid answer, as the model's text."""
    plain = {"string": RATIONALE, "boolean": False, "integer": 80}
    asked = answer_schema(rubric())["properties"]
    return json.dumps({key: kind["enum"][1] if "enum" in kind else plain[kind["type"]] for key, kind in asked.items()})


def _code(number: int) -> str:
    occupation = number // TASKS_OF_AN_OCCUPATION
    return f"{11 + occupation // 10_000:02d}-{occupation % 10_000:04d}.00"
