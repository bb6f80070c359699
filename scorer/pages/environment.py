"""The Jinja2 environment of every page: escaping always on, a missing name is an error, hostile text is harmless.

Whatever a template prints passes `finalize`: control, bidi and invisible characters are spelled out and texts of more
than 20,000 characters are cut, saying so. `Markup` (our own macros and charts) passes as it is.
"""

from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scorer.domain.text import shortened, visible
from scorer.pages import numbers

LONGEST = 20_000
"""Characters of one text on a page; the whole of it is in the release."""


def page_environment(package: str | None = None) -> Environment:
    """An environment for the templates of this room and, first, those of another one.

    Args:
        package: the package whose `templates` folder is looked into first; None for none.
    """
    own: BaseLoader = PackageLoader("scorer.pages")
    loader = ChoiceLoader([PackageLoader(package), own]) if package else own
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {name: getattr(numbers, name) for name in ("number", "percent", "interval", "usd", "when")}
    environment.globals["style_sheet"] = style_sheet
    return environment


def harmless(value: object) -> object:
    """What is printed for a value: text cut and made visible, line ends kept; everything else as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if len(value) <= LONGEST and value.isprintable():  # nearly all
        return value
    return "\n".join(visible(line) for line in shortened(value, LONGEST).split("\n"))


@cache
def style_sheet() -> Markup:
    """The style sheet, to be inlined in a page that is one file; it is ours and holds no markup."""
    text = (files("scorer.pages") / "assets" / "style.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - a file of ours
