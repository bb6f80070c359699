"""Profiles: prose about an occupation that says nothing but what is stored, and says where each sentence comes from.

Facts are laid out, a rater writes (or a template is filled), and a checker lets through what the facts bear. Asks
nobody anything by itself and stores nothing: a profile goes the road of a rating.
"""

from scorer.profiles.checker import CHECKER, check
from scorer.profiles.facts import Facts, ScoreBasis, StoredFacts, lay_out, read_facts
from scorer.profiles.template import TEMPLATE, TemplateProvider

__all__ = [
    "CHECKER",
    "TEMPLATE",
    "Facts",
    "ScoreBasis",
    "StoredFacts",
    "TemplateProvider",
    "check",
    "lay_out",
    "read_facts",
]
