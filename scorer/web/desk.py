"""What every page is made with: the release, the use-cases handed in, the templates, and the forms' tokens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from scorer.domain.base import sha256_json
from scorer.domain.rating import Json
from scorer.pages import page_environment
from scorer.web.csrf import FormTokens
from scorer.web.links import Links
from scorer.web.reviewing import Reviewing, ShownRun
from scorer.web.shelf import OpenRelease, Shelf

NAVIGATION = (("", "Occupations"), ("raters", "Raters"), ("method", "How to read it"))
"""Places and names of the pages that every page links to."""


class ComparedPage(NamedTuple):
    """A comparison as it is shown: its title, its body, and the credit lines of both sides."""

    title: str
    body: Markup
    credits: list[str]


class Peers(NamedTuple):
    """Names that measure the same thing, so that any two of them can be compared.

    Attributes:
        title: what they are, for people.
        names: two or more, in the order in which they are offered.
        rubric: on which they are compared; None where the names say it themselves.
    """

    title: str
    names: Sequence[str]
    rubric: str | None = None


@dataclass(frozen=True)
class Uses:
    """The use-cases of other rooms; what is None is not offered.

    Attributes:
        compare: compares what two names stand for, on a rubric where one is named.
        comparable: what can be compared with what.
        weigh: tasks (rows of the table `task`), a scheme of weights and a rubric -> weight by task id of what counts.
        review: the use-cases of the review.
        runs: the runs of the workspace, the latest first.
    """

    compare: Callable[[str, str, str | None], ComparedPage] | None = None
    comparable: Callable[[], Sequence[Peers]] | None = None
    weigh: Callable[[Sequence[Json], str, str], Mapping[str, float]] | None = None
    review: Reviewing | None = None
    runs: Callable[[], Sequence[ShownRun]] | None = None

    def navigation(self) -> list[tuple[str, str]]:
        """Places and names of the pages that are offered."""
        offered = (("compare", "Compare", self.compare), ("review", "Review", self.review), ("runs", "Runs", self.runs))
        return [*NAVIGATION, *((place, name) for place, name, use in offered if use)]


@dataclass(frozen=True)
class Desk:
    """What a page is made with."""

    shelf: Shelf
    uses: Uses = field(default_factory=Uses)
    links: Links = field(default_factory=Links)
    tokens: FormTokens = field(default_factory=FormTokens)
    templates: Environment = field(default_factory=lambda: page_environment("scorer.web"))

    def render(self, template: str, release: OpenRelease | None, place: str, **shown: object) -> str:
        """A page as HTML.

        Args:
            template: its file.
            release: what it shows; None for pages about no release.
            place: where it is, for the navigation.
            shown: what the template needs beside.
        """
        common = {
            "links": self.links,
            "place": place,
            "navigation": self.uses.navigation() if self.links.is_live else NAVIGATION,
            "head": release.head if release else None,
            "credits": release.credits if release else [],
        }
        return self.templates.get_template(template).render({**common, **shown})

    def version(self) -> str:
        """Changes with the templates, so that no browser keeps a page of an older program."""
        loader = self.templates
        return sha256_json([loader.loader.get_source(loader, name)[0] for name in loader.list_templates()])[:12]  # type: ignore[union-attr]
