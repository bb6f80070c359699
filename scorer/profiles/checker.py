"""What of a profile may be shown: each rule is one function that gives a reason to refuse, or nothing.

A sentence is held against the facts that it refers to, and against nothing else. Refused sentences are kept with the
reason. The rules see words and numbers: they keep out what was invented, not what was understood wrongly.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from scorer.domain.profile import CheckedSentence, Section, Sentence
from scorer.grounding import NEARLY_THE_SAME, ProductNames, content_words, likeness, plain, product_like
from scorer.profiles.facts import GROWTH, EvidenceFact, Facts, LabourFact, SkillFact, TaskFact, TechnologyFact

CHECKER = "checker@2"
LONGEST = 400
"""Characters of a sentence that may be shown; quoted statements count."""

RESTS_ON = {
    Section.RISKS: ("task", "evidence"),
    Section.AI_TODAY: ("occupation", "task", "evidence"),
    Section.PEOPLE_REMAIN: ("task",),
    Section.TOOLS: ("technology", "evidence"),
    Section.SKILLS: ("skill",),
}
"""Kinds of refs of which a sentence of the section needs one."""

MOST_REFS = 8
"""Facts that one sentence can say something of."""

RATED_AGAINST = {Section.RISKS: "low", Section.PEOPLE_REMAIN: "high"}
"""How no task of a section may be rated."""

SKILL_ENDS = ("5", "7")
"""Ends of O*NET's scales of importance and level."""

_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12, "half": 50, "halves": 50,
    "third": 33.3, "thirds": 66.7, "quarter": 25, "quarters": 75, "double": 2, "twice": 2, "triple": 3,
}  # fmt: skip
_ENDS = re.compile(r"\b(?:of|to) (\d+)\b")
_WORDS = re.compile(r"\b[a-z]+\b")
_JOBS = re.compile(
    r"\b(?:jobs?|employment|positions?|roles?|workers?|staff)\b[^.]*\b(?:loss(?:es)?|lost|lose|cut(?:s|ting)?|"
    r"disappear\w*|vanish\w*|eliminat\w+|replac\w+|redundan\w+|obsolete)\b"
    r"|\b(?:replac\w+|eliminat\w+|displac\w+)\b[^.]*\b(?:jobs?|workers?|staff|people|humans?|professionals?)\b"
    r"|\b(?:lay-?offs?|laid off|unemploy\w+)\b",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(?:fall\w*|declin\w+|decreas\w+|shrink\w*|drop\w*|fewer|minus|down|negative)\b|(?<!\d)[-\u2212]\d",
    re.IGNORECASE,
)
_RISES = re.compile(r"\b(?:grow(?:s|ing)?|ris(?:es?|ing)|increas\w+|expand\w*|more|up|plus|positive)\b", re.IGNORECASE)
_RATED = re.compile(r"\brated(?: as| at)?(?: in the)? (high|middle|low)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not?|nothing|neither|never)\b|n.t\b", re.IGNORECASE)

Fact = Facts | TaskFact | SkillFact | TechnologyFact | EvidenceFact | LabourFact


class _Claim(NamedTuple):
    """A sentence with the facts that it refers to."""

    said: Sentence
    facts: Facts
    known: ProductNames

    @property
    def text(self) -> str:
        """All of it that would be shown."""
        return f"{self.said.question} {self.said.sentence}".strip()

    @property
    def rests_on(self) -> list[Fact]:
        """The facts that it refers to, as far as they exist."""
        return [self.facts.by_ref[ref] for ref in self.said.refs if ref in self.facts.by_ref]

    @property
    def source(self) -> str:
        """Every word of these facts."""
        return " ".join(part for fact in self.rests_on for part in _texts(fact))


def check(
    sentences: Iterable[Sentence], facts: Facts, known: ProductNames, elsewhere: Collection[str] = ()
) -> list[CheckedSentence]:
    """Every sentence, shown or refused with the first reason that was found.

    Args:
        sentences: in the order of the writer.
        facts: as they were laid out.
        known: products that exist, whether they are among the facts or not.
        elsewhere: plain texts (`grounding.plain`) of sentences shown in the writer's profiles of other occupations.
    """
    found: list[CheckedSentence] = []
    for place, said in enumerate(sentences, start=1):
        claim = _Claim(said, facts, known)
        reason = next((reason for rule in RULES if (reason := rule(claim))), None)
        reason = reason or _said_before(claim, found, elsewhere)
        found.append(
            CheckedSentence(
                section=said.section,
                place=place,
                question=said.question or None,
                sentence=said.sentence,
                refs=said.refs,
                is_shown=reason is None,
                reason=reason,
            )
        )
    return found


def _form(claim: _Claim) -> str | None:
    said = claim.said
    if said.section not in set(Section):
        return f"no section is called `{said.section}`"
    if not said.sentence:
        return "no sentence"
    if len(claim.text) > LONGEST:
        return f"longer than {LONGEST} characters"
    if (said.section == Section.FAQ) != bool(said.question):
        return "a question belongs into faq, and faq needs one"
    return None


def _references(claim: _Claim) -> str | None:
    """Every reference exists, and what the section needs is among them."""
    if not claim.said.refs:
        return "names nothing that it rests on"
    if unknown := [ref for ref in claim.said.refs if ref not in claim.facts.by_ref]:
        return f"refers to `{unknown[0][:80]}`, which is not among the facts"
    if len(claim.said.refs) > MOST_REFS:
        return f"refers to more than {MOST_REFS} facts at once"
    needed = RESTS_ON.get(Section(claim.said.section))
    kinds = {ref.partition(":")[0] for ref in claim.said.refs}
    return f"rests on no {' or '.join(needed)}" if needed and not kinds & set(needed) else None


def _numbers(claim: _Claim) -> str | None:
    """Every number is one of a fact that is referred to, rounded as it is printed, or counts the references."""
    source = claim.source.casefold()
    values = [value for fact in claim.rests_on for value in _values(fact)]
    counts = {len(claim.said.refs), *(_of_kind(claim.said.refs, kind) for kind in ("task", "skill", "technology"))}
    stated = set(_NUMBER.findall(source))
    text = _ENDS.sub(lambda end: "" if end[1] in _scale_ends(claim) else end[0], claim.text)
    for written in _NUMBER.findall(text):
        number = written.replace(",", "").rstrip(".")
        if written in stated or any(_prints_as(value, number) for value in values):
            continue
        if number.isdigit() and int(number) in counts:
            continue
        return f"the number {written[:20]} is in none of the facts that it refers to"
    words = set(_WORDS.findall(source))
    for word in _WORDS.findall(claim.text.casefold()):
        value = _NUMBER_WORDS.get(word)
        if value is None or word in words or value in counts or value in values:
            continue
        return f"`{word}` is a number that is in none of the facts that it refers to"
    return None


def _ratings(claim: _Claim) -> str | None:
    """A task is rated as the sentence says, and as its section does."""
    tasks = [fact for fact in claim.rests_on if isinstance(fact, TaskFact)]
    against = RATED_AGAINST.get(Section(claim.said.section))
    for task in tasks:
        if against and task.rated == against:
            return f"stands under {claim.said.section}, and {task.ref} is rated {against}"
    said = {word.casefold() for word in _RATED.findall(claim.text)}
    if said and (wrong := [task for task in tasks if task.rated and task.rated not in said]):
        return f"says rated {' or '.join(sorted(said))}, and {wrong[0].ref} is rated {wrong[0].rated}"
    return None


def _scale_ends(claim: _Claim) -> Iterator[str]:
    """Where the scales of the facts end, as in `75 of 100`: such a number is no statement."""
    kinds = {ref.partition(":")[0] for ref in claim.said.refs}
    if kinds & {"task", "occupation"}:
        yield claim.facts.scores.get("top", "")
    if "skill" in kinds:
        yield from SKILL_ENDS


def _prints_as(value: float, number: str) -> bool:
    """Whether a value, rounded to the digits that are printed, is this number."""
    digits = len(number.partition(".")[2])
    return abs(round(value, digits) - float(number)) < 10.0 ** -(digits + 2)


def _products(claim: _Claim) -> str | None:
    """Whatever is named stands in a fact that is referred to."""
    source = claim.source
    for name in claim.known.named_in(claim.text):
        if name in claim.text and name.casefold() not in source.casefold():
            return f"names {name[:60]} without referring to an entry about it"
    strange = product_like(claim.text, source)
    return f"names {strange[0][:60]}, of which there is no entry" if strange else None


def _jobs(claim: _Claim) -> str | None:
    """No fact is about lost jobs; that nothing is said about them may be said."""
    found = _JOBS.search(claim.said.sentence)
    return (
        "speaks of lost jobs, of which no fact says anything"
        if found and not _DENIED.search(claim.said.sentence)
        else None
    )


def _labour(claim: _Claim) -> str | None:
    """Pay, employment and outlook answer questions of their own, since no score speaks of them; a fall is no rise."""
    told = [fact for fact in claim.rests_on if isinstance(fact, LabourFact)]
    if not told:
        return None
    if claim.said.section != Section.FAQ:
        return "speaks of pay or employment outside faq"
    if len(told) < len(claim.rests_on):
        return "joins pay or employment with facts of another kind"
    for fact in told:
        against = {True: _RISES, False: _FALLS}[bool(fact.value and fact.value < 0)]
        if fact.name == GROWTH and fact.value and against.search(claim.said.sentence):
            return "says the opposite of the projected change"
    return None


def _about(claim: _Claim) -> str | None:
    shared = content_words(claim.text) & content_words(claim.source)
    return None if shared else "has no word of what it refers to"


RULES: Sequence[Callable[[_Claim], str | None]] = (
    _form,
    _references,
    _ratings,
    _numbers,
    _products,
    _jobs,
    _labour,
    _about,
)


def _said_before(claim: _Claim, before: Sequence[CheckedSentence], elsewhere: Collection[str]) -> str | None:
    for one in before:
        if one.is_shown and likeness(claim.text, f"{one.question or ''} {one.sentence}") >= NEARLY_THE_SAME:
            return f"nearly the same as sentence {one.place}"
    return "stands in a profile of another occupation too" if plain(claim.text) in elsewhere else None


def _of_kind(refs: Iterable[str], kind: str) -> int:
    return sum(ref.startswith(f"{kind}:") for ref in refs)


def _values(fact: Fact) -> Iterator[float]:
    match fact:
        case TaskFact():
            yield from () if fact.score is None else (fact.score,)
        case SkillFact():
            yield from (value for value in (fact.importance, fact.level) if value is not None)
        case Facts():
            yield from fact.figures.values()
        case LabourFact():
            yield from () if fact.value is None else (abs(fact.value),)
        case EvidenceFact():
            yield from (float(part) for part in fact.dated.split("-"))


def _texts(fact: Fact) -> Iterator[str]:
    """The words that a fact gives a sentence to use; the ends of scales among them."""
    match fact:
        case TaskFact():
            yield from (fact.statement, fact.kind, "task rated high middle low held")
        case SkillFact():
            yield from (fact.name, "skill importance level O*NET")
        case TechnologyFact():
            yield from (fact.name, fact.note, "technology")
        case EvidenceFact():
            yield from (fact.name, *fact.other_names, fact.publisher, fact.dated, fact.says, fact.kind)
        case Facts():
            yield from (
                fact.title,
                *fact.figures,
                fact.scores.get("meaning", ""),
                fact.scores.get("status", ""),
                "percent",
            )
        case LabourFact():
            yield from (fact.name, fact.printed, fact.period, fact.source, "wage wages salary pay job outlook")
