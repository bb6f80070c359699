"""What of a workspace can be compared with what: releases, raters on one rubric, versions of one rubric.

Only published scores have moved, so a side without any is not offered; nor are two sides that measure different things.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from scorer.domain.panel import PANEL
from scorer.store import open_release
from scorer.web import Peers
from scorer.workflows.publication.publish import kept_releases
from scorer.workflows.rating.asked import MAIN_RUBRIC
from scorer.workflows.workspace.bench import Bench

_SCORED = "SELECT DISTINCT rubric, rater FROM occupation_score WHERE status = 'published' ORDER BY ALL"


class _Scored(NamedTuple):
    """What a release has published scores of. by_rubric: rubric version -> raters; titles: of the rubrics."""

    release_id: str
    by_rubric: dict[str, list[str]]
    titles: dict[str, str]

    @property
    def has_main(self) -> bool:
        """Whether the panel has scores on the main rubric: what two releases are compared on."""
        return any(PANEL in raters for rubric, raters in self.by_rubric.items() if _name(rubric) == MAIN_RUBRIC)


def comparable(bench: Bench) -> list[Peers]:
    """Lists of names, any two of which can be compared: releases, oldest first, then what the one here has."""
    kept = [_scored(one.path) for one in kept_releases(bench)]
    place = bench.workspace.release_path
    here = [_scored(place)] if place.is_file() else []
    releases = Peers(
        "Releases, by the panel", list(dict.fromkeys(one.release_id for one in (*kept, *here) if one.has_main))
    )
    offered = [releases, *(peers for one in here for peers in (*_raters(one), *_versions(one)))]
    return [peers for peers in offered if len(peers.names) > 1]


def _scored(path: Path) -> _Scored:
    """Looked up anew only where another release took the file's place."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> _Scored:
    by_rubric: defaultdict[str, list[str]] = defaultdict(list)
    with open_release(path) as release:
        for row in release.rows(_SCORED):
            by_rubric[row["rubric"]].append(row["rater"])
        titles = {row["rubric"]: row["title"] for row in release.rows("SELECT rubric, title FROM rubric")}
        return _Scored(release.head().release_id, dict(by_rubric), titles)


def _raters(here: _Scored) -> Iterator[Peers]:
    for rubric, raters in sorted(here.by_rubric.items(), key=lambda one: _name(one[0]) != MAIN_RUBRIC):
        yield Peers(f"Raters: {here.titles[rubric]} ({rubric})", [one for one in raters if one != PANEL], rubric)


def _versions(here: _Scored) -> Iterator[Peers]:
    versions: defaultdict[str, list[str]] = defaultdict(list)
    for rubric, raters in here.by_rubric.items():
        if PANEL in raters:
            versions[_name(rubric)].append(rubric)
    for rubrics in versions.values():
        yield Peers(f"Versions of a rubric: {here.titles[rubrics[-1]]}", sorted(rubrics, key=_number))


def _name(rubric: str) -> str:
    return rubric.partition("@")[0]


def _number(rubric: str) -> int:
    return int(rubric.partition("@")[2])
