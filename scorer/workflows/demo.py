"""The whole road on a small real sample: no key, and no network once the pinned files are here.

Some whole occupations and the reference tasks are rated by embedded models, calibrated on the reference labels, checked
against them, gated, aggregated and published, with a page for people. The reference labels are a model's, so the policy
is `exploratory`, and it says so. The same road with more occupations and without the words of others makes the
reference release.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import registry
from scorer.catalogue import Selection
from scorer.config import Workspace
from scorer.domain.catalogue import OnetRelease
from scorer.errors import ConfigurationError
from scorer.publish import PublishedRelease, PublishOptions, release_page
from scorer.rating import Progress
from scorer.workflows.evaluation.calibrate import calibrate
from scorer.workflows.evaluation.evaluate import EvaluateReport, evaluate_ratings
from scorer.workflows.evaluation.labels import REFERENCE, REFERENCE_SET, import_labels
from scorer.workflows.profiles.writing import make_profiles
from scorer.workflows.publication.aggregate import AggregateReport, aggregate_ratings
from scorer.workflows.publication.publish import publish_release
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.illustrate import illustrate
from scorer.workflows.rating.rate import RunReport, rate
from scorer.workflows.rating.take_over import take_over
from scorer.workflows.sources.onet import OFFLINE, OFFLINE_SKILLS, import_onet
from scorer.workflows.workspace.bench import Bench

SMALL = "smollm2-135m-instruct"
LARGE = "qwen2.5-coder-1.5b-instruct"
RUBRICS = ("coverage", "exposure")
POLICY = "exploratory"
PAGE = "index.html"
TITLE = "AI coverage of O*NET tasks: the demo"
OCCUPATIONS = (
    "13-1161.00",  # Market Research Analysts and Marketing Specialists
    "29-1215.00",  # Family Medicine Physicians
    "35-9021.00",  # Dishwashers
    "43-4051.00",  # Customer Service Representatives
    "43-9081.00",  # Proofreaders and Copy Markers
)
MEGABYTE = 1e6

Tell = Callable[[str], None]
Observe = Callable[[Progress], None]


class Sample(NamedTuple):
    """What is rated by whom: whole occupations, beside the tasks with reference labels.

    Attributes:
        illustrated: whether the last rater is asked for reasons about the tasks of the occupations, after the fact.
        live: whether the tasks of the occupations are rated here and now, even where an earlier release has ratings.
    """

    occupations: tuple[str, ...] = OCCUPATIONS
    raters: tuple[str, ...] = (SMALL, LARGE)
    illustrated: bool = True
    live: bool = True


class DemoReport(NamedTuple):
    """Every step's report, for whoever prints them.

    Attributes:
        onet: has the titles of the occupations.
        page: None where none was written.
    """

    onet: OnetRelease
    sample: Sample
    runs: Sequence[RunReport]
    evaluation: EvaluateReport
    aggregation: AggregateReport
    release: PublishedRelease
    page: Path | None


WHOLE_DEMO = Sample()


def demo(
    directory: Path, tell: Tell, observe: Observe, sample: Sample = WHOLE_DEMO, *, earlier: Path | None = None
) -> DemoReport:
    """Walk the road in a workspace of its own; walking it again goes on where it stopped and repeats nothing.

    Args:
        directory: made where it is missing.
        tell: told each step in a line.
        observe: told how far the rating is.
        sample: what is rated by whom.
        earlier: a release whose ratings of the reference tasks are taken over; all are asked where None.

    Raises:
        ScorerError: what is missing, and what to do.
    """
    if earlier and not earlier.exists():
        raise ConfigurationError(f"{earlier}: no such release; without --known every task is asked about here")
    report = walk(Bench(Workspace(directory).ensure().root), tell, observe, sample, earlier=earlier)
    page = report.release.path.with_name(PAGE)
    page.write_text(release_page(report.release.path, TITLE), encoding="utf-8")
    return report._replace(page=page)


def walk(
    bench: Bench,
    tell: Tell,
    observe: Observe,
    sample: Sample,
    *,
    earlier: Path | None = None,
    out: Path | None = None,
    options: PublishOptions | None = None,
) -> DemoReport:
    """Pull, import, rate, calibrate, evaluate, aggregate, publish.

    Args:
        bench: the workspace.
        tell: told each step in a line.
        observe: told how far the rating is.
        sample: what is rated by whom.
        earlier: a release whose ratings are taken over, where they answer what is asked.
        out: the file; the workspace's where None.
        options: of the publication.

    Raises:
        ScorerError: as `demo`.
    """
    _pull(bench, (OFFLINE, OFFLINE_SKILLS, *sample.raters), tell)
    onet = import_onet(bench, OFFLINE).release
    labels = import_labels(bench, REFERENCE)
    tell(f"2. O*NET {onet.name}: {len(onet.tasks):,} tasks; {labels.read} reference labels, made by a model")
    selection, not_live = _selections(bench, onet, sample)
    runs = []
    for rater in sample.raters:  # one after the other: two models at once would only share the cores
        asked = Asked(rubrics=RUBRICS, raters=(rater,), selection=selection)
        tell(f"3. {len(selection.task_ids)} tasks are to be rated on {' and '.join(RUBRICS)} by {rater}")
        if earlier and (taken := take_over(bench, earlier, asked.model_copy(update={"selection": not_live}))):
            tell(f"3. {taken:,} of its ratings are taken over from {earlier.name}, the rest is rated here and now")
        runs.append(rate(bench, asked, observe))
        runs[-1].go_on()
    if sample.illustrated:
        tell(f"3. {sample.raters[-1]} illustrates its answers on {RUBRICS[0]}, for the page")
        shown = Selection(occupations=sample.occupations)
        illustrate(bench, Asked(rubrics=RUBRICS[:1], raters=sample.raters[-1:], selection=shown), observe)
    tell(f"4. calibrating on the reference labels: {', '.join(f'{rater}+cal' for rater in sample.raters)}")
    for rater in sample.raters:
        calibrate(bench, rater, REFERENCE_SET)
    tell(f"5. evaluating against the reference labels, policy {POLICY}; aggregating; publishing")
    evaluation = evaluate_ratings(bench, (REFERENCE_SET,), POLICY)
    aggregation = aggregate_ratings(bench)
    make_profiles(bench, Asked(raters=sample.raters, selection=Selection(occupations=sample.occupations)), observe)
    release = publish_release(bench, out, options)
    return DemoReport(onet, sample, runs, evaluation, aggregation, release, page=None)


def _pull(bench: Bench, names: Sequence[str], tell: Tell) -> None:
    """Fetch what is not here, having said how large it is."""
    absent = [name for name in names if bench.artefacts.path(name) is None]
    if absent:
        sizes = ", ".join(f"{name} {(registry()[name].size or 0) / MEGABYTE:,.0f} MB" for name in absent)
        total = sum(registry()[name].size or 0 for name in absent) / MEGABYTE
        tell(f"1. to fetch, once: {total:,.0f} MB ({sizes})")
    for name in names:
        tell(f"1. the pinned file {name}: {bench.artefacts.pull(name, report=tell)}")


def _selections(bench: Bench, onet: OnetRelease, sample: Sample) -> tuple[Selection, Selection]:
    """The tasks of the occupations and those that have a reference label; and those of them that may be taken over."""
    labelled = {label.task_id for label in bench.store.labels.load("coverage@1", REFERENCE_SET)}
    whole = {task.task_id for task in onet.tasks if task.occupation_code in sample.occupations}
    wanted = tuple(task.task_id for task in onet.tasks if task.task_id in labelled | whole)
    not_live = tuple(task_id for task_id in wanted if not (sample.live and task_id in whole))
    return Selection(task_ids=wanted), Selection(task_ids=not_live)
