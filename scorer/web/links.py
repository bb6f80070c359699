"""Where pages are: paths of the server, or files beside each other on a static site."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """Turns the place of a page into an address.

    Attributes:
        is_live: whether a server answers: only then are there searches, downloads of what is shown, and forms.
        depth: folders between a static page and the top of its site.
    """

    is_live: bool = True
    depth: int = 0

    def page(self, place: str = "") -> str:
        """The address of a page, such as `occupations/15-1252.00`; the home page's place is empty."""
        return f"/{place}" if self.is_live else f"{self._top}{place or 'index'}.html"

    def asset(self, name: str) -> str:
        """The address of a style sheet or script of ours."""
        return f"{self._top}assets/{name}"

    def file(self, name: str) -> str:
        """The address of a file beside the home page."""
        return f"{self._top}{name}"

    @property
    def _top(self) -> str:
        return "/" if self.is_live else "../" * self.depth
