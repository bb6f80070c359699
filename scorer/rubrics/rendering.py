"""A rubric and a task become messages: what is the same for all tasks first, the task last.

The system message is built once per rubric, answer mode and variant, and is the same string object for every task, so
that prompt caches meet a byte-identical prefix. In token mode the messages end with the rubric's prefill, if any.
"""

from functools import lru_cache

from scorer.domain.catalogue import Occupation, Task
from scorer.domain.rating import BASE_VARIANT, AnswerMode, Message
from scorer.domain.rubric import CANNOT_JUDGE, Rubric
from scorer.errors import RubricError
from scorer.rubrics.document import nearest
from scorer.rubrics.probes import ask_probe
from scorer.rubrics.profiles import fenced_facts
from scorer.rubrics.quoting import fenced, quoted
from scorer.rubrics.templates import compiled
from scorer.rubrics.token_answers import token_cannot_judge

# variant -> (scale listed in reverse, worked examples in reverse)
_VARIANTS = {
    BASE_VARIANT: (False, False),
    "reversed-categories": (True, False),
    "reversed-examples": (False, True),
    "reversed-both": (True, True),
}


def variants(rubric: Rubric, k: int) -> tuple[str, ...]:
    """The first `k` variants of a rubric, `base` first.

    A variant changes the order in which the scale or the worked examples are shown, never a word: what moves between
    variants is the rater's sensitivity to order.

    Raises:
        RubricError: k below 1, or more than the rubric has (two without worked examples, else four).
    """
    names = _variant_names(rubric)
    if not 1 <= k <= len(names):
        raise RubricError(
            f"{rubric.id} has {len(names)} variants ({', '.join(names)}): ask for 1 to {len(names)}, not {k}"
        )
    return names[:k]


def render(
    rubric: Rubric, occupation: Occupation, task: Task, mode: AnswerMode, variant: str = BASE_VARIANT
) -> tuple[Message, ...]:
    """The messages that ask one rater about one task.

    Returns:
        System and user message; in token mode a third, an assistant message that begins the answer, where the rubric
        has a prefill.

    Raises:
        RubricError: the rubric has no such variant.
    """
    before, after = render_frame(rubric, mode, variant)
    return (*before, Message(role="user", content=render_task(rubric, occupation, task, mode)), *after)


def render_task(rubric: Rubric, occupation: Occupation, task: Task, mode: AnswerMode = AnswerMode.JSON) -> str:
    """The user message of one task, the same for every rater and variant: short for probes, facts for profiles."""
    if mode is AnswerMode.PROBES:
        return ask_probe(rubric, occupation.title, task.statement)
    if rubric.is_profile:
        return compiled(rubric.user).render(task=fenced_facts(task.statement))
    shown = {"occupation": quoted(occupation.title), "task": fenced(task.statement)}
    if "description" in rubric.context:
        shown["description"] = quoted(occupation.description or "")
    if "activities" in rubric.context:
        shown["activities"] = "; ".join(map(quoted, task.activities))
    return compiled(rubric.user).render(shown)


def render_frame(rubric: Rubric, mode: AnswerMode, variant: str) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """The messages before and after that of the task: the same for all tasks; probes bring their own.

    Raises:
        RubricError: the rubric has no such variant.
    """
    if mode is AnswerMode.PROBES:
        return (), ()
    return (_system(rubric, mode, variant),), _begun(rubric, mode)


@lru_cache(maxsize=64)
def _system(rubric: Rubric, mode: AnswerMode, variant: str) -> Message:
    names = _variant_names(rubric)
    if variant not in names:
        hint = nearest(variant, names) or f"; it has {', '.join(names)}"
        raise RubricError(f"{rubric.id} has no variant `{variant}`{hint}")
    scale_reversed, examples_reversed = _VARIANTS[variant]
    scale = rubric.categories[::-1] if scale_reversed else rubric.categories
    shown = {
        "categories": scale,
        "examples": rubric.categories[::-1] if examples_reversed else rubric.categories,
        "values": tuple(category.value for category in scale),
        "cannot_judge": _cannot_judge(rubric, mode) if rubric.cannot_judge else "",
    }
    answer = rubric.answer_token if mode is AnswerMode.TOKEN else rubric.answer_json
    parts = (compiled(text).render(shown).strip() for text in (rubric.system, answer))
    return Message(role="system", content="\n\n".join(parts))


@lru_cache(maxsize=64)
def _begun(rubric: Rubric, mode: AnswerMode) -> tuple[Message, ...]:
    if mode is not AnswerMode.TOKEN or not rubric.prefill:
        return ()
    return (Message(role="assistant", content=rubric.prefill),)


def _cannot_judge(rubric: Rubric, mode: AnswerMode) -> str:
    return token_cannot_judge(rubric) if mode is AnswerMode.TOKEN else CANNOT_JUDGE


def _variant_names(rubric: Rubric) -> tuple[str, ...]:
    has_examples = any(category.example for category in rubric.categories)
    return tuple(name for name, (_, examples) in _VARIANTS.items() if has_examples or not examples)
