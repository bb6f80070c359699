"""Text from outside, made harmless to look at: what cannot be printed is spelled out, and nothing is ever too long."""


def visible(text: str) -> str:
    """The text with control, bidi and other invisible characters spelled out, so that it can neither move nor hide."""
    if text.isprintable():
        return text
    return "".join(char if char == "\t" or char.isprintable() else _spelled(char) for char in text)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters of a text; what was cut is counted at its end."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def _spelled(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - as Python spells them
