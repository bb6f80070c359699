"""What the commands share: the workspace that the first options of the command line named."""

import typer

from scorer.rating import EngineName
from scorer.workflows.workspace.bench import Bench


def bench_of(context: typer.Context) -> Bench:
    """The workspace of this call."""
    bench = context.find_object(Bench)
    if bench is None:
        raise RuntimeError("the application's callback makes the Bench before any command")
    return bench


def bench_at(context: typer.Context, engine: EngineName, address: str | None) -> Bench:
    """The workspace of a call that chooses its engine, and where that is."""
    bench = bench_of(context)
    if address is not None:
        if engine is not EngineName.RAY:
            raise typer.BadParameter("goes with --engine ray", param_hint="--address")
        bench.use_cluster(address)
    return bench
