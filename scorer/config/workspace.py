"""The workspace: one directory, and where everything in it stands. Nothing is read or written here but folders."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scorer.errors import ConfigurationError

WORKSPACE_VARIABLE = "SCORER_WORKSPACE"


@dataclass(frozen=True)
class Workspace:
    """A directory with an optional `scorer.toml`; the paths in it are those of the contract."""

    root: Path

    @classmethod
    def locate(cls, option: Path | None = None) -> Self:
        """The workspace that is meant: the option, else `SCORER_WORKSPACE`, else the current directory.

        Raises:
            ConfigurationError: there is no such directory.
        """
        stated = os.environ.get(WORKSPACE_VARIABLE) or None
        root = (option or Path(stated or ".")).expanduser().resolve()
        if not root.is_dir():
            origin = "--workspace" if option else WORKSPACE_VARIABLE
            raise ConfigurationError(f"{origin}: {root} is not a directory; `scorer init {root}` makes a workspace")
        return cls(root=root)

    def ensure(self) -> Self:
        """Make the root and `.scorer` where they are missing.

        Raises:
            ConfigurationError: they cannot be made.
        """
        try:
            self.scorer_dir.mkdir(parents=True, exist_ok=True)
        except OSError as broken:
            why = f"{broken.strerror or broken}: {broken.filename or self.scorer_dir}"
            raise ConfigurationError(f"cannot make the workspace {self.root}: {why}") from broken
        return self

    @property
    def settings_path(self) -> Path:
        """`scorer.toml`; may be absent."""
        return self.root / "scorer.toml"

    @property
    def release_path(self) -> Path:
        """`results.duckdb`, the published release: read-only by nature, only ever replaced whole."""
        return self.root / "results.duckdb"

    @property
    def scorer_dir(self) -> Path:
        """`.scorer`: all that is not for publication."""
        return self.root / ".scorer"

    @property
    def store_path(self) -> Path:
        """The working store, one writer."""
        return self.scorer_dir / "store.duckdb"

    @property
    def cache_dir(self) -> Path:
        """Downloads and local weights of this workspace."""
        return self.scorer_dir / "cache"

    @property
    def runs_dir(self) -> Path:
        """One folder a run: journal and log."""
        return self.scorer_dir / "runs"

    @property
    def kept_dir(self) -> Path:
        """Releases that were set aside, by id."""
        return self.scorer_dir / "releases"

    @property
    def lock_path(self) -> Path:
        """Keeps two runs off the same Cells."""
        return self.scorer_dir / "run.lock"

    @property
    def batches_lock_path(self) -> Path:
        """Keeps two processes off the same batches."""
        return self.scorer_dir / "batches.lock"
