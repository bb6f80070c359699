"""What to review first: the tasks whose disagreement moves an occupation most (see `review_ranking`).

A ranking is kept while what it rests on stays as it is; what reviewers do changes no ranking.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from eval import load_policy
from scorer.domain.names import hint
from scorer.domain.review import ReviewEvent
from scorer.domain.review_cases import Queue, TaskSpread
from scorer.domain.rubric import Rubric
from scorer.errors import LabelError
from scorer.store import RatingCount
from scorer.workflows.review.ranking import Ground, Part, Ranking, part_of
from scorer.workflows.workspace.bench import Bench, rated_rubrics


def review_queue(bench: Bench, rubric: str | None = None) -> Queue:
    """The queue as it stands.

    Disagreements are those of the panel, as the current aggregation has them. Where fewer than two raters of a rubric
    passed there is no panel to disagree, and all raters are compared: reviewers then see why the gate holds them.

    Args:
        bench: the workspace.
        rubric: only cases of this one, with or without its version.

    Raises:
        LabelError: no such rubric was rated.
        CatalogueError, ConfigurationError: no release, or no ratings on the rubric that was named.
    """
    with bench.store.held():
        bases = tuple(_bases(bench, rubric))
        ranking = _ranking(bench, bases)
        events = _by_place(ranking, bench.store.reviews.events())
    return Queue(ranking, events, tuple(basis.rubric.id for basis in bases if basis.counts))


class _Basis(NamedTuple):
    """What a ranking rests on: while it is the same, so is the ranking. counts: of ratings, where all are compared."""

    rubric: Rubric
    releases: tuple[tuple[str, str], ...]
    weights: str
    policy: str
    aggregation_id: str | None
    counts: tuple[RatingCount, ...] = ()


def _bases(bench: Bench, name: str | None) -> Iterable[_Basis]:
    counts = tuple(bench.store.ratings.counts())
    if name is None and not counts:
        return
    latest = bench.store.outcomes.current_aggregation()
    releases = tuple((one.name, one.sha256) for one in bench.store.catalogue.summaries())
    settings = bench.settings
    policy = load_policy(settings.gate.policy).policy_hash
    for rubric in _chosen(rated_rubrics(bench), name):
        latest_id = latest.aggregation_id if latest else None
        basis = _Basis(rubric, releases, settings.aggregate.weights, policy, latest_id)
        has_panel = any(row.spread is not None for row in _of_panel(bench, rubric.id, latest_id))
        yield basis if has_panel else basis._replace(counts=counts)


def _by_place(ranking: Ranking, events: Iterable[ReviewEvent]) -> dict[int, tuple[ReviewEvent, ...]]:
    """What was done about the text that each task has now, by the place of its case."""
    found: defaultdict[int, list[ReviewEvent]] = defaultdict(list)
    for event in events:
        for place in ranking.places(event.rubric, event.task_id):
            if ranking[place].task.statement_sha256 == event.statement_sha256:
                found[place].append(event)
    return {place: tuple(own) for place, own in found.items()}


@lru_cache(maxsize=16)
def _of_panel(bench: Bench, rubric: str, _: str | None) -> Sequence[TaskSpread]:
    return bench.store.outcomes.current_spreads(rubric)


@lru_cache(maxsize=1)
def _ground(bench: Bench, _: tuple[tuple[str, str], ...]) -> Ground:
    """The current catalogue; read once for all rubrics, as long as the same releases are there."""
    return Ground(bench.store.catalogue.load())


@lru_cache(maxsize=16)
def _part(bench: Bench, basis: _Basis) -> Part:
    ground, rubric = _ground(bench, basis.releases), basis.rubric
    if basis.counts:
        said: Sequence[TaskSpread] = bench.store.ratings.spreads(rubric.id, ground.name)
    else:
        said = _of_panel(bench, rubric.id, basis.aggregation_id)
    cut_offs = load_policy(bench.settings.gate.policy).bands.get(rubric.name, {}).values()
    return part_of(ground, rubric, said, basis.weights, cut_offs)


@lru_cache(maxsize=8)
def _ranking(bench: Bench, bases: tuple[_Basis, ...]) -> Ranking:
    return Ranking([_part(bench, basis) for basis in bases])


def _chosen(rated: Sequence[Rubric], name: str | None) -> list[Rubric]:
    chosen = [one for one in rated if name in {None, one.id, one.name}]
    if not chosen:
        known = [one.id for one in rated]
        raise LabelError(f"no ratings on `{name}`{hint(name or '', known)}; rated here: {', '.join(known)}")
    return chosen
