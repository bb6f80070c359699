"""Compare two releases, or two raters, rubric versions or O*NET releases within what is published here."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from scorer.aggregate import counted_tasks, task_weights
from scorer.compare import (
    Answers,
    Asking,
    Comparison,
    Noise,
    Side,
    SideTask,
    TaskAnswer,
    by_group,
    check_comparable,
    compare,
    comparison_page,
    digest,
    noise_of,
)
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Decision
from scorer.domain.panel import PANEL, panel_members
from scorer.domain.rating import Json
from scorer.errors import StoreError
from scorer.store import ReleaseReader, open_release
from scorer.workflows.publication.publish import KeptRelease, find_release, kept_releases
from scorer.workflows.rating.asked import MAIN_RUBRIC
from scorer.workflows.workspace.bench import Bench

_NO_SENTENCE = "not in this release"


class View(NamedTuple):
    """What one side of a comparison looks at.

    Attributes:
        name: as it was asked for.
        path: the release.
        rubric: name or version; the main rubric where None.
        rater: None for the panel.
    """

    name: str
    path: Path
    rubric: str | None = None
    rater: str | None = None


class Compared(NamedTuple):
    """A comparison, with the titles of the occupations by code and the credit lines of both releases."""

    comparison: Comparison
    titles: dict[str, str]
    attribution: str


def compare_views(
    bench: Bench,
    first: str,
    second: str,
    *,
    rubric: str | None = None,
    rater: str | None = None,
    measure: str | None = None,
) -> Compared:
    """Compare what two names stand for.

    Args:
        bench: the workspace.
        first: a release (file, or id of a kept one), a rater or rubric version of the workspace's release, or an O*NET
            release that one of the releases here is about.
        second: the same.
        rubric: of both sides, where the names are no rubrics.
        rater: of both sides, where the names are no raters; the panel where None.
        measure: the rubric's primary one where None.

    Raises:
        StoreError: a name stands for nothing, or a release has no scores of what is asked.
        CatalogueError: the two sides measure different things.
    """
    views = [_with(find_view(bench, name), rubric, rater) for name in (first, second)]
    return compare_files(views[0], views[1], measure)


def compare_files(first: View, second: View, measure: str | None = None) -> Compared:
    """Compare two views; see `compare_views`."""
    with ExitStack() as stack:
        opened = [stack.enter_context(open_release(view.path)) for view in (first, second)]
        known: _Known = {}
        readings = [_Reading(one, view, measure, known) for one, view in zip(opened, (first, second), strict=True)]
        sides = [reading.side() for reading in readings]
        check_comparable(*sides)
        raters = sorted({rater for side in sides for rater in side.raters})
        answers = Answers(
            one for reading in _apart(readings) for rubric in _rubrics(sides) for one in reading.answers(rubric, raters)
        )
        noise = _noise(readings, sides)
        titles = {code: title for reading in readings for code, title in reading.titles()}
        credit = "\n".join(dict.fromkeys(line for one in opened for line in one.head().attribution.splitlines()))
    return Compared(compare(sides[0], sides[1], answers, noise), titles, credit)


def write_page(compared: Compared, path: Path, *, as_html: bool) -> None:
    """Write the comparison as one HTML page, or as a Markdown digest."""
    make = comparison_page if as_html else digest
    path.write_text(make(compared.comparison, compared.titles, compared.attribution), encoding="utf-8")


def as_json(compared: Compared) -> Json:
    """The whole comparison, for programs."""
    comparison = compared.comparison
    sides = {"first": comparison.first, "second": comparison.second}
    shown = ("name", "onet_release", "rubric", "measure", "raters", "reduce", "weights")
    return {
        **{place: {name: getattr(side, name) for name in shown} for place, side in sides.items()},
        "factors": comparison.factors,
        "mean_change": comparison.mean_change(),
        "mean_parts": comparison.mean_parts(),
        "moves": [
            {**asdict(move), "change": move.change, "title": compared.titles.get(move.occupation_code)}
            for move in comparison.moves
        ],
        "groups": [group._asdict() for group in by_group(comparison)],
        "noise": [
            {"rater": rater, "rubric": rubric, "variance": variance}
            for (rater, rubric), variance in comparison.noise.variances.items()
        ],
        "drifts": [drift._asdict() for drift in comparison.noise.drifts],
        "left_out": dict(comparison.left_out),
        "attribution": compared.attribution,
    }


def find_view(bench: Bench, name: str) -> View:
    """What a name stands for: a release, else a rater or a rubric of the release here, else an O*NET release.

    Raises:
        StoreError: nothing of that name is here.
    """
    kept = kept_releases(bench)
    if Path(name).is_file() or any(one.head.release_id.startswith(name) for one in kept):
        return View(name, find_release(bench, name))
    here = bench.workspace.release_path
    if here.is_file():
        with open_release(here) as release:
            if release.rows("SELECT 1 FROM rater WHERE rater = ?", [name]):
                return View(name, here, rater=name)
            if release.rows("SELECT 1 FROM rubric WHERE rubric = ?", [name]):
                return View(name, here, rubric=name)
            if release.head().release_id == name:
                return View(name, here)
            kept = [*kept, KeptRelease(here, release.head())]
    if about := [path for path, head in kept if head.onet_release == name]:
        return View(name, about[-1])
    ids = ", ".join(one.head.release_id for one in kept_releases(bench)) or "none"
    raise StoreError(
        f"`{name}` is no file, no kept release ({ids}), and no rater, rubric version or O*NET release of {here.name}"
    )


def _with(view: View, rubric: str | None, rater: str | None) -> View:
    return view._replace(rubric=view.rubric or rubric, rater=view.rater or rater)


def _rubrics(sides: list[Side]) -> list[str]:
    return sorted({side.rubric for side in sides})


def _apart(readings: "list[_Reading]") -> "list[_Reading]":
    """One reading of each file and measure: both sides may look at the same."""
    return list({(reading.path, reading.measure): reading for reading in readings}.values())


def _noise(readings: "list[_Reading]", sides: list[Side]) -> Noise:
    """From the ratings of both releases, each once; there is none for measures that are no rating's own number."""
    if any(reading.measure != reading.primary for reading in readings):
        return Noise({})
    files = _apart(readings)
    found = {
        rating_id: asking
        for reading in files
        for rubric in _rubrics(sides)
        for rating_id, asking in reading.askings(rubric, is_alone=len(files) == 1)
    }
    return noise_of(found.values())


_Known = dict[tuple[Path, str, str], dict[str, SideTask]]
"""Tasks by release, rubric and weights: both sides may look at the same."""


class _Reading:
    """One side, read from its release."""

    def __init__(self, release: ReleaseReader, view: View, measure: str | None, known: _Known) -> None:
        self._release, self._view, self._known = release, view, known
        self.rubric, self.primary = self._rubric()
        self.measure = measure or self.primary

    def side(self) -> Side:
        """The side without its answers."""
        head = self._release.head()
        aggregation = head.manifest.get("aggregation")
        if not aggregation:
            raise StoreError(f"{self._view.name} has no occupation scores: run `scorer aggregate` and publish it anew")
        return Side(
            name=self._view.name,
            onet_release=head.onet_release,
            rubric=self.rubric,
            measure=self.measure,
            raters=self._raters(aggregation["panel"]),
            reduce=aggregation["reduce"],
            weights=aggregation["weights"],
            tasks=self._tasks(aggregation["weights"]),
            published=frozenset(self._published()),
        )

    @property
    def path(self) -> Path:
        """The release."""
        return self._view.path

    def answers(self, rubric: str, raters: list[str]) -> Iterator[TaskAnswer]:
        """The number of each of these raters about every current text."""
        query = """
            SELECT s.rater, s.rubric, s.task_id, t.statement_sha256, s.score, s.n
            FROM task_score s JOIN task t ON t.task_id = s.task_id AND t.is_current
            WHERE s.score IS NOT NULL AND s.rubric = ? AND s.measure = ? AND list_contains(?, s.rater)
        """
        return (TaskAnswer(**row) for row in self._release.rows(query, [rubric, self.measure, raters]))

    def askings(self, rubric: str, *, is_alone: bool) -> Iterator[tuple[str, Asking]]:
        """Every usable rating by its id; of a release that is looked at alone only those to questions asked again."""
        repeated = "QUALIFY count(*) OVER (PARTITION BY rater, task_id, statement_sha256, variant) > 1"
        query = f"""
            SELECT rating_id, rater, rubric, task_id, coalesce(statement_sha256, '') AS statement_sha256, variant,
                occasion, score
            FROM rating WHERE score IS NOT NULL AND rubric = ? {repeated if is_alone else ""}
        """  # noqa: S608 - our own words
        return ((row.pop("rating_id"), Asking(**row)) for row in self._release.rows(query, [rubric]))

    def titles(self) -> Iterator[tuple[str, str]]:
        """Occupation codes and titles."""
        return ((row["occupation_code"], row["title"]) for row in self._release.rows("FROM occupation"))

    def _rubric(self) -> tuple[str, str]:
        """The rubric version and its primary measure; of several versions the one that sorts last."""
        asked = self._view.rubric or MAIN_RUBRIC
        name, _, version = asked.partition("@")
        known = {row["rubric"]: row["scale"] for row in self._release.rows("FROM rubric ORDER BY rubric")}
        fitting = [rubric for rubric in known if rubric == asked or (not version and rubric.partition("@")[0] == name)]
        if not fitting:
            raise StoreError(f"{self._view.name} has nothing on rubric `{asked}`; it has {', '.join(known) or 'none'}")
        newest = max(fitting, key=lambda rubric: int(rubric.partition("@")[2]))
        return newest, known[newest]["primary"]

    def _raters(self, panel: list[str]) -> tuple[str, ...]:
        if self._view.rater:
            return (self._view.rater,)
        query = "SELECT DISTINCT rater FROM verdict WHERE rubric = ? AND level = 'all' AND decision = ?"
        passed = [row["rater"] for row in self._release.rows(query, [self.rubric, Decision.PASS.value])]
        if members := panel_members(passed, panel):
            return members
        raise StoreError(f"{self._view.name} has no panel on {self.rubric}: no rater passed; name one with --rater")

    def _tasks(self, scheme: str) -> dict[str, SideTask]:
        which = self.path, self.rubric, scheme
        if which not in self._known:
            self._known[which] = self._read_tasks(scheme)
        return self._known[which]

    def _read_tasks(self, scheme: str) -> dict[str, SideTask]:
        columns = "task_id, occupation_code, statement, statement_sha256, kind, importance, relevance, frequency"
        found = self._release.rows(f"SELECT {columns} FROM task WHERE is_current")  # noqa: S608 - our own names
        texts = {row["task_id"]: row.pop("statement_sha256") for row in found}
        tasks = [Task.model_validate({**row, "statement": row["statement"] or _NO_SENTENCE}) for row in found]
        weights = task_weights(counted_tasks(tasks, self.rubric), scheme).by_task
        return {t.task_id: SideTask(t.occupation_code, texts[t.task_id], weights.get(t.task_id)) for t in tasks}

    def _published(self) -> Iterator[str]:
        """Occupations whose score counts; what is held has no number, and so cannot have moved."""
        query = """
            SELECT occupation_code FROM occupation_score
            WHERE rubric = ? AND rater = ? AND measure = ? AND status = 'published'
        """
        found = self._release.rows(query, [self.rubric, self._view.rater or PANEL, self.measure])
        return (row["occupation_code"] for row in found)
