"""Look at a release, and work on it, in a browser."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from scorer.aggregate import task_weights
from scorer.domain.catalogue import Task
from scorer.domain.rating import Json
from scorer.web import TOKEN_VARIABLE, Uses, doorkeeper, make_app, serve_app
from scorer.workflows.bench import Bench


_NO_SENTENCE = "not in this release"


def uses(bench: Bench) -> Uses:
    """What the pages may ask of this workspace."""
    _ = bench
    return Uses(weigh=weigh)


def weigh(tasks: Sequence[Json], scheme: str) -> Mapping[str, float]:
    """Weights of tasks as the aggregation gives them, by task id; of rows of the table `task`."""
    known = [Task.model_validate({**_fields(row), "statement": row["statement"] or _NO_SENTENCE}) for row in tasks]
    return task_weights(known, scheme).by_task


def _fields(row: Json) -> Json:
    return {name: value for name, value in row.items() if name in Task.model_fields}


def serve(bench: Bench, release: Path | None, host: str, port: int, allowed: Sequence[str] = ()) -> None:
    """Serve until interrupted.

    Args:
        bench: the workspace.
        release: what to show; None for the workspace's own. It need not be there yet.
        host: address to bind to; off loopback a token is needed.
        port: of the server.
        allowed: further names by which it may be called.

    Raises:
        ConfigurationError: it would be open to anybody.
    """
    keeper = doorkeeper(host, list(allowed), os.environ.get(TOKEN_VARIABLE))
    app = make_app(release or bench.workspace.release_path, uses(bench), keeper)
    serve_app(app, host, port)
