"""The rubrics of a release, and which of its scores are looked at."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from scorer.domain.panel import PANEL
from scorer.domain.rating import Json
from scorer.web.shelf import OpenRelease

MAIN = "coverage"
SHARE = "share_"
FINE = 4.0
"""Scales that end here or below are written with two digits."""


@dataclass(frozen=True)
class Scale:
    """A rubric version: `row` is that of the table `rubric`."""

    row: Json

    @property
    def title(self) -> str:
        """What it asks."""
        return str(self.row["title"])

    @property
    def primary(self) -> str:
        """Its primary measure."""
        return str(self.row["scale"]["primary"])

    @property
    def share_at(self) -> float | None:
        """Where the share of the weight (AI exposure) is cut; None where the rubric has no such statistic."""
        cut: float | None = self.row["scale"].get("share_at")
        return cut

    def full(self, measure: str | None = None) -> float:
        """The upper end of a measure: the length of a whole bar."""
        if measure and measure.startswith(SHARE):
            return 1.0
        numbers: dict[str, float] = self.row["scale"]["measures"].get(measure or self.primary, {})
        return max(numbers.values(), default=1.0) or 1.0

    def digits(self, measure: str | None = None) -> int:
        """Digits after the point."""
        return 2 if self.full(measure) <= FINE else 1

    def label(self, category: str | None) -> str:
        """The words of a category, with its value: `50, about half`; empty for None."""
        return "" if category is None else self._labels.get(category, category)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """A page asks for hundreds."""
        categories = self.row["scale"]["categories"]
        return {one["value"]: ", ".join(dict.fromkeys([one["value"], one["label"]])) for one in categories}


class Choice(NamedTuple):
    """Whose scores on what."""

    rubric: str
    rater: str
    measure: str


class Offer(NamedTuple):
    """What can be chosen among.

    Attributes:
        scales: by rubric version.
        scores: every rubric, rater and measure that has scores.
    """

    scales: dict[str, Scale]
    scores: list[Choice]

    def choose(self, rubric: str | None, rater: str | None, measure: str | None) -> Choice | None:
        """What was asked for as far as there is such a thing, else the usual: coverage, the panel, the primary measure.

        None where nothing has scores.
        """
        if not self.scores:
            return None
        rubrics = list(dict.fromkeys(one.rubric for one in self.scores))
        usual = [one for one in rubrics if one.partition("@")[0] == MAIN]
        chosen = rubric if rubric in rubrics else (usual or rubrics)[-1]
        raters = [one.rater for one in self.scores if one.rubric == chosen]
        rated_by = rater if rater in raters else (PANEL if PANEL in raters else raters[0])
        measures = [one.measure for one in self.scores if (one.rubric, one.rater) == (chosen, rated_by)]
        primary = self.scales[chosen].primary
        usual_measure = primary if primary in measures else measures[0]
        return Choice(chosen, rated_by, measure if measure in measures else usual_measure)

    def looked_at(self, choice: Choice | None, rubric: str | None) -> str | None:
        """The rubric on which tasks are shown: that of the scores, else the one asked for, else coverage or the last.

        None where nothing was rated.
        """
        if choice or not self.scales:
            return choice.rubric if choice else None
        usual = [one for one in self.scales if one.partition("@")[0] == MAIN]
        return rubric if rubric in self.scales else (usual or list(self.scales))[-1]

    def newest(self, name: str) -> str | None:
        """The newest version of a rubric that has scores; None where none has."""
        versions = {one.rubric for one in self.scores if one.rubric.partition("@")[0] == name}
        return max(versions, key=lambda rubric: int(rubric.partition("@")[2]), default=None)


def offer(release: OpenRelease) -> Offer:
    """What a release offers."""
    return release.once("offer", _offer)


def _offer(release: OpenRelease) -> Offer:
    reader = release.reader()
    scales = {row["rubric"]: Scale(row) for row in reader.rows("FROM rubric ORDER BY rubric")}
    found = reader.rows("SELECT DISTINCT rubric, rater, measure FROM occupation_score ORDER BY ALL")
    return Offer(scales, [Choice(**row) for row in found])
