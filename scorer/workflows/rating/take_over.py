"""Ratings of an earlier release enter a workspace again: what they answer is not asked anew.

Only what is asked now comes in: the same Cell of the same rater under the same text of the rubric. What was left out of
the release (rationales, exchanges) stays away.
"""

from pathlib import Path

from scorer.domain.rating import Rating, Status
from scorer.store import ReleaseReader, RunFacts, open_release
from scorer.workflows.rating.asked import Asked, look_up
from scorer.workflows.workspace.bench import Bench


def take_over(bench: Bench, release: Path, asked: Asked) -> int:
    """Store the ratings of a release that answer Cells of a selection, under the raters' own names.

    Args:
        bench: where to.
        release: a published file; one that is not there gives nothing.
        asked: what is about to be rated.

    Returns:
        How many were new here.

    Raises:
        StoreError: the file is no release.
    """
    if not release.exists():
        return 0
    question = look_up(bench, asked)
    wanted = {(cell.rater, cell.cell_hash): cell.rubric_sha256 for cell in question.asking()}

    def is_wanted(rating: Rating) -> bool:
        texts = wanted.get((rating.rater, rating.cell_hash))
        return texts == rating.rubric_sha256 and rating.status is not Status.FAILED

    with open_release(release) as reader:
        found = [rating for rating in reader.ratings() if is_wanted(rating)]
        raters = {rating.rater for rating in found}
        facts = {row["rater"]: row["facts"] for row in reader.rows("SELECT rater, facts FROM rater")}
        bench.store.rubrics.add(question.rubrics)
        bench.store.raters.add(
            (rater for rater in question.raters if rater.name in raters), {name: facts[name] for name in raters}
        )
        _take_over_runs(bench, reader, {rating.run_id for rating in found})
    return bench.store.ratings.add(found)


def _take_over_runs(bench: Bench, reader: ReleaseReader, run_ids: set[str]) -> None:
    """The runs in which these ratings were made, as far as the release tells of them."""
    known = {run.run_id for run in bench.store.runs.all()}
    for row in reader.rows("SELECT * FROM run ORDER BY started_at"):
        if row["run_id"] in run_ids - known:
            facts = RunFacts(
                scorer_version=row["scorer_version"], plan_hash=row["plan_hash"], started_at=row["started_at"]
            )
            bench.store.runs.start(row["run_id"], facts)
            if row["finished_at"]:
                bench.store.runs.finish(row["run_id"], row["state"], row["counts"] or {}, row["finished_at"])
