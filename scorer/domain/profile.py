"""Profiles: prose about an occupation, sentence by sentence, each with what it rests on."""

from datetime import datetime
from enum import StrEnum

from scorer.domain.base import Frozen
from scorer.domain.rating import Status
from scorer.domain.rubric import PROFILE

TEMPLATE_SUFFIX = "+template"
"""What is added to a rater's name where fixed sentences are filled from its scores."""


class Section(StrEnum):
    """The parts of a profile, in the order in which they are shown."""

    RISKS = "risks"
    AI_TODAY = "ai_today"
    PEOPLE_REMAIN = "people_remain"
    TOOLS = "tools"
    SKILLS = "skills"
    CHECKLIST = "checklist"
    FAQ = "faq"


class ProfileMethod(StrEnum):
    """Who chose the words: a model, or a template that no model had a part in."""

    WRITTEN = "written"
    TEMPLATE = "template"


class Sentence(Frozen):
    """One sentence as it came back.

    Attributes:
        section: a Section's value, or whatever the writer put there.
        question: that it answers; empty outside `faq`.
        refs: what it says it rests on: `task:ID`, `skill:ELEMENT_ID`, `technology:NAME`, `evidence:ENTRY_ID`,
            `labour:FIGURE:PERIOD`, `occupation:CODE`.
    """

    section: str
    sentence: str
    question: str = ""
    refs: tuple[str, ...] = ()


class CheckedSentence(Frozen):
    """A sentence after the checker; `reason` says why it is not shown, where it is not. place: from 1."""

    section: str
    place: int
    question: str | None
    sentence: str
    refs: tuple[str, ...]
    is_shown: bool
    reason: str | None = None


class Profile(Frozen):
    """One going-through of a profile by the checker.

    Attributes:
        profile_id: the rating that it is: an answer to `profile@1` about an occupation.
        prompt: id of the prompt.
        scores_rubric, scores_of: whose task scores it rests on; None where there were none.
        scores_status: `published` or `held`, of the occupation's score.
        facts_sha256: of the facts that the writer was given.
        checker: version of the rules.
    """

    check_id: str
    profile_id: str
    occupation_code: str
    onet_release: str
    rater: str
    model: str | None
    prompt: str
    prompt_sha256: str | None
    method: ProfileMethod
    status: Status
    problem: str | None = None
    scores_rubric: str | None = None
    scores_of: str | None = None
    scores_status: str | None = None
    facts_sha256: str | None
    checker: str
    n_sentences: int
    n_refused: int
    written_at: datetime
    checked_at: datetime


__all__ = ["PROFILE", "TEMPLATE_SUFFIX", "CheckedSentence", "Profile", "ProfileMethod", "Section", "Sentence"]
