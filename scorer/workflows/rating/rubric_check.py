"""What a rater makes of a rubric, seen before a run: can its answers be told apart, do its probes point the right way.

Asks about invented tasks alone: one of them for each rubric, or, of a probes rater, those whose answer is obvious.
"""

from collections.abc import Sequence
from itertools import product

from scorer.domain.base import Frozen
from scorer.domain.catalogue import Occupation, Task, TaskKind
from scorer.domain.rating import BASE_VARIANT, AnswerMode, Rater, Status
from scorer.domain.rubric import ObviousTask, Rubric
from scorer.errors import ScorerError
from scorer.providers import Provider
from scorer.rating import Series
from scorer.rubrics import check_tokens, read_answer

ENOUGH = 0.75
"""Share of the pairs of a yes and a no task that a probe must put in the right order."""

ANYBODY = ObviousTask(
    occupation="Newsletter editor", task="Write a summary of the week's articles for subscribers.", yes=(), use="check"
)


class RubricCheck(Frozen):
    """What a rater showed under one rubric.

    Attributes:
        one_token: whether the legal answers part at the first token; None without log-probabilities.
        mass: probability of the legal answers, or of yes and no where they held least; None as above.
        probes: by probe, the share of pairs of obvious tasks that it puts in the right order; None of other raters.
        problem: what keeps the rater from this rubric, and what to do.
    """

    rater: str
    rubric: str
    one_token: bool | None = None
    mass: float | None = None
    probes: dict[str, float] | None = None
    problem: str | None = None


async def check_rubric(rater: Rater, rubric: Rubric, provider: Provider) -> RubricCheck:
    """Ask a rater about invented tasks under a rubric; what is wrong is told and not raised."""
    try:
        if rater.answer is AnswerMode.PROBES:
            return await _check_probes(rater, rubric, provider)
        return await _check_answer(rater, rubric, provider)
    except ScorerError as error:
        return RubricCheck(rater=rater.name, rubric=rubric.id, problem=str(error))


def right_pairs(yes: Sequence[float], no: Sequence[float]) -> float:
    """Share of pairs in which the yes task reads higher than the no task; equal ones count half."""
    return sum((a > b) + (a == b) / 2 for a, b in product(yes, no)) / (len(yes) * len(no))


async def _check_answer(rater: Rater, rubric: Rubric, provider: Provider) -> RubricCheck:
    series = Series(rater, rubric, BASE_VARIANT)
    reply = await provider.ask(series.cell(*_invented(rubric.obvious[0] if rubric.obvious else ANYBODY)))
    answer = read_answer(rubric, reply, rater.answer)
    found = check_tokens(rubric, reply, rater.answer)
    usable = answer.status in {Status.RATED, Status.CANNOT_JUDGE}
    return RubricCheck(
        rater=rater.name,
        rubric=rubric.id,
        one_token=found.one_token if found else None,
        mass=found.mass if found else None,
        problem=None if usable else f"{answer.status}: {answer.problem}",
    )


async def _check_probes(rater: Rater, rubric: Rubric, provider: Provider) -> RubricCheck:
    anywhere = tuple(map(float, range(len(rubric.categories) - 1)))  # signs can be checked before cuts are measured
    series = Series(rater.model_copy(update={"cuts": {rubric.id: anywhere}}), rubric, BASE_VARIANT)
    readings: dict[str, dict[bool, list[float]]] = {}
    masses = []
    for one in (one for one in rubric.obvious if one.use == "check"):
        cell = series.cell(*_invented(one))
        answer = read_answer(rubric, await provider.ask(cell), rater.answer, cell.answer_schema)
        masses.append(answer.probability_mass or 0.0)
        for probe, reading in ((answer.readings or {}) if answer.status is Status.RATED else {}).items():
            readings.setdefault(probe, {True: [], False: []})[probe in one.yes].append(reading)
    shares = {probe: right_pairs(sides[True], sides[False]) for probe, sides in readings.items() if all(sides.values())}
    wrong = [f"`{probe}` ({share:.0%} of pairs right)" for probe, share in shares.items() if share < ENOUGH]
    problem = f"does not answer {' and '.join(wrong)} as its sign says: name other `probes`" if wrong else None
    if not problem and rubric.id not in rater.cuts:
        problem = f"no cuts yet: `scorer raters cuts {rater.name} --rubric {rubric.id}` measures them without labels"
    mass = min(masses, default=None)
    return RubricCheck(rater=rater.name, rubric=rubric.id, one_token=True, mass=mass, probes=shares, problem=problem)


def _invented(one: ObviousTask) -> tuple[Occupation, Task]:
    occupation = Occupation(occupation_code="00-0000.00", title=one.occupation)
    return occupation, Task(task_id="check", occupation_code="00-0000.00", statement=one.task, kind=TaskKind.CORE)
