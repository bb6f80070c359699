"""Ray, and the only module that knows it: where hands and office are placed, and what its errors mean.

The office sits on the node that the run is started on, beside the journal; hands sit wherever a CPU is free. Nothing
secret goes through Ray: a hand reads its keys from the environment of the node that it is on. Of a cluster of our own,
on this machine alone, all addresses are loopback, and usage reporting is off. Ray reads most of its environment when it
is imported, which is why that happens as late as it does.
"""

import os
import secrets
import socket
import sys
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scorer.domain.rating import Cell, Rater
from scorer.errors import ConfigurationError, RunError, ScorerError
from scorer.rating.budget import Kind
from scorer.rating.cluster.crew import LostError
from scorer.rating.cluster.hand import Delivery, Hand, Orders
from scorer.rating.cluster.office import Money, Office, Outcome, Permits, Settlement, Standing
from scorer.rating.cluster.supply import Wants
from scorer.rating.pacer import at_once
from scorer.rating.seam import Job

STORE_BYTES = 128 * 2**20
"""Of Ray's object store on this machine: Cells and Ratings only pass through."""
LOOPBACK_ALONE = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Ray's name for the choice between loopback ("0", its default on these two systems) and the address of the machine."""
IMPATIENTLY = {
    "RAY_gcs_server_port_wait_time_s": "1",
    "RAY_gcs_rpc_server_connect_timeout_s": "2",
    "RAY_py_gcs_connect_timeout_s": "3",
}
"""Whoever listens at the address and is no Ray is waited for some seconds, not for ten minutes."""
SILENTLY = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "error", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Nothing is reported to anybody, and what happens on nodes is not told on stdout, which is ours (`--json`)."""
STDERR = 2
QUIETLY = {"log_to_driver": False, "logging_level": "ERROR"}
CONNECT_S = 5.0
AT_ONCE_IN_THE_OFFICE, AT_ONCE_IN_A_HAND = 10_000, 16


@contextmanager
def ray_cluster(job: Job, address: str | None = None, workers: int | None = None) -> Iterator["RayCluster"]:
    """The cluster of a run: the one at an address, else one on this machine for as long as the block runs.

    Args:
        job: the run.
        address: host and port of its head, or `auto` for the one that this machine belongs to.
        workers: hands at most; one for each CPU where None.

    Raises:
        ConfigurationError: there is no cluster at the address, or none that takes us.
    """
    ray = _connected(address, workers)
    try:
        cpus = int(ray.cluster_resources().get("CPU", 0))
        yield RayCluster(ray, job, _seats(job.raters, cpus, workers))
    finally:
        ray.shutdown()


class RayCluster:
    """Hands and the office of a run as Ray actors. See `crew.Cluster`.

    Args:
        ray: connected.
        job: the run.
        seats: how many hands work at once.
    """

    def __init__(self, ray: Any, job: Job, seats: int) -> None:  # noqa: ANN401 - a module
        self.seats = seats
        self._orders = Orders(job.run_id, dict(job.raters), dict(job.rubrics), dict(job.prices), seats)
        node = ray.get_runtime_context().get_node_id()
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(node, soft=False)
        office = ray.remote(Office).options(num_cpus=0, scheduling_strategy=here, max_concurrency=AT_ONCE_IN_THE_OFFICE)
        self._office = office.remote(list(job.raters.values()), job.budget.limit_usd, job.budget.cell_usd)
        self._hand = ray.remote(HandActor).options(
            num_cpus=1, scheduling_strategy="SPREAD", max_concurrency=AT_ONCE_IN_A_HAND
        )

    async def hire(self, name: str, seat: int) -> tuple["RayHand", Wants]:
        """See `Cluster.hire`."""
        hand = RayHand(self._hand.remote(name, seat, self._orders, self._office))
        return hand, await hand.begin()

    async def gone(self, name: str) -> None:
        """See `Cluster.gone`."""
        await _office_says(self._office.gone.remote(name))

    async def close(self) -> None:
        """See `Cluster.close`."""
        await _office_says(self._office.close.remote())

    async def standing(self) -> Standing:
        """See `Cluster.standing`."""
        standing: Standing = await _office_says(self._office.standing.remote())
        return standing


class RayHand:
    """The way to a hand on some node. See `crew.HandLine`."""

    def __init__(self, actor: Any) -> None:  # noqa: ANN401 - Ray makes the type of a handle when it makes the handle
        self._actor = actor

    async def begin(self) -> Wants:
        """See `Hand.begin`."""
        wants: Wants = await _hand_says(self._actor.begin.remote())
        return wants

    async def exchange(self, cells: Sequence[Cell]) -> Delivery:
        """See `Hand.exchange`."""
        delivery: Delivery = await _hand_says(self._actor.exchange.remote(cells))
        return delivery

    async def stop(self) -> None:
        """See `Hand.stop`."""
        await _hand_says(self._actor.stop.remote())


class RayOffice:
    """The way from a hand to the office. See `leases.OfficeLine`."""

    def __init__(self, actor: Any) -> None:  # noqa: ANN401 - as above
        self._actor = actor

    async def permits(self, worker: str, rater: str, tokens: float, most: int) -> Permits:
        """See `Office.permits`."""
        permits: Permits = await _office_says(self._actor.permits.remote(worker, rater, tokens, most))
        return permits

    async def money(self, worker: str, kind: Kind, most: int) -> Money:
        """See `Office.money`."""
        money: Money = await _office_says(self._actor.money.remote(worker, kind, most))
        return money

    async def report(self, worker: str, outcomes: Sequence[Outcome], settlements: Sequence[Settlement]) -> None:
        """See `Office.report`."""
        await _office_says(self._actor.report.remote(worker, outcomes, settlements))


class HandActor(Hand):
    """A hand as an actor: what it needs of the office goes through Ray."""

    def __init__(self, name: str, seat: int, orders: Orders, office: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(name, seat, orders, RayOffice(office))


async def _hand_says(reference: Awaitable[Any]) -> Any:  # noqa: ANN401 - what the method gives
    """What a hand answers; its own errors are raised as they were there."""
    from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415 - as late as `_connected`

    try:
        return await reference
    except RayTaskError as error:
        raise _own(error) from None
    except RayError as error:
        if "No module named" in str(error):
            raise ConfigurationError(
                "a node of the cluster lacks the scorer: install the same version there, with the extra `ray`, in the "
                "environment that `ray start` is run in"
            ) from None
        raise LostError(str(error)) from None


async def _office_says(reference: Awaitable[Any]) -> Any:  # noqa: ANN401 - what the method gives
    """What the office answers; without it a run cannot go on."""
    from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415 - as late as `_connected`

    try:
        return await reference
    except RayTaskError as error:
        raise _own(error) from None
    except RayError:
        raise RunError(
            "the process that keeps pace and budget is gone (out of memory?); what was answered is kept: run the same "
            "command again"
        ) from None


def _own(error: Any) -> Exception:  # noqa: ANN401 - Ray's error around ours
    """Our own error inside Ray's; Ray's, which tells where, around a bug."""
    cause: Exception = error.cause
    return cause if isinstance(cause, ScorerError) else error


def _seats(raters: Mapping[str, Rater], cpus: int, workers: int | None) -> int:
    """One for each CPU or as many as asked for, but no more than requests may be in flight."""
    most = max(at_once(rater.limits, rater.limits.rpm) for rater in raters.values())
    return max(min(workers or cpus, most), 1)


def _connected(address: str | None, workers: int | None) -> Any:  # noqa: ANN401 - a module
    """Ray, connected to the cluster at an address, or to one of its own where there is none."""
    os.environ |= SILENTLY
    if address is None:
        _keep_to_this_machine()
        with _silent():
            _ray().init("local", num_cpus=workers, include_dashboard=False, object_store_memory=STORE_BYTES, **QUIETLY)
    else:
        _knock(address)
        _join(address)
    return _ray()


def _ray() -> Any:  # noqa: ANN401 - a module
    import ray  # noqa: PLC0415 - a second to import, and its environment must be set before
    import ray.util.scheduling_strategies  # noqa: PLC0415 - as above

    return ray


@contextmanager
def _silent() -> Iterator[None]:
    """For the length of the block nothing reaches stderr: what Ray's C++ part writes there would hide our one line."""
    sys.stderr.flush()
    kept = os.dup(STDERR)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)


def _keep_to_this_machine() -> None:
    """Loopback alone, and a token of the occasion: Ray's own would be left in the user's home for later clusters."""
    os.environ[LOOPBACK_ALONE] = "0"
    os.environ.setdefault("RAY_worker_niceness", "0")  # as the process of the run, whose work they do
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _join(address: str) -> None:
    os.environ |= IMPATIENTLY
    ray = _ray()
    try:
        with _silent():
            ray.init(address, **QUIETLY)
    except ray.exceptions.AuthenticationError:
        raise ConfigurationError(
            f"the Ray cluster at {address} wants a token: set RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN where this "
            "machine does not have it in ~/.ray/auth_token"
        ) from None
    except (ConnectionError, RuntimeError, ray.exceptions.RayError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ConfigurationError(
            f"cannot join the Ray cluster at {address}: {reason}; start the scorer on one of its nodes, under the same "
            "versions of Ray and Python"
        ) from None


def _knock(address: str) -> None:
    """See that somebody listens, which takes Ray itself much longer."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdigit():
        raise ConfigurationError(
            f"`{address}` is no address of a Ray cluster: write host and port of its head, like 10.0.0.5:6379, or "
            "`auto`"
        )
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_S).close()
    except (OSError, OverflowError) as error:
        raise ConfigurationError(
            f"no Ray cluster answers at {address} ({getattr(error, 'strerror', None) or error}); start one with `ray "
            "start --head`, or leave the address out to use this machine alone"
        ) from None
