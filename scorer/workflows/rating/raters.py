"""The raters of a workspace: those of scorer.toml and the embedded ones, and how to reach each."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from scorer.domain.names import hint
from scorer.domain.panel import CALIBRATED
from scorer.domain.rating import AnswerMode, Json, Rater
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError, ScorerError
from scorer.profiles import TemplateProvider
from scorer.providers import EmbeddedServer, Provider, RaterCheck, check_rater, open_provider, rater_facts
from scorer.rubrics import available, load_rubric
from scorer.workflows.rating.rubric_check import RubricCheck, check_rubric
from scorer.workflows.workspace.bench import Bench
from scorer.workflows.workspace.weights import artefact_name, check_kind, identified, weights_file


class Reached(NamedTuple):
    """A rater that can be asked, and what is known of the engine behind it (None for an endpoint of others)."""

    provider: Provider
    engine: Json | None


def known_raters(bench: Bench) -> dict[str, Rater]:
    """Every rater that may be named, by name: those of scorer.toml and the embedded ones that ship."""
    return bench.settings.all_raters


class Checked(NamedTuple):
    """What a check of one rater showed: whether it can be reached, and what it makes of each rubric."""

    rater: RaterCheck
    rubrics: tuple[RubricCheck, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it can be used as it is configured, for all rubrics that were tried."""
        return self.rater.passed and not any(one.problem for one in self.rubrics)


def chosen_raters(bench: Bench, names: Sequence[str]) -> list[Rater]:
    """The raters of these names; without names the panel, without a panel those of scorer.toml.

    Raises:
        ConfigurationError: a name is unknown, or there is nobody to ask.
        ArtefactError: an embedded rater names a file of weights that is not there.
    """
    return [identified(rater, bench.workspace) for rater in _named(bench, names)]


def _named(bench: Bench, names: Sequence[str]) -> list[Rater]:
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
    return [known[name] for name in wanted]


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
    if rater.provider == "template":
        yield Reached(TemplateProvider(), None)
        return
    if not rater.is_embedded:
        yield Reached(open_provider(rater), None)
        return
    weights = weights_file(rater, bench.workspace) or bench.artefacts.require(artefact_name(rater))
    server = EmbeddedServer(weights, name=rater.name)
    check_kind(rater, server.head)
    with server:
        yield Reached(open_provider(rater, endpoint=server.endpoint), server.engine_facts())


def check(bench: Bench, names: Sequence[str], rubrics: Sequence[str] = ()) -> list[Checked]:
    """Ask each rater one small question, and then something about each rubric.

    What is wrong with one is told and does not keep the others from it.

    Args:
        bench: the workspace.
        names: of raters; the panel where empty.
        rubrics: names or paths; of the shipped ones all that the rater can be asked where empty.
    """
    chosen = [load_rubric(reference) for reference in rubrics]
    return [_check(bench, rater, chosen or _suitable(rater)) for rater in _named(bench, names)]


def _suitable(rater: Rater) -> list[Rubric]:
    """The newest version of each shipped rubric; for a probes rater of those that have probes."""
    newest = {rubric.name: rubric for rubric in available()}
    return [one for one in newest.values() if one.probes or rater.answer is not AnswerMode.PROBES]


def _check(bench: Bench, rater: Rater, rubrics: Sequence[Rubric]) -> Checked:
    async def ask(provider: Provider) -> Checked:
        try:
            found = await check_rater(rater, provider)
            if not found.passed:
                return Checked(found)
            return Checked(found, tuple([await check_rubric(known, rubric, provider) for rubric in rubrics]))
        finally:
            await provider.aclose()

    try:
        known = identified(rater, bench.workspace)
        with reach(bench, known) as reached:
            return asyncio.run(ask(reached.provider))
    except ScorerError as error:
        return Checked(RaterCheck(rater=rater.name, reachable=False, facts=rater_facts(rater), problem=str(error)))
