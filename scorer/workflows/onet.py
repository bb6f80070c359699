"""Import O*NET releases, from official text files or from the pinned offline copy, and look at them."""

from collections.abc import Callable
from pathlib import Path

from scorer.artefacts import registry
from scorer.catalogue import read_offline_release, read_release
from scorer.domain.catalogue import OnetRelease
from scorer.errors import CatalogueError
from scorer.workflows.bench import Bench

OFFLINE = "onet-26.1"


def import_onet(bench: Bench, source: str, release: str | None = None) -> tuple[OnetRelease, bool]:
    """Import a release.

    Args:
        bench: where to.
        source: a directory or zip of official text files, a parquet copy, or the name of the pinned offline artefact.
        release: its name, where the file name does not tell.

    Returns:
        The release, and whether it is new here.

    Raises:
        CatalogueError, ArtefactError, StoreError: nothing was imported.
    """
    path = Path(source).expanduser()
    if not path.exists() and source in registry():
        path = bench.artefacts.require(source)
    if not path.exists():
        raise CatalogueError(f"{source}: no such file or directory, and no artefact of that name ({OFFLINE} is one)")
    read = _read_parquet if path.suffix == ".parquet" else read_release
    found_release = read(path, release)
    return found_release, bench.store.catalogue.add(found_release)


def pull_offline(bench: Bench, report: Callable[[str], None]) -> None:
    """Fetch the pinned offline copy where it is not here yet."""
    if bench.artefacts.path(OFFLINE) is None:
        bench.artefacts.pull(OFFLINE, report=report)


def _read_parquet(path: Path, release: str | None) -> OnetRelease:
    return read_offline_release(path, release or "26.1")
