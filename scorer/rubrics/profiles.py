"""The prompt of profiles: a rubric file like the others, asked about an occupation and answered in sentences.

Facts are quoted material: one JSON text in which no string has a bracket that could close the fence.
"""

from functools import lru_cache

from scorer.domain.profile import Section, Sentence
from scorer.domain.rating import Answer, Json, Status
from scorer.domain.rubric import Rubric
from scorer.errors import AnswerError
from scorer.rubrics.json_object import one_object, snippet
from scorer.rubrics.quoting import one_line

OPEN, CLOSE = "<facts>", "</facts>"
SENTENCES = "sentences"
MOST = 60
"""Sentences of one profile that are read; what follows is left alone."""
LONGEST = 1_000
"""Characters of a sentence that are kept."""
LONGEST_REF = 200
MOST_REFS = 20


def fenced_facts(facts: str) -> str:
    """Facts as quoted material, between marks that no string in them can close."""
    return f"{OPEN}\n{facts}\n{CLOSE}"


def facts_in(message: str) -> str:
    """The facts that `fenced_facts` put into a message."""
    return message.partition(f"{OPEN}\n")[2].rpartition(f"\n{CLOSE}")[0]


@lru_cache(maxsize=1)
def profile_schema() -> Json:
    """The schema of a profile, in the form that strict structured output takes; shared, so not to be changed."""
    text: Json = {"type": "string"}
    properties: Json = {
        "section": {"type": "string", "enum": [section.value for section in Section]},
        "question": text,
        "sentence": text,
        "refs": {"type": "array", "items": text},
    }
    closed = {"additionalProperties": False}
    one: Json = {"type": "object", "properties": properties, "required": list(properties), **closed}
    many: Json = {"type": "array", "items": one}
    return {"type": "object", "properties": {SENTENCES: many}, "required": [SENTENCES], **closed}


def read_profile_answer(rubric: Rubric, text: str) -> Answer:
    """What a reply means: `written` where any sentence came back; whether they may be shown is the checker's matter.

    Raises:
        AnswerError: no object with a list of sentences.
    """
    category = "written" if read_sentences(text) else "nothing"
    return Answer(status=Status.RATED, category=category, score=rubric.number(category))


def read_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a profile, as they came: on one line, cut where they never end.

    Raises:
        AnswerError: no object with a list of sentences, or a sentence that is no object of texts.
    """
    given = one_object(text).get(SENTENCES)
    if not isinstance(given, list):
        raise AnswerError(Status.UNPARSABLE, f"`{SENTENCES}` is no list: {snippet(given)}")
    return tuple(_sentence(one, place) for place, one in enumerate(given[:MOST], start=1))


def _sentence(given: object, place: int) -> Sentence:
    if not isinstance(given, dict) or not isinstance(given.get("sentence"), str):
        raise AnswerError(Status.UNPARSABLE, f"sentence {place} has no text")
    refs = given.get("refs")
    refs = refs if isinstance(refs, list) else []
    return Sentence(
        section=one_line(str(given.get("section") or ""), 40),
        question=one_line(str(given.get("question") or ""), LONGEST),
        sentence=one_line(given["sentence"], LONGEST),
        refs=tuple(dict.fromkeys(one_line(str(ref), LONGEST_REF) for ref in refs[:MOST_REFS])),
    )
