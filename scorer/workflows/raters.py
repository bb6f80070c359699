"""The raters of a workspace: those of scorer.toml and the embedded ones, and how to reach each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from scorer.artefacts import registry
from scorer.config import builtin_raters
from scorer.domain.rating import Rater
from scorer.errors import ArtefactError, ConfigurationError
from scorer.providers import EmbeddedServer
from scorer.workflows.bench import Bench


def known_raters(bench: Bench) -> dict[str, Rater]:
    """Every rater that may be named, by name: scorer.toml first, then the embedded ones of the project."""
    raters = builtin_raters() | dict(bench.settings.raters)
    return {name: _with_weights(rater) for name, rater in raters.items()}


def chosen_raters(bench: Bench, names: Sequence[str]) -> list[Rater]:
    """The raters of these names; without names the panel, without a panel those of scorer.toml.

    Raises:
        ConfigurationError: a name is unknown, or there is nobody to ask.
    """
    known = known_raters(bench)
    wanted = tuple(dict.fromkeys(names or bench.settings.panel.raters or bench.settings.raters))
    if not wanted:
        raise ConfigurationError(
            f"no rater: add one to scorer.toml (`scorer init` writes it) or name an embedded one, --rater {min(known)}"
        )
    for name in wanted:
        if name not in known:
            raise ConfigurationError(f"unknown rater `{name}`; known: {', '.join(sorted(known))}")
    return [known[name] for name in wanted]


@contextmanager
def reachable(bench: Bench, rater: Rater) -> Iterator[tuple[Rater, str | None]]:
    """The rater with an address that answers, and the key where we made it ourselves.

    An embedded rater's engine runs as long as the block does; other raters are passed through.

    Raises:
        ArtefactError: its weights are not here.
        ProviderError, ConfigurationError: the engine is not installed or does not start.
    """
    if not rater.is_embedded:
        yield rater, None
        return
    weights = bench.artefacts.path(rater.model)
    if weights is None:
        raise ArtefactError(f"the weights of {rater.name} are not here; run: scorer artefacts pull {rater.model}")
    with EmbeddedServer(weights) as server:
        yield rater.model_copy(update={"base_url": server.base_url}), server.api_key


def _with_weights(rater: Rater) -> Rater:
    """The identity of an embedded rater is that of its weights."""
    if not rater.is_embedded or rater.weights_sha256:
        return rater
    return rater.model_copy(update={"weights_sha256": registry()[rater.model].sha256})
