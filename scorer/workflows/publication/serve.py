"""Look at a release, and work on it, in a browser."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from scorer.aggregate import counted_tasks, task_weights
from scorer.compare import comparison_body
from scorer.domain.catalogue import Task
from scorer.domain.rating import Json
from scorer.web import TOKEN_VARIABLE, ComparedPage, Uses, bound, doorkeeper, make_app, serve_app, write_site
from scorer.workflows.publication.comparable import comparable
from scorer.workflows.publication.compare import compare_views
from scorer.workflows.review.desk import reviewing, shown_runs
from scorer.workflows.workspace.bench import Bench

_NO_SENTENCE = "not in this release"


def uses(bench: Bench) -> Uses:
    """What the pages may ask of this workspace."""
    return Uses(
        compare=partial(compared, bench),
        comparable=partial(comparable, bench),
        weigh=weigh,
        review=reviewing(bench),
        runs=partial(shown_runs, bench),
    )


def compared(bench: Bench, first: str, second: str, rubric: str | None) -> ComparedPage:
    """What moved between two names, to be shown.

    Raises:
        StoreError, CatalogueError: they cannot be compared.
    """
    found = compare_views(bench, first, second, rubric=rubric)
    title = f"What moved: {first} → {second}"
    return ComparedPage(
        title, comparison_body(found.comparison, found.titles, "/occupations/"), found.attribution.splitlines()
    )


def weigh(tasks: Sequence[Json], scheme: str, rubric: str) -> Mapping[str, float]:
    """Weights of tasks as the aggregation gives them on a rubric, by task id; of rows of the table `task`."""
    known = [Task.model_validate({**_fields(row), "statement": row["statement"] or _NO_SENTENCE}) for row in tasks]
    return task_weights(counted_tasks(known, rubric), scheme).by_task


def _fields(row: Json) -> Json:
    return {name: value for name, value in row.items() if name in Task.model_fields}


def site(
    bench: Bench,
    out: Path,
    release: Path | None = None,
    *,
    far: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Write the read-only pages as files; how many. `far` is told after each how many there are, and of how many.

    Raises:
        StoreError: there is no release, or `out` holds something else.
    """
    return write_site(release or bench.workspace.release_path, out, Uses(weigh=weigh), far)


def serve(
    bench: Bench,
    release: Path | None,
    host: str,
    port: int,
    allowed: Sequence[str] = (),
    *,
    ready: Callable[[int], None] = lambda _port: None,
) -> None:
    """Serve until interrupted.

    Args:
        bench: the workspace.
        release: what to show; None for the workspace's own. It need not be there yet.
        host: address to bind to; off loopback a token is needed.
        port: of the server; 0 for a free one.
        allowed: further names by which it may be called.
        ready: told the port once the server listens there.

    Raises:
        ConfigurationError: it would be open to anybody, or the port is not to be had.
    """
    keeper = doorkeeper(host, list(allowed), os.environ.get(TOKEN_VARIABLE))
    app = make_app(release or bench.workspace.release_path, uses(bench), keeper)
    listening = bound(host, port)
    ready(listening.getsockname()[1])
    serve_app(app, listening)
