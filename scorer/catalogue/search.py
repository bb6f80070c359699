"""Finds occupations by the titles that people use for their jobs.

Every title of an occupation is compared with what was typed, by the likeness of its words in whatever order (rapidfuzz,
token sort ratio), and an occupation is as good as its best title. Abbreviations are written out on both sides. It finds
titles that are spelt alike; it knows nothing of meaning.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

ABBREVIATIONS = {
    "ai": "artificial intelligence",
    "asst": "assistant",
    "bi": "business intelligence",
    "ceo": "chief executive officer",
    "cfo": "chief financial officer",
    "cna": "certified nursing assistant",
    "coo": "chief operating officer",
    "cpa": "certified public accountant",
    "cto": "chief technology officer",
    "dba": "database administrator",
    "dev": "developer",
    "emt": "emergency medical technician",
    "eng": "engineer",
    "hr": "human resources",
    "it": "information technology",
    "lpn": "licensed practical nurse",
    "mgr": "manager",
    "ml": "machine learning",
    "nlp": "natural language processing",
    "np": "nurse practitioner",
    "ops": "operations",
    "ot": "occupational therapist",
    "pm": "project manager",
    "pr": "public relations",
    "pt": "physical therapist",
    "qa": "quality assurance",
    "rep": "representative",
    "rn": "registered nurse",
    "seo": "search engine optimization",
    "sre": "site reliability engineer",
    "sr": "senior",
    "swe": "software engineer",
    "sysadmin": "systems administrator",
    "tech": "technician",
    "ui": "user interface",
    "ux": "user experience",
    "vp": "vice president",
}
"""What job advertisements shorten, written out."""

FLOOR = 60.0
"""Likeness (0 to 100) under which a title is no answer."""

BEHIND = 20.0
"""What is so much less like than the best answer is none beside it."""

CLOSE = 80.0
"""Likeness from which on a further title of the same occupation speaks for it."""

_WORD = re.compile(r"[a-z0-9+#]+")
_PLURAL = re.compile(r"(\w{3,}[^s])s\b")


class Found(NamedTuple):
    """An occupation that fits what was typed.

    Attributes:
        title: its title that fits best.
        likeness: of that title, 0 to 100.
        n_close: how many of its titles are close; of occupations whose best title fits equally well, the one with
            more of them stands first.
    """

    occupation_code: str
    title: str
    likeness: float
    n_close: int


class TitleIndex:
    """Titles made ready to be searched; making it takes much longer than a search, so keep it.

    Args:
        titles: occupation code and title; an occupation may have any number.
    """

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        named = [(code, title, words(title)) for code, title in titles]
        self._titles = [(code, title) for code, title, plain in named if plain]
        self._plain = [plain for _, _, plain in named if plain]

    def search(self, text: str, limit: int = 10) -> list[Found]:
        """The occupations whose titles are most like `text`, the likeliest first; none where nothing is like it."""
        found = process.extract(words(text), self._plain, scorer=fuzz.token_sort_ratio, score_cutoff=FLOOR, limit=None)
        return _ranked([(self._titles[place], likeness) for _, likeness, place in found])[:limit]


def words(text: str) -> str:
    """The words of a title as they are compared: lower case, abbreviations written out, `s` of a plural left off.

    `Data Scientists` is `data scientist`, `ML engineer` is `machine learning engineer`.
    """
    return " ".join(map(_plain, _WORD.findall(text.lower())))


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    """A word written out, in the singular; all titles together have some thousand words."""
    return _PLURAL.sub(r"\1", ABBREVIATIONS.get(word, word))


def _ranked(found: Sequence[tuple[tuple[str, str], float]]) -> list[Found]:
    best: dict[str, Found] = {}
    for (code, title), likeness in found:  # the likeliest title comes first
        known = best.setdefault(code, Found(code, title, round(likeness, 1), 0))
        best[code] = known._replace(n_close=known.n_close + (likeness >= CLOSE))
    floor = max((one.likeness for one in best.values()), default=0.0) - BEHIND
    ranked = sorted(best.values(), key=lambda one: (-one.likeness, -one.n_close, one.occupation_code))
    return [one for one in ranked if one.likeness >= floor]
