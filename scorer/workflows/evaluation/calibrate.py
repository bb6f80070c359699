"""Calibrate a rater on labels: a Rater of its own, `R+cal`, whose ratings are computed from those of R.

The raw ratings stay, and both raters are evaluated and gated like any other. New labels make a new version under the
same name: its ratings are added, and count from then on.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eval.calibration import Method
from eval.calibration_ratings import Calibration, calibrate_ratings
from scorer.domain.base import sha256_json
from scorer.domain.evaluation import LabellerKind
from scorer.domain.names import hint
from scorer.domain.panel import CALIBRATED
from scorer.domain.rating import AnswerMode, Rater, Status
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError, LabelError
from scorer.store import RaterRecord, RunFacts
from scorer.version import VERSION
from scorer.workflows.sources.known_tasks import task_facts
from scorer.workflows.workspace.bench import Bench, rated_rubrics

FOLDS = 5


class CalibrationReport(NamedTuple):
    """One rubric of a calibration.

    Attributes:
        rater: the calibrated Rater.
        added: ratings that are new; 0 where this very version was there before.
        notes: what a reader should know, one line each.
    """

    rater: str
    rubric: str
    label_set: str
    calibration: Calibration
    added: int
    notes: tuple[str, ...]


def calibrate(
    bench: Bench, rater: str, label_set: str, rubrics: Sequence[str] = (), *, folds: int = FOLDS, seed: int = 0
) -> list[CalibrationReport]:
    """Calibrate a rater's ratings, rubric by rubric.

    Args:
        bench: whose ratings and labels.
        rater: the raw Rater; its ratings must have readings (log-probabilities).
        label_set: whose labels; reviews never count, and labels by models only where no person labelled.
        rubrics: `coverage@1` or `coverage`; every rubric that the rater has ratings and the set has labels on where
            empty.
        folds: parts into which the labelled occupations are dealt; each is scored by a model fitted without it.
        seed: of the dealing.

    Raises:
        ConfigurationError: no such rater, or no ratings of it on a rubric.
        LabelError: no such label set, too few labels, or nothing that can be calibrated.
    """
    record = _raw_rater(bench, rater)
    chosen = _chosen_rubrics(bench, rater, label_set, rubrics)
    occupations = {task: facts.occupation_code for task, facts in task_facts(bench).items()}
    case = _Case(bench, record, label_set, occupations, Method(folds=folds, seed=seed))
    return [case.calibrate(rubric) for rubric in chosen]


def _raw_rater(bench: Bench, name: str) -> RaterRecord:
    known = {one.rater: one for one in bench.store.raters.all()}
    if name not in known:
        raise ConfigurationError(f"no ratings by a rater `{name}`{hint(name, known)}")
    if known[name].provider == "calibrated":
        raise ConfigurationError(f"`{name}` is calibrated: name the raw rater, `{name.removesuffix(CALIBRATED)}`")
    return known[name]


def _chosen_rubrics(bench: Bench, rater: str, label_set: str, names: Sequence[str]) -> list[Rubric]:
    """The rubrics that are named, else those on which there are both ratings of the rater and labels of the set."""
    sets = {one.name: one for one in bench.store.labels.sets()}
    if label_set not in sets:
        raise LabelError(f"no label set `{label_set}`{hint(label_set, sets)}")
    rated = {count.rubric for count in bench.store.ratings.counts() if count.rater == rater}
    known = {rubric.id: rubric for rubric in rated_rubrics(bench) if rubric.id in rated}
    by_name = {rubric.name: rubric.id for rubric in sorted(known.values(), key=lambda one: one.version)}
    wanted = [by_name.get(name, name) for name in names] or [one for one in known if one in sets[label_set].rubrics]
    for name in wanted:
        if name not in known:
            raise ConfigurationError(f"`{rater}` has no ratings on `{name}`{hint(name, known)}")
        if name not in sets[label_set].rubrics:
            raise LabelError(
                f"label set {label_set} has no labels on {name}, only on {', '.join(sets[label_set].rubrics)}"
            )
    if not wanted:
        raise LabelError(f"label set {label_set} has no labels on a rubric that `{rater}` has ratings on")
    return [known[name] for name in wanted]


class _Case(NamedTuple):
    """A raw rater, a label set and a method: what is the same for every rubric."""

    bench: Bench
    raw: RaterRecord
    label_set: str
    occupations: dict[str, str]
    method: Method

    @property
    def name(self) -> str:
        """The calibrated rater's."""
        return self.raw.rater + CALIBRATED

    def calibrate(self, rubric: Rubric) -> CalibrationReport:
        """Calibrate on one rubric, and store what is new."""
        store = self.bench.store
        raw, labels = store.ratings.latest(rubric.id, self.raw.rater), store.labels.load(rubric.id, self.label_set)
        try:
            found = calibrate_ratings(raw, labels, self.occupations, rubric, self.method)
        except LabelError as error:
            raise LabelError(f"{self.raw.rater} on {rubric.id}: {error}") from None
        present = {rating.cell_hash for rating in store.ratings.latest(rubric.id, self.name)}
        is_new = not present.issuperset(rating.cell_hash for rating in found.ratings)
        added = self._keep(rubric, found) if is_new else 0
        return CalibrationReport(self.name, rubric.id, self.label_set, found, added, tuple(_notes(found)))

    def _keep(self, rubric: Rubric, found: Calibration) -> int:
        """Store a version: its rater, a run of its own, and its ratings."""
        store, facts = self.bench.store, {"label_set": self.label_set, **found.facts}
        twin = Rater(
            name=self.name,
            provider="calibrated",
            model=self.raw.model,
            params={"calibrates": self.raw.rater},
            answer=AnswerMode.TOKEN,
            weights_sha256=self.raw.weights_sha256,
        )
        earlier = next((one.facts or {} for one in store.raters.all() if one.rater == self.name), {})
        store.raters.add([twin], {self.name: {**earlier, rubric.id: facts}})
        (run_id,) = {rating.run_id for rating in found.ratings}
        plan = {"calibrates": self.raw.rater, "rubric": rubric.id, **facts}
        store.runs.start(run_id, RunFacts(scorer_version=VERSION, plan_hash=sha256_json(plan), plan=plan))
        added = store.ratings.add(found.ratings)
        rated = sum(rating.status is Status.RATED for rating in found.ratings)
        store.runs.finish(run_id, "complete", {f"{self.name} {Status.RATED.value}": rated})
        return added


def _notes(found: Calibration) -> Iterator[str]:
    if found.labeller_kind is LabellerKind.MODEL:
        yield "fitted on labels by models, not by people: what it agrees with is another model"
    if found.without:
        yield f"{found.without} ratings have no log-probabilities, or other ones than most: left out"
