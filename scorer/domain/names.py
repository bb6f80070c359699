"""Advice for a name that nobody knows: the known one that it begins, or that is spelt most like it."""

from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.5
"""Similarity (0 to 1) from which on a name is worth proposing."""


def hint(name: str, known: Iterable[str]) -> str:
    """What to say after `unknown x`: `; did you mean `y`?`, else `; known: y, z`."""
    names = list(known)
    begun = [one for one in names if name and one.startswith(name)]
    near = begun or get_close_matches(name, names, n=1, cutoff=ALIKE)
    return f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(names) or 'none'}"
