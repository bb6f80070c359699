"""The desk of the reviewers: what its pages may ask of a workspace, through the same use-cases as the commands."""

from collections.abc import Sequence
from functools import partial

from scorer.rating import RaterPace, RunState, states
from scorer.web import Gait, Reviewing, ShownRun
from scorer.workflows.review.cases import answer_case, credit_lines, reported_apart, resolve_case, reveal
from scorer.workflows.review.queue import review_queue
from scorer.workflows.review.samples import label_draw, list_samples, next_draw
from scorer.workflows.workspace.bench import Bench


def reviewing(bench: Bench) -> Reviewing:
    """The use-cases of the review in this workspace."""
    return Reviewing(
        queue=partial(review_queue, bench),
        answer=partial(answer_case, bench),
        reveal=partial(reveal, bench),
        resolve=partial(resolve_case, bench),
        apart=partial(reported_apart, bench),
        samples=partial(list_samples, bench),
        next_draw=partial(next_draw, bench),
        label=partial(label_draw, bench),
        credits=partial(credit_lines, bench),
    )


def shown_runs(bench: Bench) -> Sequence[ShownRun]:
    """Every run that wrote down how it stands, the latest first; the store is not opened."""
    return [
        ShownRun(
            run_id=state.run_id,
            state=state.told,
            is_over=state.is_over,
            at=state.at,
            whole=_gait("all", state),
            raters=[_gait(one.rater, one) for one in state.raters],
        )
        for state in states(bench.workspace.runs_dir)
    ]


def _gait(name: str, pace: RaterPace | RunState) -> Gait:
    return Gait(name, *(getattr(pace, field) for field in Gait._fields[1:]))
