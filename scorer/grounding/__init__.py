"""What a text can rest on: the registry of AI tools and reports, names of products, words and likeness of texts.

The evaluation asks it about rationales, profiles ask it about their sentences. Reads registries from files; stores
nothing and asks no model.
"""

from scorer.grounding.names import ProductNames, product_like
from scorer.grounding.registry import RegistryReading, read_registry, shipped_registry
from scorer.grounding.words import NEARLY_THE_SAME, Twin, content_words, likeness, plain, twins

__all__ = [
    "NEARLY_THE_SAME",
    "ProductNames",
    "RegistryReading",
    "Twin",
    "content_words",
    "likeness",
    "plain",
    "product_like",
    "read_registry",
    "shipped_registry",
    "twins",
]
