"""One page that shows a release to a person: one HTML file, no script, nothing loaded from elsewhere."""

from pathlib import Path

from scorer.domain.rating import Json
from scorer.pages import page_environment
from scorer.publish.page_views import WHOLE, findings
from scorer.store import open_release


def release_page(release: Path, title: str) -> str:
    """The page of a release as HTML.

    Args:
        release: a published file.
        title: what the page is called.

    Raises:
        StoreError: there is no release at this path.
    """
    with open_release(release) as reader:
        found = findings(reader)
    template = page_environment("scorer.publish").get_template("release.html")
    return template.render(
        title=title,
        file_name=release.name,
        full=_full,
        whole=WHOLE,
        **found._asdict(),
    )


def _full(rubric: Json) -> float:
    """The upper end of a rubric's scale: the length of a whole bar."""
    return float(max(category["number"] for category in rubric["scale"]["categories"]))
