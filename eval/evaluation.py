"""One evaluation of one rubric: raters, labels and tasks in; rows of `agreement` and `verdict` out.

Labels that reviewers made to resolve disagreements never enter. A rating and a label meet only where both are about the
same text, as far as both texts are known. What was left out is said in `notes`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from eval.agreement import Pair, agreements, pair
from eval.answers import RaterColumn
from eval.columns import Column, Frame, TaskFacts, encode_labels, encode_rater, pool, same_text
from eval.comparison import Comparison, compare
from eval.consensus import combinations_beside_labels
from eval.evidence import Evidence, LabelColumns
from eval.floors import Embeddings, beside
from eval.gate import held, judge
from eval.panel import PanelRequest, panel_column
from eval.policy import Policy
from eval.rationales import NOTHING_FOUND, RationaleFindings
from eval.together import ALL_RATERS, TWO, among_themselves, consistency, repeatability
from eval.variants import order_sensitivity
from scorer.domain.evaluation import Agreement, Label, LabellerKind, LabelOrigin, Verdict
from scorer.domain.panel import PANEL, panel_members, raters_that_passed
from scorer.domain.reliability import Reliability
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError

MOST_LABELLERS = 12
"""Labellers of a set up to which each has rows of its own."""


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found.

    Attributes:
        panel: the members of the panel; empty where none was asked for or no rater passed.
        notes: what was left out and why, one line each.
        comparisons: every pair that has coefficients, as counts and means.
        reliability: what labels say where raters state so much; see eval.reliability.
        rationales: which rationales cannot be reasons; see eval.rationales.
    """

    agreements: tuple[Agreement, ...]
    verdicts: tuple[Verdict, ...]
    panel: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    reliability: tuple[Reliability, ...] = ()
    rationales: RationaleFindings = NOTHING_FOUND


def evaluate(
    rubric: Rubric,
    raters: Sequence[RaterColumn],
    labels: Iterable[Label],
    tasks: Mapping[str, TaskFacts],
    policy: Policy,
    *,
    seed: int = 0,
    panel: PanelRequest | None = None,
    embeddings: Embeddings | None = None,
    rationales: RationaleFindings = NOTHING_FOUND,
) -> Evaluation:
    """Compare every rater with every labeller, with every label set of several labellers, and with each other; judge.

    Args:
        rubric: answers and labels are on its scale; labels about other rubrics are passed over.
        raters: one column each.
        labels: of any number of label sets; of two by one labeller about one task the later counts.
        tasks: every task known to the workspace, retired ones too, by task_id.
        policy: thresholds of the gate.
        seed: of the bootstrap; the same input and seed give the same output.
        panel: None for no panel.
        embeddings: of the statements of labelled tasks, for the classifier beside the raters; None for no classifier.
        rationales: what `look_over` found on the reasons that raters give.

    Returns:
        Agreements in all strata. Verdicts: one at level `all` for every rater (and `panel`) x label set, and one for
        each SOC group held by itself. No label set, no Verdict: which means HOLD.

    Raises:
        LabelError: two raters of one name, or an answer or label off the rubric's scale.
    """
    _distinct([rater.name for rater in raters])
    counted = _counted(rubric, labels)
    spoken = {label.task_id for label in counted}.union(*(r.answers.keys() | r.statuses.keys() for r in raters))
    frame = Frame(tasks, spoken)
    columns = [encode_rater(frame, rubric, rater) for rater in raters]
    sets = [replace(one, floors=beside(one, frame, embeddings or {})) for one in _label_sets(frame, rubric, counted)]
    case = partial(Evidence, frame, rubric, policy, seed, rationales=rationales)
    verdicts = [verdict for column in columns for one in sets for verdict in judge(case(column, one))]
    members = panel_members(raters_that_passed(verdicts), panel.raters) if panel else ()
    bench = [_panel(frame, rubric, columns, members, panel.reduce)] if panel else []
    verdicts += [v for column in bench for one in sets for v in _judge_panel(case(column, one), members)]

    compared = [*_among_raters(columns), *_with_labels([*columns, *(bench if members else [])], sets), *_floors(sets)]
    rows = [row for couple in compared for row in agreements(couple, frame, rubric, seed)]
    rows += [*_together(frame, rubric, seed, columns, sets), *_with_themselves(raters, frame, rubric, seed)]
    combined, remarks = combinations_beside_labels(frame, rubric, _seats(columns, members), sets, seed)
    notes, shown = _notes(frame, spoken, columns, sets), tuple(compare(one, frame, rubric) for one in compared)
    return Evaluation((*rows, *combined), tuple(verdicts), members, (*notes, *remarks), shown, rationales=rationales)


def _counted(rubric: Rubric, labels: Iterable[Label]) -> list[Label]:
    """The labels on this rubric that are no resolutions of disagreements."""
    return [label for label in labels if label.rubric == rubric.id and label.origin is not LabelOrigin.REVIEW]


def _with_themselves(raters: Sequence[RaterColumn], frame: Frame, rubric: Rubric, seed: int) -> Iterator[Agreement]:
    """Each rater over its repeats, and over the wordings it was asked in."""
    for rater in raters:
        yield from repeatability(rater, frame, rubric, seed)
        yield from order_sensitivity(rater, frame, rubric, seed)


def _distinct(names: Sequence[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1} | {PANEL} & set(names)):
        raise LabelError(f"rater names must be distinct and none may be `{PANEL}`: {', '.join(twice)}")


def _label_sets(frame: Frame, rubric: Rubric, labels: Iterable[Label]) -> list[LabelColumns]:
    """The label sets in the order of their names, each with its labellers in the order of theirs."""
    grouped: dict[str, dict[LabellerKind, dict[str, list[Label]]]] = {}
    for label in labels:
        kinds = grouped.setdefault(label.label_set, {kind: {} for kind in LabellerKind})
        kinds[label.labeller_kind].setdefault(label.labeller, []).append(label)

    def columns(name: str, kind: LabellerKind) -> tuple[Column, ...]:
        labellers = sorted(grouped[name][kind].items())
        return tuple(encode_labels(frame, rubric, f"{name}/{labeller}", own) for labeller, own in labellers)

    return [
        LabelColumns(name, columns(name, LabellerKind.PERSON), columns(name, LabellerKind.MODEL))
        for name in sorted(grouped)
    ]


def _seats(columns: Sequence[Column], members: Sequence[str]) -> list[Column]:
    return [column for column in columns if column.name in members]


def _panel(frame: Frame, rubric: Rubric, columns: Sequence[Column], members: Sequence[str], how: str) -> Column:
    seats = _seats(columns, members)
    return panel_column(rubric, seats, how) if seats else encode_rater(frame, rubric, RaterColumn(PANEL, {}))


def _judge_panel(evidence: Evidence, members: Sequence[str]) -> list[Verdict]:
    if not members:
        return [held(evidence, "no rater of the panel passed")]
    made_of = f"made of {', '.join(members)}"
    return [v.model_copy(update={"reasons": (*v.reasons, made_of)}) for v in judge(evidence)]


def _among_raters(columns: Sequence[Column]) -> Iterator[Pair]:
    return (pair(first, second) for first, second in combinations(columns, 2))


def _with_labels(columns: Sequence[Column], sets: Sequence[LabelColumns], *, among: bool = True) -> Iterator[Pair]:
    """Every rater beside every labeller and beside the pooled people of a set; every labeller beside every other.

    Of a set with many labellers only the pooled people have a row: hundreds of single ones would say little each.
    """
    labellers = [column for one in sets if len(one.people) <= MOST_LABELLERS for column in (*one.people, *one.models)]
    for column in columns:
        yield from (pair(column, labeller) for labeller in labellers)
        yield from (pair(column, pool(column, one.people, one.name)) for one in sets if len(one.people) > 1)
    if among:
        yield from _among_raters(labellers)


def _together(
    frame: Frame, rubric: Rubric, seed: int, columns: Sequence[Column], sets: Sequence[LabelColumns]
) -> Iterator[Agreement]:
    """Three raters or more together, the people of each set among themselves, and each with itself over equal texts."""
    if len(columns) > TWO:
        yield from among_themselves(ALL_RATERS, columns, frame, rubric, seed)
    for one in sets:
        if len(one.people) >= TWO:
            yield from among_themselves(one.name, one.people, frame, rubric, seed)
    labellers = (c for one in sets if len(one.people) <= MOST_LABELLERS for c in (*one.people, *one.models))
    for column in (*columns, *labellers):
        yield from consistency(column, rubric, seed)


def _floors(sets: Sequence[LabelColumns]) -> Iterator[Pair]:
    """The floors of each label set beside its labels."""
    return (couple for one in sets for couple in _with_labels(one.floors, [one], among=False))


def _notes(
    frame: Frame, spoken: Collection[str], columns: Sequence[Column], sets: Sequence[LabelColumns]
) -> Iterator[str]:
    if unknown := len(spoken) - len(frame):
        yield f"{unknown} tasks are in no catalogue release of this workspace: left out"
    for column in columns:
        for labeller in (labeller for one in sets for labeller in (*one.people, *one.models)):
            other = column.answered & labeller.answered & ~same_text(column, labeller)
            if other.any():
                yield f"{column.name} rated another text than {labeller.name} labelled on {other.sum()} tasks: left out"
