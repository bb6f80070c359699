"""What moved between two sides, occupation by occupation, and which factor moved it.

A change of an occupation's score is divided by Shapley's rule among the factors that differ: `model` (the raters),
`rubric`, `text` (reworded statements) and `weights`. It is worked out over the tasks that have a score in every
combination of the factors; what those do not show (tasks that are new, retired, or rated on one side only) is the part
`tasks`. The parts add up to the change. What `noise` alone could do is told beside it, as an interval.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import erfc, isnan, sqrt

import numpy as np
import numpy.typing as npt

from scorer.compare.noise import Noise
from scorer.compare.side import Answers, Side
from scorer.errors import CatalogueError
from scorer.statistics import FloatArray, discoveries, reduce, shapley

FACTORS = ("model", "rubric", "text", "weights")
PARTS = (*FACTORS, "tasks")
RATE = 0.05
"""False discovery rate of the movers."""

NO_NOISE = "noise not estimable: too few repeats, and no anchors rated on two occasions"


@dataclass(frozen=True)
class Move:
    """How one occupation moved. Scores in the numbers of the scale.

    Attributes:
        parts: what each part contributed; they add up to `change`.
        ci_low, ci_high: 95 % interval of the change, given how much answers vary when asked again; None with a reason.
        is_mover: the change is no noise, at a false discovery rate of 5 % over all occupations.
        n_shared: tasks over which the factors were told apart; n_first, n_second: tasks with a score on each side.
    """

    occupation_code: str
    first: float
    second: float
    parts: Mapping[str, float]
    ci_low: float | None
    ci_high: float | None
    reason: str | None
    is_mover: bool
    n_shared: int
    n_first: int
    n_second: int

    @property
    def change(self) -> float:
        """Second minus first."""
        return self.second - self.first


@dataclass(frozen=True)
class Comparison:
    """Two sides, and how every occupation moved that has a published score on both.

    Attributes:
        factors: those that differ between the sides, in the order of FACTORS.
        moves: largest change first.
        left_out: occupations without a move, by reason.
    """

    first: Side
    second: Side
    factors: tuple[str, ...]
    moves: tuple[Move, ...]
    noise: Noise
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def movers(self) -> tuple[Move, ...]:
        """The occupations that moved by more than noise."""
        return tuple(move for move in self.moves if move.is_mover)

    def mean_parts(self) -> dict[str, float]:
        """Mean contribution of each part over the occupations; empty where nothing could be compared."""
        return {part: float(np.mean([m.parts[part] for m in self.moves])) for part in PARTS} if self.moves else {}

    def mean_change(self) -> float | None:
        """Mean change over the occupations; None where nothing could be compared."""
        return float(np.mean([m.change for m in self.moves])) if self.moves else None


def compare(first: Side, second: Side, answers: Answers, noise: Noise) -> Comparison:
    """Compare two sides.

    Raises:
        CatalogueError: they measure different things: other measures, other questions, or no task in common.
    """
    check_comparable(first, second)
    table = _Table((first, second), answers)
    moves = table.moves(noise)
    compared = {move.occupation_code for move in moves}
    return Comparison(first, second, table.factors, moves, noise, _left_out(first, second, compared))


def check_comparable(first: Side, second: Side) -> None:
    """Refuse what cannot be compared, before the answers of both sides are read.

    Raises:
        CatalogueError: see `compare`.
    """
    if first.rubric.partition("@")[0] != second.rubric.partition("@")[0]:
        raise CatalogueError(
            f"{first.rubric} and {second.rubric} ask two things: compare versions of one, or name one with --rubric"
        )
    if first.measure != second.measure:
        raise CatalogueError(f"`{first.measure}` and `{second.measure}` are two measures: name one with --measure")
    if not first.tasks.keys() & second.tasks.keys():
        raise CatalogueError(f"{first.name} and {second.name} have no task in common: nothing can be compared")


class _Table:
    """Both sides as arrays over the union of their tasks, (n,); NaN where there is no number."""

    def __init__(self, sides: tuple[Side, Side], answers: Answers) -> None:
        self._sides, self._answers = sides, answers
        self._ids = sorted(sides[0].tasks.keys() | sides[1].tasks.keys())
        codes = [(sides[1].tasks.get(i) or sides[0].tasks[i]).occupation_code for i in self._ids]
        self._codes, occupation = np.unique(codes, return_inverse=True)
        self._occupation: npt.NDArray[np.intp] = occupation.astype(np.intp)
        self._weights = [self._weight(side) for side in sides]
        self._numbers = self._columns()
        self.factors = tuple(factor for factor in FACTORS if self._differs(factor))

    def moves(self, noise: Noise) -> tuple[Move, ...]:
        """A Move for each occupation that both sides published, largest first."""
        shared = self._shared()
        own = [self._scores(self._numbers[s, s, s], self._weights[s]) for s in (0, 1)]
        on_shared = self._divided(shared)
        rest = own[1] - own[0] - sum(on_shared.values(), np.zeros(len(self._codes)))
        parts = {**{factor: np.zeros(len(self._codes)) for factor in FACTORS}, **on_shared, "tasks": rest}
        deviation = self._deviation(noise)
        masks = [np.isfinite(self._numbers[s, s, s] * self._weights[s]) for s in (0, 1)]
        counted = [self._count(mask) for mask in (*masks, shared)]
        kept = [
            place
            for place, code in enumerate(self._codes)
            if all(code in side.published for side in self._sides) and np.isfinite(own[1][place] - own[0][place])
        ]
        change = own[1] - own[0]
        movers = _movers(change[kept], deviation[kept])
        made = []
        for place, is_mover in zip(kept, movers, strict=True):
            low, high, reason = _interval(float(change[place]), float(deviation[place]))
            made.append(
                Move(
                    occupation_code=str(self._codes[place]),
                    first=float(own[0][place]),
                    second=float(own[1][place]),
                    parts={part: float(parts[part][place]) for part in PARTS},
                    ci_low=low,
                    ci_high=high,
                    reason=reason,
                    is_mover=is_mover,
                    n_shared=int(counted[2][place]),
                    n_first=int(counted[0][place]),
                    n_second=int(counted[1][place]),
                )
            )
        return tuple(sorted(made, key=lambda move: (-abs(move.change), move.occupation_code)))

    def _weight(self, side: Side) -> FloatArray:
        tasks = (side.tasks.get(task_id) for task_id in self._ids)
        return np.array([np.nan if task is None or task.weight is None else task.weight for task in tasks])

    def _columns(self) -> dict[tuple[int, ...], FloatArray]:
        """The numbers under each combination; made once where two differ in name only."""
        made: dict[tuple[object, ...], FloatArray] = {}
        columns: dict[tuple[int, ...], FloatArray] = {}
        for model, rubric, text in product((0, 1), repeat=3):
            asked, named, about = (self._sides[side] for side in (model, rubric, text))
            rests_on = asked.raters, asked.reduce, named.rubric, id(about.tasks)
            if rests_on not in made:
                made[rests_on] = self._column(model, rubric, text)
            columns[model, rubric, text] = made[rests_on]
        return columns

    def _column(self, model: int, rubric: int, text: int) -> FloatArray:
        """The number about each task: raters of one side, rubric of one, texts of one."""
        raters, named = self._sides[model], self._sides[rubric].rubric
        tasks = self._sides[text].tasks
        matrix = np.full((len(self._ids), len(raters.raters)), np.nan)
        for row, task_id in enumerate(self._ids):
            if task := tasks.get(task_id):
                for column, rater in enumerate(raters.raters):
                    if found := self._answers.get(rater, named, task_id, task.statement_sha256):
                        matrix[row, column] = found.score
        return reduce(matrix, raters.reduce)

    def _differs(self, factor: str) -> bool:
        first, second = self._sides
        match factor:
            case "model":
                return (first.raters, first.reduce) != (second.raters, second.reduce)
            case "rubric":
                return first.rubric != second.rubric
            case "text":
                both = first.tasks.keys() & second.tasks.keys()
                return any(first.tasks[i].statement_sha256 != second.tasks[i].statement_sha256 for i in both)
            case _:
                return not np.array_equal(self._weights[0], self._weights[1], equal_nan=True)

    def _shared(self) -> npt.NDArray[np.bool_]:
        """Tasks with a weight on both sides and a number in every combination of the factors that differ."""
        sides = [(0, 1) if factor in self.factors else (0,) for factor in FACTORS[:3]]
        columns = [self._numbers[m, r, t] for m, r, t in product(*sides)]
        return np.asarray(np.isfinite(np.sum([*columns, *self._weights], axis=0)))

    def _divided(self, shared: npt.NDArray[np.bool_]) -> dict[str, FloatArray]:
        """The contribution of each factor over the shared tasks; 0 where an occupation has none."""

        def worth(switched: frozenset[str]) -> FloatArray:
            model, rubric, text, weights = (int(factor in switched) for factor in FACTORS)
            numbers = np.where(shared, self._numbers[model, rubric, text], np.nan)
            return np.nan_to_num(self._scores(numbers, self._weights[weights]))

        return shapley(self.factors, worth)

    def _scores(self, numbers: FloatArray, weights: FloatArray) -> FloatArray:
        """Weighted mean of each occupation over its tasks with number and weight; NaN where there is none."""
        usable = np.isfinite(numbers * weights)
        over = np.bincount(self._occupation, np.where(usable, weights, 0.0), len(self._codes))
        sums = np.bincount(self._occupation, np.where(usable, weights * np.nan_to_num(numbers), 0.0), len(self._codes))
        return np.asarray(np.divide(sums, over, out=np.full(len(self._codes), np.nan), where=over > 0))

    def _count(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        return np.bincount(self._occupation, mask, len(self._codes)).astype(np.intp)

    def _deviation(self, noise: Noise) -> FloatArray:
        """Standard deviation of each occupation's change if every answer were asked for again; NaN if not estimable.

        An answer that stands on both sides moves both, so only the difference of what it counts in each matters.
        """
        variance = np.zeros(len(self._codes))
        shares = [self._shares(side) for side in (0, 1)]
        for key in shares[0].keys() | shares[1].keys():
            place, of_one, n = (shares[0].get(key) or shares[1][key])[1:]
            counts = [part[key][0] if key in part else 0.0 for part in shares]
            variance[place] += (counts[1] - counts[0]) ** 2 * noise.variance(*of_one) / n
        return np.sqrt(variance)

    def _shares(self, side: int) -> dict[tuple[str, str, str, str], tuple[float, int, tuple[str, str], int]]:
        """What each answer counts in its occupation's score: share, place of the occupation, (rater, rubric), n."""
        weights, me = self._weights[side], self._sides[side]
        usable = np.isfinite(self._numbers[side, side, side] * weights)
        over = np.bincount(self._occupation, np.where(usable, weights, 0.0), len(self._codes))
        found: dict[tuple[str, str, str, str], tuple[float, int, tuple[str, str], int]] = {}
        for row in np.flatnonzero(usable):
            task_id, place = self._ids[row], int(self._occupation[row])
            text = me.tasks[task_id].statement_sha256
            spoken = [a for r in me.raters if (a := self._answers.get(r, me.rubric, task_id, text))]
            for one in spoken:
                share = float(weights[row] / over[place] / len(spoken))
                found[one.rater, one.rubric, task_id, text] = (share, place, (one.rater, one.rubric), one.n)
        return found


def _movers(change: FloatArray, deviation: FloatArray) -> list[bool]:
    """Which changes are no noise: none where noise is not estimable, and nothing is a mover that did not move."""
    testable = np.isfinite(deviation) & (change != 0)
    with np.errstate(divide="ignore"):  # answers that never vary make any change a real one
        z = np.abs(change[testable]) / deviation[testable]
    found = iter(discoveries(np.array([erfc(value / sqrt(2)) for value in z]), RATE))
    return [next(found) if one else False for one in testable]


def _interval(change: float, deviation: float) -> tuple[float | None, float | None, str | None]:
    """Both ends of the 95 % interval of a change, or the reason why there is none."""
    if isnan(deviation):
        return None, None, NO_NOISE
    return change - 1.96 * deviation, change + 1.96 * deviation, None


def _left_out(first: Side, second: Side, compared: set[str]) -> dict[str, int]:
    """Why an occupation of either side has no move, and how many there are."""
    reasons: Counter[str] = Counter()
    for code in {task.occupation_code for side in (first, second) for task in side.tasks.values()} - compared:
        missing = [side.name for side in (first, second) if code not in side.published]
        reasons[f"no published score in {' and '.join(missing)}" if missing else "no tasks with a number on both"] += 1
    return dict(reasons)
