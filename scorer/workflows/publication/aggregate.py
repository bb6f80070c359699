"""Weigh task scores into occupation scores; what has no PASS is held."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from eval import load_policy
from scorer.aggregate import Aggregation, Method, aggregate, blocker_shares, task_weights
from scorer.domain.base import sha256_json
from scorer.domain.catalogue import OnetRelease
from scorer.domain.evaluation import BlockerShare, OccupationScore
from scorer.domain.rubric import Rubric
from scorer.domain.uncertainty import GroupScore, Specification
from scorer.store import AggregationRecord
from scorer.workflows.workspace.bench import Bench, rated_rubrics

SEED = 0


class AggregateReport(NamedTuple):
    """What an aggregation gave: its id, the release it is about, and the scores, held ones included.

    fallback: the scored occupations of which no task has what the weights need, so that its tasks count the same.
    """

    aggregation_id: str
    onet_release: str
    weights: str
    scores: Sequence[OccupationScore]
    groups: Sequence[GroupScore] = ()
    fallback: Sequence[str] = ()
    multiverse: Sequence[Specification] = ()


def aggregate_ratings(bench: Bench, weights: str | None = None, onet_release: str | None = None) -> AggregateReport:
    """Aggregate the ratings of every rubric over the tasks of one release.

    Args:
        bench: whose ratings and Verdicts.
        weights: scheme of the task weights; scorer.toml's where None.
        onet_release: about which release; the current one where None.

    Raises:
        CatalogueError, ConfigurationError: no such release or weights, or no ratings.
    """
    store = bench.store
    method = _method(bench, weights)
    release = store.catalogue.load(onet_release)
    rubrics = rated_rubrics(bench)
    derived = [_aggregate(bench, release, rubric, method) for rubric in rubrics]
    parts = [part for part, _ in derived]
    record = _record(release, method, [rubric.id for rubric in rubrics], parts)
    scores = [score for part in parts for score in part.occupation_scores]
    universes = [one for part in parts for one in part.multiverse]
    groups = [one for part in parts for one in part.group_scores]
    store.outcomes.save_aggregation(
        record,
        [score for part in parts for score in part.task_scores],
        [one for part in parts for one in part.consensus],
        scores,
        [one for part in parts for one in part.disagreements],
        blocker_shares=[one for _, shares in derived for one in shares],
        variance=[one for part in parts for one in part.variance],
        group_scores=groups,
        multiverse=universes,
    )
    unsurveyed = task_weights(release.tasks, method.weights).fallback
    fallback = sorted(unsurveyed & {score.occupation_code for score in scores})
    return AggregateReport(record.aggregation_id, release.name, method.weights, scores, groups, fallback, universes)


def _method(bench: Bench, weights: str | None) -> Method:
    settings = bench.settings
    return Method(
        weights=weights or settings.aggregate.weights,
        panel=settings.panel.raters,
        reduce=settings.panel.reduce,
        seed=SEED,
        bands=load_policy(settings.gate.policy).bands,
    )


def _aggregate(
    bench: Bench, release: OnetRelease, rubric: Rubric, method: Method
) -> tuple[Aggregation, list[BlockerShare]]:
    """One rubric: ratings of this release's statements, judged by the latest Verdicts."""
    ratings = bench.store.ratings.usable(rubric.id, release.name)
    verdicts = bench.store.outcomes.latest_verdicts(rubric.id)
    labels = bench.store.labels.load(rubric.id)
    part = aggregate(ratings, release.tasks, rubric, verdicts, method, labels=labels)
    return part, blocker_shares(ratings, release.tasks, rubric, part.occupation_scores, part.panel)


def _record(
    release: OnetRelease, method: Method, rubrics: Sequence[str], parts: Sequence[Aggregation]
) -> AggregationRecord:
    now = datetime.now(UTC)
    return AggregationRecord(
        aggregation_id=f"{now:%Y%m%dT%H%M%S}-{sha256_json([now.isoformat(), release.name])[:6]}",
        created_at=now,
        onet_release=release.name,
        weights=method.weights,
        panel=tuple(sorted({rater for part in parts for rater in part.panel})),
        reduce=method.reduce,
        seed=method.seed,
        facts={"method": method.model_dump(mode="json"), "rubrics": list(rubrics)},
    )
