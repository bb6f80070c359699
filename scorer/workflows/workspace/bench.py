"""A workspace opened for work: its paths, its settings, its store, and the cache of pinned files."""

from functools import cached_property
from pathlib import Path

from scorer.artefacts import ArtefactCache
from scorer.config import Settings, Workspace, load_settings
from scorer.domain.rubric import Rubric
from scorer.errors import ConfigurationError
from scorer.store import Store
from scorer.workflows.workspace.weights import known_artefacts


class Bench:
    """What every use-case starts from. Settings and store are opened when they are first needed.

    Args:
        option: the directory that the user named; None means SCORER_WORKSPACE or the current directory.
    """

    def __init__(self, option: Path | None = None) -> None:
        self.workspace = Workspace.locate(option)

    @cached_property
    def settings(self) -> Settings:
        """scorer.toml, or the defaults without one.

        Raises:
            ConfigurationError: scorer.toml is malformed.
        """
        return load_settings(self.workspace.root)

    def use_cluster(self, address: str) -> None:
        """Use the Ray cluster at an address, whatever scorer.toml says."""
        ray = self.settings.ray.model_copy(update={"address": address})
        self.settings = self.settings.model_copy(update={"ray": ray})

    @cached_property
    def store(self) -> Store:
        """The working store; made when it is first used."""
        return Store(self.workspace.store_path)

    @cached_property
    def artefacts(self) -> ArtefactCache:
        """The user's cache of pinned files, and of weights that raters of this workspace name by address."""
        return ArtefactCache(artefacts=known_artefacts(self.settings))


def rated_rubrics(bench: Bench) -> list[Rubric]:
    """The rubrics of tasks that have ratings here, as they were when the ratings were made, by id.

    Raises:
        ConfigurationError: there is no rating yet.
    """
    known = bench.store.rubrics.all()
    names = sorted({count.rubric for count in bench.store.ratings.counts()})
    if not names:
        raise ConfigurationError("no ratings yet: run `scorer rate` or `scorer ratings import` first")
    return [known[name] for name in names if not known[name].is_profile]
