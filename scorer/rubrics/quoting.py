"""Other people's text, made safe to stand in a prompt, a table or an error.

Deterministic and without randomness, since the Cell hash covers what is sent. The fence around a statement is made of
angle brackets and the text inside has none, so nothing in it can close the fence; nor can it hold the marks that chat
templates are made of (`<|im_end|>`, `[INST]`), begin a line of its own, or hide text in invisible characters.
"""

import unicodedata

OPEN, CLOSE = "<task>", "</task>"
_LOOK_ALIKES = str.maketrans({"<": "\u2039", ">": "\u203a", "[": "(", "]": ")"})
_SPACED = {"Cc", "Zs", "Zl", "Zp"}
_DROPPED = {"Cf"}
_REPLACED = {"Cs", "Co", "Cn"}
_REPLACEMENT = "\ufffd"


def one_line(text: str, limit: int | None = None) -> str:
    """Text on one line: control characters and runs of space become one space, invisible ones go, broken ones show.

    Args:
        text: any text, lone surrogates too.
        limit: characters to keep; what is cut ends in an ellipsis. None keeps all.
    """
    if limit is not None:
        text = text[: limit * 4]  # enough to fill the limit after cleaning, little enough to stay fast
    if not text.isprintable():
        text = "".join(map(_visible, text))
    text = " ".join(text.split())
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str) -> str:
    """Text from outside for use in a prompt: one line, no brackets that could pass for a mark."""
    return one_line(text).translate(_LOOK_ALIKES)


def fenced(statement: str) -> str:
    """A task statement as quoted material, between marks that it cannot close."""
    return f"{OPEN}\n{quoted(statement)}\n{CLOSE}"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACED:
        return " "
    if category in _DROPPED:
        return ""
    return _REPLACEMENT if category in _REPLACED else character
