"""Who said what about which task, as arrays: what every comparison starts from.

A column holds, for each task of the frame, the share of each category in what was said: one-hot for a rater or a
labeller, fractions where several labellers are pooled, all zero where nothing was said. Two columns are compared only
where both spoke, and about the same text as far as that is known. Refuses answers off the rubric's scale.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from eval.answers import RaterColumn
from scorer.domain.catalogue import TaskKind
from scorer.domain.evaluation import Label
from scorer.domain.rating import Status
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.statistics import FloatArray

BoolArray = npt.NDArray[np.bool_]
Strata = Mapping[str, BoolArray]
UNUSABLE = frozenset({Status.OFF_SCALE, Status.UNPARSABLE, Status.REFUSED, Status.TRUNCATED, Status.FAILED})


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What evaluation needs to know of a task: its cluster (the occupation) and its strata.

    Attributes:
        words: length of its statement.
    """

    occupation_code: str
    kind: TaskKind | None = None
    job_zone: int | None = None
    words: int | None = None

    @property
    def strata(self) -> tuple[str, ...]:
        """`all`, `soc:15`, `kind:core`, `zone:4`, `length:11-16`, as far as known."""
        kind = (f"kind:{self.kind}",) if self.kind else ()
        zone = (f"zone:{self.job_zone}",) if self.job_zone else ()
        length = (f"length:{_length(self.words)}",) if self.words else ()
        return ("all", f"soc:{self.occupation_code[:2]}", *kind, *zone, *length)


def _length(words: int) -> str:
    """Thirds of the O*NET statements, by cuts that are the same in every evaluation."""
    return next((f"{low}-{high}" for low, high in ((1, 10), (11, 16)) if words <= high), "17+")


class Frame:
    """The tasks that are compared, in a fixed order, with their clusters and strata.

    Attributes:
        task_ids: n of them, sorted.
        occupations: number of each task's occupation, shape (n,): the clusters.
        strata: name -> mask (n,).
    """

    def __init__(self, tasks: Mapping[str, TaskFacts], used: Iterable[str]) -> None:
        self.task_ids = tuple(sorted(set(used) & tasks.keys()))
        self.place = {task: i for i, task in enumerate(self.task_ids)}
        codes = [tasks[task].occupation_code for task in self.task_ids]
        self.occupations = np.unique(np.array(codes, dtype=np.str_), return_inverse=True)[1]
        members: dict[str, list[int]] = {}
        for i, task in enumerate(self.task_ids):
            for stratum in tasks[task].strata:
                members.setdefault(stratum, []).append(i)
        everywhere = np.arange(len(self.task_ids))
        self.strata = {name: np.isin(everywhere, members[name]) for name in sorted(members)}

    def __len__(self) -> int:
        return len(self.task_ids)

    @property
    def soc_groups(self) -> dict[str, BoolArray]:
        """The strata `soc:NN`."""
        return {name: mask for name, mask in self.strata.items() if name.startswith("soc:")}


@dataclass(frozen=True)
class Column:
    """What somebody said about the n tasks of a frame, on the k categories of a rubric (`ordered_values`).

    Attributes:
        shares: share of each category, (n, k); rows sum to 1, or to 0 where nothing was said.
        texts: sha256 of the text spoken about, "" where unknown, (n,).
        weights: 1 / inclusion probability, else 1, (n,).
        asked: whether there is any answer or Status, (n,); unusable: asked in vain, `cannot_judge` apart, (n,).
        strata: name -> mask (n,), by what the column's own answers say: `evidence:measured`.
    """

    name: str
    shares: FloatArray
    texts: npt.NDArray[np.str_]
    weights: FloatArray
    asked: BoolArray
    unusable: BoolArray
    strata: Strata = field(default_factory=dict)

    @property
    def answered(self) -> BoolArray:
        """Where something was said, (n,)."""
        return np.asarray(self.shares.any(axis=1))


def encode_rater(frame: Frame, rubric: Rubric, rater: RaterColumn) -> Column:
    """A rater's answers as a Column; tasks outside the frame are left out.

    Raises:
        LabelError: an answer is not on the rubric's scale.
    """
    statuses = dict.fromkeys(rater.answers, Status.RATED) | dict(rater.statuses)
    column = _blank(frame, rubric, rater.name)
    _fill(column, frame, rubric, rater.answers)
    for task, status in statuses.items():
        if (i := frame.place.get(task)) is not None:
            column.asked[i] = True
            column.unusable[i] = status in UNUSABLE
            column.texts[i] = rater.statement_hashes.get(task, "")
    return replace(column, strata=_by_evidence(frame, rater))


def _by_evidence(frame: Frame, rater: RaterColumn) -> dict[str, BoolArray]:
    """Where the rater claimed which evidence; nothing where it was never asked for any."""
    said = np.array([rater.evidence.get(task, "") for task in frame.task_ids], dtype=np.str_)
    return {f"evidence:{word}": said == word for word in sorted(set(rater.evidence.values()))}


def encode_labels(frame: Frame, rubric: Rubric, name: str, labels: Iterable[Label]) -> Column:
    """One labeller's labels as a Column; of two labels about one task the later counts.

    Raises:
        LabelError: a label is not on the rubric's scale.
    """
    by_task = {label.task_id: label for label in labels}
    column = _blank(frame, rubric, name)
    _fill(column, frame, rubric, {task: label.category for task, label in by_task.items()})
    for task, label in by_task.items():
        if (i := frame.place.get(task)) is not None:
            column.asked[i] = True
            column.texts[i] = label.statement_sha256 or ""
            column.weights[i] = 1 / (label.inclusion_probability or 1.0)
    return column


def _blank(frame: Frame, rubric: Rubric, name: str) -> Column:
    n = len(frame)
    return Column(
        name,
        shares=np.zeros((n, len(rubric.values))),
        texts=np.zeros(n, dtype="U64"),
        weights=np.ones(n),
        asked=np.zeros(n, dtype=np.bool_),
        unusable=np.zeros(n, dtype=np.bool_),
    )


def _fill(column: Column, frame: Frame, rubric: Rubric, answers: Mapping[str, str]) -> None:
    ranks = {value: rank for rank, value in enumerate(rubric.ordered_values)}
    for task, category in answers.items():
        if category not in ranks:
            raise LabelError(f"`{column.name}` says `{category}` about task {task}: not on the scale of {rubric.id}")
        if (i := frame.place.get(task)) is not None:
            column.shares[i, ranks[category]] = 1.0


def same_text(first: Column, second: Column) -> BoolArray:
    """Where both spoke about one text, as far as both texts are known, (n,)."""
    return np.asarray((first.texts == "") | (second.texts == "") | (first.texts == second.texts))


def pool(first: Column, others: Sequence[Column], name: str) -> Column:
    """Several labellers as one column for comparison with `first`: a task counts once, its m labels 1/m each.

    Not a majority: a pooled pair agrees as often as `first` agrees with a labeller taken at random, which is what the
    labellers' agreement with each other may be compared with. Labels of another text than `first`'s are left out.
    """
    said = sum((o.shares * same_text(first, o)[:, None] for o in others), np.zeros_like(first.shares))
    labels = said.sum(axis=1, keepdims=True)
    return Column(
        name,
        shares=said / np.maximum(labels, 1),
        texts=np.zeros_like(first.texts),
        weights=np.max([o.weights for o in others], axis=0) if others else np.ones_like(first.weights),
        asked=np.asarray(labels[:, 0] > 0),
        unusable=np.zeros_like(first.unusable),
    )
