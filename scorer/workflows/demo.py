"""The whole road on a small real sample: no key, and no network once the pinned files are here.

Five whole occupations and the reference tasks are rated by an embedded model, checked against the reference labels,
gated, aggregated and published. The reference labels are a model's, so the policy is `exploratory`, and it says so.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scorer.catalogue import Selection
from scorer.config import Workspace
from scorer.domain.catalogue import OnetRelease
from scorer.publish import PublishedRelease
from scorer.rating import Progress
from scorer.workflows.aggregate import AggregateReport, aggregate_ratings
from scorer.workflows.asked import Asked
from scorer.workflows.bench import Bench
from scorer.workflows.evaluate import EvaluateReport, evaluate_ratings
from scorer.workflows.labels import REFERENCE, REFERENCE_SET, import_labels
from scorer.workflows.onet import OFFLINE, import_onet
from scorer.workflows.publish import publish_release
from scorer.workflows.rate import RunReport, rate

RATER = "smollm2-135m-instruct"
RUBRICS = ("coverage", "exposure")
POLICY = "exploratory"
OCCUPATIONS = (
    "13-1161.00",  # Market Research Analysts and Marketing Specialists
    "29-1215.00",  # Family Medicine Physicians
    "35-9021.00",  # Dishwashers
    "43-4051.00",  # Customer Service Representatives
    "43-9081.00",  # Proofreaders and Copy Markers
)


class DemoReport(NamedTuple):
    """Every step's report, for whoever prints them; `onet` has the titles of the occupations."""

    onet: OnetRelease
    run: RunReport
    evaluation: EvaluateReport
    aggregation: AggregateReport
    release: PublishedRelease


def demo(directory: Path, tell: Callable[[str], None], observe: Callable[[Progress], None]) -> DemoReport:
    """Walk the road in a workspace of its own; walking it again goes on where it stopped and repeats nothing.

    Args:
        directory: made where it is missing.
        tell: told each step in a line.
        observe: told how far the rating is.

    Raises:
        ScorerError: what is missing, and what to do.
    """
    bench = Bench(Workspace(directory).ensure().root)
    for name in (OFFLINE, RATER):
        tell(f"1. the pinned file {name}: {bench.artefacts.pull(name, report=tell)}")
    onet = import_onet(bench, OFFLINE).release
    labels = import_labels(bench, REFERENCE)
    tell(f"2. O*NET {onet.name}: {len(onet.tasks):,} tasks; {labels.read} reference labels, made by a model")
    question = Asked(rubrics=RUBRICS, raters=(RATER,), selection=Selection(task_ids=_task_ids(bench, onet)))
    tell(f"3. rating {len(question.selection.task_ids)} tasks on {' and '.join(RUBRICS)} with {RATER}, on this machine")
    run = rate(bench, question, observe)
    run.go_on()
    tell(f"4. evaluating against the reference labels, policy {POLICY}; aggregating; publishing")
    evaluation = evaluate_ratings(bench, (REFERENCE_SET,), POLICY)
    return DemoReport(onet, run, evaluation, aggregate_ratings(bench), publish_release(bench))


def _task_ids(bench: Bench, onet: OnetRelease) -> tuple[str, ...]:
    """The tasks of the five occupations and those that have a reference label, in catalogue order."""
    labelled = {label.task_id for label in bench.store.labels.load("coverage@1", REFERENCE_SET)}
    return tuple(task.task_id for task in onet.tasks if task.occupation_code in OCCUPATIONS or task.task_id in labelled)
