"""What the commands share: the workspace that the first options of the command line named."""

import typer

from scorer.workflows.bench import Bench


def bench_of(context: typer.Context) -> Bench:
    """The workspace of this call."""
    bench = context.find_object(Bench)
    if bench is None:
        raise RuntimeError("the application's callback makes the Bench before any command")
    return bench
