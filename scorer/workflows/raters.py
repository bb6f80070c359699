"""The raters of a workspace: those of scorer.toml and the embedded ones, and how to reach each."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from scorer.domain.names import hint
from scorer.domain.panel import CALIBRATED
from scorer.domain.rating import Json, Rater
from scorer.errors import ConfigurationError, ScorerError
from scorer.providers import EmbeddedServer, Provider, RaterCheck, check_rater, open_provider
from scorer.workflows.bench import Bench
from scorer.workflows.weights import artefact_name, check_kind, identified, weights_file


class Reached(NamedTuple):
    """A rater that can be asked, and what is known of the engine behind it (None for an endpoint of others)."""

    provider: Provider
    engine: Json | None


def known_raters(bench: Bench) -> dict[str, Rater]:
    """Every rater that may be named, by name: those of scorer.toml and the embedded ones that ship."""
    return bench.settings.all_raters


def chosen_raters(bench: Bench, names: Sequence[str]) -> list[Rater]:
    """The raters of these names; without names the panel, without a panel those of scorer.toml.

    Raises:
        ConfigurationError: a name is unknown, or there is nobody to ask.
        ArtefactError: an embedded rater names a file of weights that is not there.
    """
    known = known_raters(bench)
    seats = [name.removesuffix(CALIBRATED) for name in bench.settings.panel.raters]  # the raw one is asked
    wanted = tuple(dict.fromkeys(names or seats or bench.settings.raters))
    if not wanted:
        raise ConfigurationError(
            f"no rater: add one to scorer.toml (`scorer init` writes it) or name an embedded one, --rater {min(known)}"
        )
    for name in wanted:
        if name not in known:
            raise ConfigurationError(_unknown(bench, name, known))
    return [identified(known[name], bench.workspace) for name in wanted]


def _unknown(bench: Bench, name: str, known: Iterable[str]) -> str:
    """Why nobody can be asked under this name."""
    stored = {rater.rater: rater.provider for rater in bench.store.raters.all()}
    if stored.get(name) == "calibrated":
        return f"rater `{name}` cannot be asked: its ratings are computed; `scorer calibrate` makes them"
    if stored.get(name) == "import":
        return f"rater `{name}` cannot be asked: its ratings were made elsewhere; `scorer ratings import` adds more"
    return f"unknown rater `{name}`{hint(name, sorted(known))}"


@contextmanager
def reach(bench: Bench, rater: Rater) -> Iterator[Reached]:
    """The rater's provider; the engine of an embedded rater runs as long as the block does.

    The caller closes the provider in the event loop that used it.

    Raises:
        ArtefactError: its weights are not here, or no file that the engine can load.
        ConfigurationError: no key, no usable address, no engine, or a base model that is not shown examples.
    """
    if not rater.is_embedded:
        yield Reached(open_provider(rater), None)
        return
    weights = weights_file(rater, bench.workspace) or bench.artefacts.require(artefact_name(rater))
    server = EmbeddedServer(weights, name=rater.name)
    check_kind(rater, server.head)
    with server:
        yield Reached(open_provider(rater, endpoint=server.endpoint), server.engine_facts())


def check(bench: Bench, names: Sequence[str]) -> list[RaterCheck]:
    """Ask each rater one small question; what is wrong with one is told and does not keep the others from it."""
    return [_check(bench, rater) for rater in chosen_raters(bench, names)]


def _check(bench: Bench, rater: Rater) -> RaterCheck:
    async def probe(provider: Provider) -> RaterCheck:
        try:
            return await check_rater(rater, provider)
        finally:
            await provider.aclose()

    try:
        with reach(bench, rater) as reached:
            return asyncio.run(probe(reached.provider))
    except ScorerError as error:
        return RaterCheck(rater=rater.name, reachable=False, problem=str(error))
