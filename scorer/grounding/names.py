"""Names of products in a text: those that are known, and words that look like one and are not.

A word looks like a product where a capital or a digit stands inside it: ChatGPT, AutoCAD, GPT-4. A product with a
plain name is found only where it is known. Nothing is looked up anywhere.
"""

import re
from collections.abc import Iterable
from functools import cached_property

_LOOKS_LIKE = re.compile(
    r"""\b(?:
        [A-Za-z]*[a-z][A-Z][A-Za-z]*\d*        # ChatGPT, iPhone, AutoCAD
        | [A-Z][A-Za-z]*-?\d[\w.]*             # GPT-4o, H2O: sifted below
        | [A-Z][a-z]+\ \d+(?:\.\d+)+           # Gemini 2.5
    )\b""",
    re.VERBOSE,
)
_NO_PRODUCT = re.compile(r"(?:[A-Z]+s|Mc[A-Z].*|Mac[A-Z].*|[ETHL]\d|PhDs?|COVID-19|[A-Z]\d{1,3})$")
"""Plurals of abbreviations, family names, categories of rubrics, degrees, codes of a letter and a number."""


class ProductNames:
    """Products that are known by name.

    Args:
        names: of products, reports or technologies; those under three letters are passed over.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.casefold(): name for name in names if len(name) > 2}  # noqa: PLR2004 - `R` is in every word

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._names.values())

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._names, key=len, reverse=True)
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first) or r"(?!)")

    def named_in(self, text: str) -> list[str]:
        """The known products that a text names, each once, in the order of naming."""
        return list(dict.fromkeys(self._names[found] for found in self._pattern.findall(text.casefold())))


def product_like(text: str, known_text: str = "") -> list[str]:
    """Words that look like names of products and stand nowhere in what is known, each once.

    Args:
        text: to be looked through.
        known_text: where such a word is no invention: statements, titles, names of technologies and products.
    """
    known = known_text.casefold()
    found = dict.fromkeys(match for match in _LOOKS_LIKE.findall(text) if not _NO_PRODUCT.match(match))
    return [name for name in found if name.casefold() not in known]
