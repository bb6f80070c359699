"""The figure of the multiverse: how many occupations change their tenth of the ranking, by each choice."""

from collections.abc import Sequence
from pathlib import Path

from scorer.domain.uncertainty import Specification
from scorer.errors import ConfigurationError
from scorer.pages import strips

CHOICES = {"weights": "weights", "raters": "raters", "reduce": "combined by", "second_level": "E2 counts"}


def figure_place(out: Path) -> Path:
    """The file to draw to.

    Raises:
        ConfigurationError: it is no name of an SVG file.
    """
    if out.suffix != ".svg":
        raise ConfigurationError(f"{out}: the figure is an SVG file, so its name must end in .svg")
    return out


def draw_multiverse(specifications: Sequence[Specification], out: Path) -> Path:
    """Write the figure of one rubric as SVG.

    Args:
        specifications: of one aggregation; where it is about several rubrics, the one with the most universes is drawn.
        out: the file, from `figure_place`.

    Raises:
        ConfigurationError: nothing varies: no rater passed, or there are under ten occupations.
    """
    known = [one for one in specifications if one.decile_changed is not None and not one.is_main]
    if not known:
        raise ConfigurationError(
            "there is no multiverse to draw: no rater passed the gate, or under ten occupations have a score"
        )
    rubrics = [one.rubric for one in known]
    rubric = max(sorted(set(rubrics)), key=rubrics.count)
    rows: list[dict[str, str | float]] = [
        {"choice": label, "option": str(getattr(one, field)), "value": one.decile_changed or 0.0}
        for field, label in CHOICES.items()
        for one in known
        if one.rubric == rubric and getattr(one, field) is not None
    ]
    described = f"Share of occupations in another tenth of the ranking than by the main choices, {rubric}, by choice"
    drawn = strips(rows, f"occupations in another tenth than published, {rubric}", described)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(drawn, encoding="utf-8")
    return out
