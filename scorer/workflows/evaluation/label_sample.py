"""Draw tasks to be labelled, keep the chances, and write the sheet that labellers fill in."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from eval.label_files import guarded
from eval.sampling import draw_labels
from scorer.aggregate import task_scores
from scorer.domain.catalogue import OnetRelease
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import LabelDraw
from scorer.errors import LabelError
from scorer.rubrics import load_rubric
from scorer.workflows.workspace.bench import Bench

COLUMNS = (
    "sample_id",
    "task_id",
    "rubric",
    "labeller",
    "category",
    "note",
    "occupation",
    "statement",
    "statement_sha256",
)


class SampleReport(NamedTuple):
    """What was drawn: is_new says whether the workspace did not have it yet; tasks by stratum; the credit line."""

    sample_id: str
    sheet: Path
    tasks: int
    is_new: bool
    strata: Mapping[str, int]
    attribution: str


def sample_labels(
    bench: Bench, out: Path, rubric_name: str, n: int, seed: int = 0, *, by_disagreement: bool = False
) -> SampleReport:
    """Draw a sample of the current release, keep it, and write its sheet.

    Args:
        bench: whose catalogue and ratings.
        out: the sheet; nothing that is there is replaced.
        rubric_name: to label on.
        n: how many tasks.
        seed: of the draw.
        by_disagreement: draw tasks on which the raters so far differ three times as densely.

    Raises:
        LabelError: the sheet is there already, n is too small, or no two raters have rated a task.
        CatalogueError, RubricError: no release, no such rubric.
    """
    if out.exists():
        raise LabelError(f"{out} is there already and may hold labels: name another file (--out)")
    rubric, release = load_rubric(rubric_name), bench.store.catalogue.load()
    draws = draw_labels(release, rubric, n, seed, _spreads(bench, release, rubric) if by_disagreement else None)
    _write_sheet(out, draws, release)
    bench.store.rubrics.add([rubric])
    is_new = bench.store.labels.add_sample(draws)
    strata: defaultdict[str, int] = defaultdict(int)
    for draw in draws:
        strata[draw.stratum] += 1
    return SampleReport(draws[0].sample_id, out, len(draws), is_new, dict(sorted(strata.items())), release.attribution)


def _spreads(bench: Bench, release: OnetRelease, rubric: Rubric) -> dict[str, float]:
    """Highest minus lowest rater of each task that two raters or more have rated, whether they passed or not."""
    numbers: defaultdict[str, list[float]] = defaultdict(list)
    for score in task_scores(bench.store.ratings.usable(rubric.id, release.name), rubric):
        if score.measure == rubric.primary and score.score is not None:
            numbers[score.task_id].append(score.score)
    spreads = {task_id: max(rated) - min(rated) for task_id, rated in numbers.items() if len(rated) > 1}
    if not spreads:
        raise LabelError(
            f"no task has been rated by two raters on {rubric.id}, so nothing disagrees yet: leave out "
            "--by-disagreement, or rate with a second rater first"
        )
    return spreads


def _write_sheet(out: Path, draws: Sequence[LabelDraw], release: OnetRelease) -> None:
    titles = {one.occupation_code: one.title for one in release.occupations}
    tasks = {task.task_id: task for task in release.tasks}
    with out.open("x", newline="", encoding="utf-8") as file:
        sheet = csv.DictWriter(file, COLUMNS, restval="")
        sheet.writeheader()
        for draw in draws:
            task = tasks[draw.task_id]
            sheet.writerow(
                {
                    **{name: getattr(draw, name) for name in ("sample_id", "task_id", "rubric")},
                    "occupation": guarded(titles[task.occupation_code]),
                    "statement": guarded(task.statement),
                    "statement_sha256": task.statement_sha256,
                }
            )
