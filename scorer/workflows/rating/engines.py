"""The engines by name: what each needs opened around a run, and whether it can carry it out at all."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, aclosing, asynccontextmanager
from importlib.util import find_spec

from scorer.domain.rating import Rater
from scorer.errors import ConfigurationError
from scorer.providers import endpoint_of, why_no_batches
from scorer.rating import Cluster, ClusterEngine, Desk, Engine, EngineName, Job, LocalEngine, Pacer, PaidProvider
from scorer.workflows.rating.batches import batch_engine
from scorer.workflows.rating.raters import reach
from scorer.workflows.workspace.bench import Bench


def check_engine(engine: EngineName, raters: Iterable[Rater]) -> None:
    """See that an engine can ask these raters, before anything is planned, stored or paid for.

    Raises:
        ConfigurationError: it cannot, and why.
    """
    if engine is EngineName.BATCH and (reason := next(filter(None, map(why_no_batches, raters)), None)):
        raise ConfigurationError(reason)
    if engine is EngineName.RAY:
        _check_ray(raters)


@asynccontextmanager
async def open_engine(engine: EngineName, bench: Bench, job: Job) -> AsyncIterator[Engine]:
    """An engine ready to carry out a run; what it holds open is closed with the block."""
    check_engine(engine, job.raters.values())
    if engine is EngineName.RAY:
        with _ray_cluster(bench, job) as cluster:
            bench.store.raters.add(job.raters.values())
            yield ClusterEngine(job, cluster)
        return
    if engine is EngineName.BATCH:
        bench.store.raters.add(job.raters.values())
        async with aclosing(batch_engine(bench, job)) as batches:
            yield batches
        return
    async with _desks(bench, job) as desks:
        yield LocalEngine(job.run_id, desks=desks, rubrics=job.rubrics, sink=job.sink, observe=job.observe)


@asynccontextmanager
async def _desks(bench: Bench, job: Job) -> AsyncIterator[Mapping[str, Desk]]:
    """The raters at work in this process; engines of embedded ones run as long as the block does."""
    async with AsyncExitStack() as stack:
        desks: dict[str, Desk] = {}
        pacers: dict[object, Pacer] = {}
        for name, rater in job.raters.items():
            reached = stack.enter_context(reach(bench, rater))
            stack.push_async_callback(reached.provider.aclose)
            bench.store.raters.add([rater], {name: reached.engine} if reached.engine else None)
            desk = Desk(rater, reached.provider, job.prices[name], _pacer(rater, pacers))
            desks[name] = desk._replace(provider=PaidProvider(desk.provider, job.budget, desk.cost_usd))
        yield desks


def _pacer(rater: Rater, pacers: dict[object, Pacer]) -> Pacer:
    """One for all raters that share an endpoint, a key and what is stated of their limits."""
    if rater.is_embedded or rater.provider == "template":
        return Pacer(rater.limits, learns=False)
    endpoint = endpoint_of(rater)
    shared = endpoint.base_url.rstrip("/"), endpoint.api_key, rater.limits.rpm, rater.limits.tpm
    return pacers.setdefault(shared, Pacer(rater.limits))


def _check_ray(raters: Iterable[Rater]) -> None:
    embedded = [rater.name for rater in raters if rater.is_embedded]
    if embedded:
        raise ConfigurationError(
            f"--engine ray: rater `{embedded[0]}` runs inside the process that asks it; use --engine local for it, or "
            "serve its weights at an address that all nodes reach (docs/cluster.md)"
        )
    if find_spec("ray") is None:
        raise ConfigurationError(
            "--engine ray needs the extra `ray`: pip install 'onet-ai-coverage[ray]', on every node of the cluster"
        )


def _ray_cluster(bench: Bench, job: Job) -> AbstractContextManager[Cluster]:
    from scorer.rating.cluster.on_ray import ray_cluster  # noqa: PLC0415 - seconds to import, and an extra that few install

    return ray_cluster(job, bench.settings.ray.address, bench.settings.ray.workers)
