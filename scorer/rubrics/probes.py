"""Probes: short yes/no questions in place of a rubric's prompt, for models too small to apply its rules.

Generated categories of such models say one thing about everything, and each probe alone says yes to nearly everything;
the difference of two probes cancels that habit. A probe is read as the log-odds of yes, the readings are added up by
their signs, and the sum passes from one category to the next at the rater's cuts.

No label takes part. Probes of whether AI can do the work carry an order of tasks, and no sign of whether software on
top is needed (E1 against E2).
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import Occupation, Task
from scorer.domain.names import hint
from scorer.domain.rating import Answer, AskedProbe, Json, Message, Reply, Status, TokenLogprobs
from scorer.domain.rubric import Probe, Rubric
from scorer.errors import AnswerError, RubricError
from scorer.rubrics.quoting import one_line, quoted
from scorer.rubrics.templates import compiled

FLOOR = 1e-6
"""Added to the probabilities of yes and no: a token beyond the reported ones is rare, not impossible."""
MASS_FLOOR = 0.01
"""Share of the probability that yes and no must hold together: only their odds are read, so little is enough."""

LONGEST_RATIONALE = 600
_SIDES = {"yes": True, "no": False}
_SAID = {True: "Yes", False: "No"}


def chosen_probes(rubric: Rubric, names: Sequence[str] = ()) -> tuple[Probe, ...]:
    """The probes of a rubric that a rater is asked, in the order of the file.

    Args:
        rubric: with or without probes.
        names: only these; all where empty.

    Raises:
        RubricError: the rubric has no probes, or none of a name.
    """
    if not rubric.probes:
        raise RubricError(
            f'{rubric.id} has no probes: ask it of raters with answer = "json" or "token", '
            "or declare [[probes]] in the rubric's file"
        )
    known = {probe.name: probe for probe in rubric.probes}
    for name in names:
        if name not in known:
            raise RubricError(f"{rubric.id} has no probe `{name}`{hint(name, known)}")
    return tuple(probe for probe in rubric.probes if not names or probe.name in names)


def open_probes(rubric: Rubric, names: Sequence[str] = (), *, examples: bool = False) -> tuple[AskedProbe, ...]:
    """What is said before the task, for each probe: the same for all tasks.

    Args:
        rubric: with probes.
        names: only these; all where empty.
        examples: whether the rubric's examples come first, with their answers.

    Raises:
        RubricError: no probes, an unknown one, or no examples where they are asked for.
    """
    return tuple(
        AskedProbe(name=probe.name, opening=_opening(rubric, probe, examples=examples))
        for probe in chosen_probes(rubric, names)
    )


def ask_probe(rubric: Rubric, title: str, statement: str) -> str:
    """The message about one task, under the title of its occupation: the same for every probe."""
    shown = {"occupation": quoted(title), "task": quoted(statement)}
    return compiled(rubric.probe_user).render(shown).strip()


def render_rationale(rubric: Rubric, occupation: Occupation, task: Task, category: str) -> tuple[Message, ...]:
    """The messages that ask for a reason after the fact; it decides nothing.

    Raises:
        RubricError: the rubric has no section for it.
    """
    if not rubric.rationale:
        raise RubricError(f"{rubric.id} has no section `# rationale`: there is nothing to ask for a reason with")
    chosen = next(one for one in rubric.categories if one.value == category)
    system = Message(role="system", content=compiled(rubric.rationale).render(category=chosen).strip())
    return (system, _user(rubric, occupation.title, task.statement))


def read_rationale(reply: Reply) -> str | None:
    """The reason that a model gave, on one line; None where it gave none."""
    return one_line(reply.text or "", LONGEST_RATIONALE) or None


def reading_schema(rubric: Rubric, names: Sequence[str], cuts: Sequence[float]) -> Json:
    """How the answers to probes become a category; part of the Cell, so that a Rating is fixed by it.

    Args:
        rubric: with probes.
        names: the probes that are asked; all where empty.
        cuts: signed sums (log-odds), ascending, one fewer than there are categories.

    Raises:
        RubricError: the cuts do not fit the scale.
    """
    if len(cuts) != len(rubric.categories) - 1 or list(cuts) != sorted(cuts):
        raise RubricError(
            f"{rubric.id} has {len(rubric.categories)} categories: cuts are {len(rubric.categories) - 1} ascending "
            f"numbers, not {list(cuts)}; `scorer raters cuts` measures them"
        )
    signs = {probe.name: probe.sign for probe in chosen_probes(rubric, names)}
    return {"probes": signs, "categories": list(rubric.ordered_values), "cuts": list(cuts)}


def read_probes(rubric: Rubric, reply: Reply, schema: Json) -> Answer:
    """Judge the replies to all probes of one task.

    Returns:
        `category` by the cuts that the signed sum passes. `score_expected`: the mean number where the signed sum is
        taken as the log-odds of lying above each cut, P(above) = 1 / (1 + exp(cut - sum)): the proportional odds model
        with slope one. It is in order and on the scale; it is not calibrated. `probability_mass`: what yes and no held
        together, of the probe where they held least.

    Source: proportional odds, McCullagh (1980), section 2.
    """
    spreads = {name: _yes_and_no(name, reply.probes.get(name)) for name in schema["probes"]}
    readings = {name: log_odds(yes, no) for name, (yes, no) in spreads.items()}
    worst = min(spreads, key=lambda name: sum(spreads[name]))
    mass = min(1.0, sum(spreads[worst]))
    if mass < MASS_FLOOR:
        problem = f"probe `{worst}`: yes and no hold {mass:.3f} of the probability, less than {MASS_FLOOR}"
        return Answer(status=Status.UNPARSABLE, probability_mass=mass, readings=readings, problem=problem)
    total = signed_sum(readings, schema["probes"])
    category = schema["categories"][sum(total > cut for cut in schema["cuts"])]
    return Answer(
        status=Status.RATED,
        category=category,
        score=rubric.number(category),
        score_expected=_expected(rubric, total, schema),
        probability_mass=mass,
        readings=readings,
    )


def signed_sum(readings: Mapping[str, float], signs: Mapping[str, int]) -> float:
    """The readings added up by the signs of their probes, log-odds."""
    return math.fsum(sign * readings[name] for name, sign in signs.items())


def log_odds(yes: float, no: float) -> float:
    """Natural logarithm of the odds of yes, from two probabilities; finite always."""
    return math.log((yes + FLOOR) / (no + FLOOR))


def probe_reading(reply: Reply) -> tuple[float, float]:
    """The probabilities of yes and of no at the first token of a reply, before renormalising.

    Raises:
        AnswerError: there are no log-probabilities.
    """
    first = next((step for step in reply.tokens if step.top), None)
    if first is None:
        raise AnswerError(
            Status.UNPARSABLE, 'no log-probabilities came with the answer: the rater needs answer = "json" instead'
        )
    return _sides(first)


def probes_digest(rubric: Rubric, names: Sequence[str] = (), *, examples: bool = False) -> str:
    """Identity of what cuts depend on beside the model: the probes as asked, their signs, and the priors; sha256."""
    signs = {probe.name: probe.sign for probe in rubric.probes}
    asked = [
        [one.name, signs[one.name], [[m.role, m.content] for m in one.opening]]
        for one in open_probes(rubric, names, examples=examples)
    ]
    return sha256_json([asked, rubric.probe_user, [[c.value, c.prior] for c in rubric.categories]])


def _yes_and_no(name: str, reply: Reply | None) -> tuple[float, float]:
    if reply is None:
        raise AnswerError(Status.UNPARSABLE, f"probe `{name}`: no reply")
    if reply.refusal or reply.finish_reason == "content_filter":
        raise AnswerError(Status.REFUSED, f"probe `{name}`: refused: {reply.refusal or 'by a content filter'}")
    return probe_reading(reply)


def _sides(step: TokenLogprobs) -> tuple[float, float]:
    held = {True: 0.0, False: 0.0}
    for token, logprob in step.top.items():
        side = _SIDES.get(token.strip().lower())
        if side is not None and not math.isnan(logprob):
            held[side] += math.exp(min(logprob, 0.0))
    return held[True], held[False]


def _expected(rubric: Rubric, total: float, schema: Json) -> float:
    numbers = [rubric.number(value) for value in schema["categories"]]
    steps = zip(numbers, numbers[1:], schema["cuts"], strict=False)
    return numbers[0] + math.fsum((above - below) * _logistic(total - cut) for below, above, cut in steps)


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


@lru_cache(maxsize=256)
def _opening(rubric: Rubric, probe: Probe, *, examples: bool) -> tuple[Message, ...]:
    """What is the same for all tasks: the question, and the examples with their answers."""
    system = Message(role="system", content=compiled(rubric.probe_system).render(question=probe.question).strip())
    if not examples:
        return (system,)
    shown = [one for one in rubric.obvious if one.use == "example"]
    if not shown:
        raise RubricError(
            f'{rubric.id} has no [[obvious]] tasks with use = "example" to show to a rater that needs them'
        )
    turns = (
        (
            _user(rubric, one.occupation, one.task),
            Message(role="assistant", content=_SAID[probe.name in one.yes]),
        )
        for one in shown
    )
    return (system, *(message for turn in turns for message in turn))


def _user(rubric: Rubric, title: str, statement: str) -> Message:
    return Message(role="user", content=ask_probe(rubric, title, statement))
