"""How well the embedded default agrees with people: 300 tasks of O*NET 26.1 with published human exposure labels.

    python benchmarks/embedded.py                 asked by probes, no label read; then calibrated on 100 labels
    python benchmarks/embedded.py --tasks 150     fewer
    python benchmarks/embedded.py --keep          the figures go into figures.json, from which the pages are made

Ratings are kept in .bench-embedded/ below the current directory: a second run asks nothing. The first takes some
minutes on two free cores. Labels: ../shared/data, or the pinned download.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from figures import add_option, keep

from eval.calibration import Method
from eval.calibration_ratings import calibrate_ratings
from scorer.catalogue import Selection
from scorer.config import Workspace
from scorer.domain.catalogue import Task
from scorer.domain.evaluation import Label, Undefined
from scorer.domain.rating import Rating, Status
from scorer.domain.rubric import Rubric
from scorer.rubrics import load_rubric
from scorer.statistics import cohen_kappa
from scorer.statistics.coefficients import crosstab
from scorer.workflows.evaluation.labels import import_labels
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.rate import rate
from scorer.workflows.sources.onet import OFFLINE, import_onet
from scorer.workflows.workspace.bench import Bench

REPOSITORY = Path(__file__).resolve().parents[1]
RATER = "qwen2.5-coder-1.5b-instruct"
LABELS = "gpts-are-gpts"
SEED, TASKS, FITTED = 300, 300, 100
EXPECTED = {
    "by probes, no labels": ("kappa >= .30, r >= .45", "kappa .366, r .507"),
    f"calibrated on {FITTED}, tasks held out": ("kappa >= .35", "kappa .396, r .525"),
}
"""The goals, and what was measured at design time on 200 other tasks (calibrated on 50), by the name of the line."""


class Line(NamedTuple):
    """One line of the table: who, how well, the goal where there is one, and what was measured at design time."""

    name: str
    n: int
    agreement: float
    kappa: float | None
    pearson: float | None
    goal: str
    earlier: str


def lines(ratings: Sequence[Rating], labels: Mapping[str, Label], tasks: Sequence[Task], rubric: Rubric) -> list[Line]:
    """Agreement without labels on all tasks; then that of the tasks which a calibration on the first 100 never saw.

    Args:
        ratings: of the tasks, with readings.
        labels: by task id.
        tasks: in the order of the draw; the first `FITTED` give labels to the calibration.
        rubric: `exposure`.
    """
    fitted = [labels[task.task_id] for task in tasks[:FITTED]]
    held_out = {task.task_id for task in tasks[FITTED:]}
    occupations = {task.task_id: task.occupation_code for task in tasks}
    calibrated = calibrate_ratings(ratings, fitted, occupations, rubric, Method()).ratings
    out = [rating for rating in ratings if rating.task_id in held_out]
    out_calibrated = [rating for rating in calibrated if rating.task_id in held_out]
    return [
        _line("by probes, no labels", ratings, labels, rubric),
        _line("  the same, tasks held out", out, labels, rubric),
        _line(f"calibrated on {FITTED}, tasks held out", out_calibrated, labels, rubric),
    ]


def figures_of(found: Sequence[Line]) -> dict[str, float]:
    """The figures of the lines, in their order, as far as they exist."""
    named = zip(("raw", "held_out", "calibrated"), found, strict=True)
    told = {f"{name}_{key}": getattr(line, key) for name, line in named for key in ("n", "kappa", "pearson")}
    return {key: value for key, value in told.items() if value is not None}


def _line(name: str, ratings: Sequence[Rating], labels: Mapping[str, Label], rubric: Rubric) -> Line:
    rated = [one for one in ratings if one.status is Status.RATED and one.task_id in labels]
    order = rubric.ordered_values
    said = np.array([order.index(str(one.category)) for one in rated])
    truth = np.array([order.index(labels[one.task_id].category) for one in rated])
    kappa = cohen_kappa(crosstab(said, truth, len(order)))
    expected = np.array([one.score_expected for one in rated], dtype=float)
    numbers = np.array([rubric.number(order[place]) for place in truth])
    pearson = float(np.corrcoef(expected, numbers)[0, 1]) if expected.std() and numbers.std() else None
    plain = None if isinstance(kappa, Undefined) else float(kappa)
    return Line(name, len(rated), float((said == truth).mean()), plain, pearson, *EXPECTED.get(name, ("", "")))


def drawn(bench: Bench, n: int) -> tuple[list[Task], dict[str, Label]]:
    """Tasks of the current release whose very text has a human label, in a seeded order; and the labels by task."""
    labels = {label.task_id: label for label in bench.store.labels.load("exposure@1", LABELS)}
    tasks = [
        task
        for task in bench.store.catalogue.load().tasks
        if task.task_id in labels and labels[task.task_id].statement_sha256 == task.statement_sha256
    ]
    order = np.random.default_rng(SEED).permutation(len(tasks))[:n]
    return [tasks[place] for place in order], labels


def table(found: Sequence[Line]) -> str:
    """The lines as text, a dash for what does not exist."""
    head = f"{'':36}{'n':>5}{'agree':>8}{'kappa':>8}{'r':>8}  {'goal':24}{'measured before'}"
    return "\n".join([head, *(_row(line) for line in found)])


def _row(line: Line) -> str:
    kappa, pearson = (f"{value:8.3f}" if value is not None else f"{'-':>8}" for value in (line.kappa, line.pearson))
    return f"{line.name:36}{line.n:5d}{line.agreement:8.3f}{kappa}{pearson}  {line.goal:24}{line.earlier}"


def main() -> None:
    """Import, rate what is missing, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--rater", default=RATER)
    add_option(parser)
    wanted = parser.parse_args()
    bench = Bench(Workspace(Path(".bench-embedded")).ensure().root)
    shared = Path(os.environ.get("SCORER_SHARED", REPOSITORY.parent / "shared"))
    copy = shared / "data" / "labels" / "gpts_are_gpts" / "full_labelset.tsv"
    for name in (OFFLINE, wanted.rater):
        bench.artefacts.pull(name, report=print)
    import_onet(bench, OFFLINE)
    import_labels(bench, LABELS, path=copy if copy.exists() else None)
    tasks, labels = drawn(bench, wanted.tasks)
    selection = Selection(task_ids=tuple(task.task_id for task in tasks))
    asked = Asked(rubrics=("exposure",), raters=(wanted.rater,), selection=selection)
    rate(
        bench, asked, lambda progress: print(f"\r{progress.done} of {progress.total}", end="", file=sys.stderr)
    ).go_on()
    chosen = set(selection.task_ids)
    ratings = [one for one in bench.store.ratings.latest("exposure@1", wanted.rater) if one.task_id in chosen]
    print(f"\n{wanted.rater} against the human labels of {LABELS}\n")
    found = lines(ratings, labels, tasks, load_rubric("exposure"))
    print(table(found))
    keep(wanted.keep, "embedded", figures_of(found), command="make bench-embedded")


if __name__ == "__main__":
    main()
