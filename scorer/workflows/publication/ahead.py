"""Look ahead: what `scorer run` needs after the rating is checked before anything is paid for."""

from collections.abc import Sequence
from pathlib import Path

from scorer.aggregate import task_weights
from scorer.workflows.evaluation.evaluate import what_decides
from scorer.workflows.publication.publish import release_place
from scorer.workflows.workspace.bench import Bench


def look_ahead(
    bench: Bench,
    label_sets: Sequence[str] = (),
    policy: str | None = None,
    weights: str | None = None,
    out: Path | None = None,
) -> None:
    """Find now what would stop the evaluation, the aggregation or the publication later.

    Raises:
        ScorerError: as those would raise it.
    """
    what_decides(bench, label_sets, policy)
    task_weights((), weights or bench.settings.aggregate.weights)
    release_place(bench, out)
