"""Words and likeness of texts: what two texts share, and which of many are nearly the same."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

NEARLY_THE_SAME = 0.9
"""Likeness (normalised edit distance of the words, 0 to 1) from which two texts are near-duplicates."""

STEM = 4
"""Letters of a word that are compared: enough to tell words apart, few enough to bring their forms together."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_SPACES = re.compile(r"\W+")


class Twin(NamedTuple):
    """The text most like another one: its place, and how alike they are, 0 to 1."""

    place: int
    likeness: float


@lru_cache(maxsize=65_536)
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, by their first letters, without case: `analyses` and `analyzing` meet."""
    found = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word[:STEM] for word in found if word not in _stop_words())


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - a second that others should not wait

    return frozenset(ENGLISH_STOP_WORDS)


def plain(text: str) -> str:
    """Words in lower case with single spaces: what likeness is measured on."""
    return _SPACES.sub(" ", text).strip().casefold()


def twins(texts: Sequence[str], at_least: float = NEARLY_THE_SAME) -> dict[int, Twin]:
    """Of each text that has a near-duplicate among the others: the most alike one, by place. Empty texts have none."""
    if len(texts) < 2:  # noqa: PLR2004 - two are needed to be alike
        return {}
    words = [plain(text) for text in texts]
    alike = process.cdist(words, words, scorer=fuzz.ratio, score_cutoff=100 * at_least, dtype=np.float32)
    np.fill_diagonal(alike, 0)
    alike[[not text for text in words], :] = 0
    best = alike.argmax(axis=1)
    return {
        place: Twin(int(best[place]), float(alike[place, best[place]]) / 100)
        for place in range(len(texts))
        if alike[place, best[place]] > 0
    }


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1, as `twins` measures it."""
    return float(fuzz.ratio(plain(one), plain(other))) / 100
