"""A feed of the kept releases: for each, what moved since the one before it, to follow, mail or post."""

from itertools import pairwise
from pathlib import Path

from scorer.compare import Entry, atom, digest
from scorer.errors import ScorerError, StoreError
from scorer.store import ReleaseHead
from scorer.workflows.publication.compare import View, compare_files
from scorer.workflows.publication.publish import KeptRelease, kept_releases
from scorer.workflows.workspace.bench import Bench

FEED = "feed.atom"


def write_feed(bench: Bench, directory: Path, base_url: str | None = None, rubric: str | None = None) -> list[Path]:
    """Write `feed.atom` and a Markdown digest for each kept release.

    Args:
        bench: the workspace whose kept releases are told.
        directory: made where it is missing.
        base_url: where the directory will stand, for absolute links.
        rubric: whose scores are compared; the main rubric where None.

    Returns:
        The files, the feed first.

    Raises:
        StoreError: no release is kept.
    """
    kept = kept_releases(bench)
    if not kept:
        raise StoreError("no release is kept: `scorer publish --keep` keeps one, and the feed tells of those")
    directory.mkdir(parents=True, exist_ok=True)
    texts = [_first(kept[0].head), *(_moved(before, after, rubric) for before, after in pairwise(kept))]
    entries = [_entry(one.head, text) for one, text in zip(kept, texts, strict=True)]
    for entry in entries:
        (directory / entry.link).write_text(entry.text, encoding="utf-8")
    (directory / FEED).write_text(atom(entries, base_url), encoding="utf-8")
    return [directory / FEED, *(directory / entry.link for entry in entries)]


def _entry(head: ReleaseHead, text: str) -> Entry:
    return Entry(head.release_id, head.content_sha256, head.created_at, text, f"digest-{head.release_id}.md")


def _first(head: ReleaseHead) -> str:
    said = f"The first release that was kept; O*NET {head.onet_release}."
    return f"# Release {head.release_id}\n\n{said}\n\n{head.attribution}\n"


def _moved(before: KeptRelease, after: KeptRelease, rubric: str | None) -> str:
    """The digest; two releases that cannot be compared are told as such."""
    first, second = (View(one.head.release_id, one.path, rubric=rubric) for one in (before, after))
    try:
        compared = compare_files(first, second)
    except ScorerError as reason:
        why = f"Not compared with {before.head.release_id}: {reason}"
        return f"# Release {after.head.release_id}\n\n{why}\n\n{after.head.attribution}\n"
    return digest(compared.comparison, compared.titles, compared.attribution)
