"""Publish what the store holds now as one immutable release, and check a release."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import registry
from scorer.domain.rating import Json
from scorer.errors import StoreBusyError, StoreError, StoreTooNewError
from scorer.publish import (
    Finding,
    PublishedRelease,
    PublishOptions,
    default_out,
    export_release,
    publish,
    verify_release,
)
from scorer.store import ExportKind, ReleaseHead, open_release, release_schema
from scorer.workflows.publication.concordance import find_concordance
from scorer.workflows.workspace.bench import Bench

EXPORT_KINDS: tuple[ExportKind, ...] = ("parquet", "csv", "jsonl")


class Exports(NamedTuple):
    """Directories that a release is also written to, table by table; None for none. The fields are kinds of files."""

    parquet: Path | None = None
    csv: Path | None = None
    jsonl: Path | None = None

    def wanted(self) -> list[tuple[Path, ExportKind]]:
        """The directories that were named, with the kind of files for each."""
        kinds = zip(self, EXPORT_KINDS, strict=True)
        return [(directory, kind) for directory, kind in kinds if directory]


class KeptRelease(NamedTuple):
    """A release that was set aside: where it is and what it says of itself."""

    path: Path
    head: ReleaseHead


def publish_release(
    bench: Bench,
    out: Path | None = None,
    options: PublishOptions | None = None,
    exports: Exports | None = None,
    *,
    keep: bool = False,
) -> PublishedRelease:
    """Write a release and swap it in whole.

    Args:
        bench: whose store.
        out: the file; None means `results.duckdb` of the workspace, or, where git tracks that one, a file below
            `.scorer`.
        options: what goes in.
        exports: where else.
        keep: whether a copy is set aside under its id, to be compared with later ones.

    Raises:
        StoreError, CatalogueError: nothing was published; the old release stays.
    """
    exports = exports or Exports()
    place, remark = release_place(bench, out)
    _refuse_strangers(exports)
    if bench.store.indices.sources() and bench.store.outcomes.current_aggregation():
        find_concordance(bench)
    release = publish(bench.store, place, options, {"artefacts": _artefacts(bench)})
    written = _export(place, exports)
    if keep:
        written.append(_keep(bench, place, release.release_id))
    remarks = tuple(line for line in (remark, *written) if line)
    return release.model_copy(update={"notes": (*remarks, *release.notes)})


def release_place(bench: Bench, out: Path | None = None) -> tuple[Path, str | None]:
    """The file that `publish_release` would write, and what to say about it where it is not the usual one.

    Raises:
        StoreError: something is there that is no release: it is never replaced.
    """
    place, remark = (out, None) if out else default_out(bench.workspace.root)
    if place.exists() and not _may_be_replaced(place, bench.store.path):
        raise StoreError(f"{place} is there and is no release, so it stays: move it away, or name another --out")
    return place, remark


def verify(path: Path) -> list[Finding]:
    """What is wrong with a release; empty where all is well.

    Raises:
        StoreError: there is no release at this path.
    """
    return verify_release(path)


def _may_be_replaced(place: Path, store: Path) -> bool:
    """Whether it is a release; one that somebody holds open counts as one, the working store never does."""
    if not place.is_file() or place.resolve() == store.resolve():
        return False
    try:
        with open_release(place):
            return True
    except (StoreBusyError, StoreTooNewError):
        return True
    except StoreError:
        return False


def kept_releases(bench: Bench) -> list[KeptRelease]:
    """The releases that `--keep` has set aside, oldest first; a file that is none is passed over."""
    found: list[KeptRelease] = []
    for path in sorted(bench.workspace.kept_dir.glob("*.duckdb")):
        with suppress(StoreError), open_release(path) as release:
            found.append(KeptRelease(path, release.head()))
    return sorted(found, key=lambda kept: kept.head.created_at)


def find_release(bench: Bench, name: str) -> Path:
    """A release by its path, or by the id (or its beginning) of one that was kept.

    Raises:
        StoreError: there is none, or the beginning fits several.
    """
    if Path(name).is_file():
        return Path(name)
    kept = [one for one in kept_releases(bench) if one.head.release_id.startswith(name)]
    if len(kept) != 1:
        known = ", ".join(one.head.release_id for one in kept or kept_releases(bench)) or "none is kept"
        raise StoreError(f"no file and no one kept release `{name}` ({known}); `scorer publish --keep` keeps them")
    return kept[0].path


def _keep(bench: Bench, place: Path, release_id: str) -> str:
    """Set a copy aside, whole or not at all."""
    kept = bench.workspace.kept_dir / f"{release_id}.duckdb"
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_suffix(".tmp")
    shutil.copyfile(place, beside)
    beside.replace(kept)
    return f"kept as {release_id}: `scorer releases list` shows what is kept"


def _refuse_strangers(exports: Exports) -> None:
    """An earlier export may be replaced; other files that only have the names of our tables may not."""
    for directory, ending in exports.wanted():
        names = [f"{table.name}.{ending}" for table in release_schema().tables]
        there = [name for name in names if (directory / name).exists()]
        if there and f"release.{ending}" not in there:
            raise StoreError(f"{directory} has files of its own named {', '.join(there)}: choose another directory")


def _export(release: Path, exports: Exports) -> list[str]:
    return [
        f"{len(export_release(release, directory, kind))} files in {directory}, {kind}"
        for directory, kind in exports.wanted()
    ]


def _artefacts(bench: Bench) -> Json:
    """The pinned files that are here, by hash: what a run on this machine can have used."""
    present = (one for one in registry().values() if bench.artefacts.path(one.name))
    return {one.name: {"sha256": one.sha256, "licence": one.licence, "credit": one.credit} for one in present}
