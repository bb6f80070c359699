"""The read-only pages as files: a site that any web server, or a folder, can show."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from scorer.errors import StoreError
from scorer.web.assets import asset_texts
from scorer.web.dataset import dataset
from scorer.web.desk import Desk, Uses
from scorer.web.home import as_csv, home_page, listing
from scorer.web.links import Links
from scorer.web.occupation import occupation_page
from scorer.web.queries.occupation import occupations
from scorer.web.queries.task import task_stories, told_tasks
from scorer.web.raters import CHART, method_page, models_chart, raters_page
from scorer.web.shelf import OpenRelease, Shelf
from scorer.web.task import task_page

AT_TOP = 5
"""Files that every site has beside the assets: three pages, the list, and the mark; with answers their chart, too."""
READ_AT_ONCE = 100
"""Tasks that are read together; whole answers may be long."""
MARK = "dataset.json"
"""Each of our sites has it; a folder without it is somebody else's."""


def write_site(
    release: Path, out: Path, uses: Uses, far: Callable[[int, int], None] = lambda _done, _total: None
) -> int:
    """Write the pages of a release as files that link to each other; `out` is replaced whole, or not at all.

    Args:
        release: a published file.
        out: a folder that is not there yet, is empty, or holds an earlier site.
        uses: what the pages may ask of other rooms.
        far: told after each file how many are written, and of how many.

    Returns:
        How many files were written.

    Raises:
        StoreError: there is no release, or `out` holds something else.
    """
    if out.exists() and not (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        raise StoreError(f"{out} is there and is no site of ours, so it stays: name another folder")
    beside, old = (out.with_name(f".{out.name}.{word}") for word in ("new", "old"))
    for left_over in (beside, old):
        shutil.rmtree(left_over, ignore_errors=True)
    desk = Desk(Shelf(release), uses)
    count = 0
    with desk.shelf.taken() as opened:
        told, drawn = told_tasks(opened.reader(), opened.tables), models_chart(opened)
        total = len(occupations(opened)) + len(told) + len(asset_texts()) + AT_TOP + bool(drawn)
        for place, text in _files(desk, opened):
            path = beside / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            count += 1
            far(count, total)
    desk.shelf.close()
    if out.exists():
        out.rename(old)
    beside.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    return count


def _files(desk: Desk, release: OpenRelease) -> Iterator[tuple[str, str]]:
    """Every file by its place below the top."""
    top, below = (replace(desk, links=Links(is_live=False, depth=depth)) for depth in (0, 1))
    yield "index.html", home_page(top, release, {})
    yield "raters.html", raters_page(top, release)
    if drawn := models_chart(release):
        yield CHART, drawn
    yield "method.html", method_page(top, release)
    yield "occupations.csv", as_csv(listing(release, {}).rows)
    yield MARK, json.dumps(dataset(release, is_live=False), indent=2)
    for name, (text, _) in asset_texts().items():
        yield f"assets/{name}", text
    for code in occupations(release):
        yield f"occupations/{code}.html", occupation_page(below, release, code)
    for some in _parts(told_tasks(release.reader(), release.tables)):
        for story in task_stories(release, some):
            yield f"tasks/{story.row['task_id']}.html", task_page(below, release, story)


def _parts(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + READ_AT_ONCE] for start in range(0, len(ids), READ_AT_ONCE))
