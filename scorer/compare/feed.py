"""An Atom feed of releases: one entry each, with what moved since the one before (RFC 4287)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

ATOM = "http://www.w3.org/2005/Atom"
TITLE = "AI coverage of O*NET tasks: releases"
MAKERS = "The scorer maintainers"
FEED_ID = "urn:onet-ai-coverage:releases"
_ILLEGAL = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"}


class Entry(NamedTuple):
    """One release in the feed. text: what moved, as Markdown; link: where the digest is, relative to the feed."""

    release_id: str
    content_sha256: str
    published: datetime
    text: str
    link: str


def atom(entries: Sequence[Entry], base_url: str | None = None) -> str:
    """The feed, newest entry first.

    Args:
        entries: in any order.
        base_url: where the folder of the feed will stand; links are relative without it.
    """
    newest_first = sorted(entries, key=lambda entry: entry.published, reverse=True)
    feed = Element("feed", {"xmlns": ATOM})
    _texts(feed, id=FEED_ID, title=TITLE)
    _texts(feed, updated=newest_first[0].published.isoformat() if newest_first else "1970-01-01T00:00:00+00:00")
    _texts(SubElement(feed, "author"), name=MAKERS)
    root = f"{base_url.rstrip('/')}/" if base_url else ""
    if root:
        SubElement(feed, "link", {"rel": "self", "href": f"{root}feed.atom"})
    for entry in newest_first:
        _add(feed, entry, root)
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _add(feed: Element, entry: Entry, root: str) -> None:
    node = SubElement(feed, "entry")
    when = entry.published.isoformat()
    _texts(node, id=f"urn:sha256:{entry.content_sha256}", title=f"Release {entry.release_id}", updated=when)
    SubElement(node, "link", {"href": f"{root}{entry.link}"})
    content = SubElement(node, "content", {"type": "text"})
    content.text = entry.text.translate(_ILLEGAL)


def _texts(node: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(node, name).text = text.translate(_ILLEGAL)
