"""Publish what the store holds now as one immutable release, and check a release."""

from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import registry
from scorer.domain.rating import Json
from scorer.errors import StoreBusyError, StoreError, StoreTooNewError
from scorer.publish import Finding, PublishedRelease, PublishOptions, default_out, publish, verify_release
from scorer.store import open_release, release_schema
from scorer.workflows.bench import Bench


class Exports(NamedTuple):
    """Directories that a release is also written to, table by table; None for none."""

    parquet: Path | None = None
    csv: Path | None = None


def publish_release(
    bench: Bench, out: Path | None = None, options: PublishOptions | None = None, exports: Exports | None = None
) -> PublishedRelease:
    """Write a release and swap it in whole.

    Args:
        bench: whose store.
        out: the file; None means `results.duckdb` of the workspace, or, where git tracks that one, a file below
            `.scorer`.
        options: what goes in.
        exports: where else.

    Raises:
        StoreError, CatalogueError: nothing was published; the old release stays.
    """
    exports = exports or Exports()
    place, remark = release_place(bench, out)
    _refuse_strangers(exports)
    release = publish(bench.store, place, options, {"artefacts": _artefacts(bench)})
    written = _export(place, exports)
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


def _refuse_strangers(exports: Exports) -> None:
    """An earlier export may be replaced; other files that only have the names of our tables may not."""
    for directory, ending in zip(exports, Exports._fields, strict=True):
        names = [f"{table.name}.{ending}" for table in release_schema().tables]
        there = [name for name in names if directory and (directory / name).exists()]
        if there and f"release.{ending}" not in there:
            raise StoreError(f"{directory} has files of its own named {', '.join(there)}: choose another directory")


def _export(release: Path, exports: Exports) -> list[str]:
    written: list[str] = []
    with open_release(release) as reader:
        if exports.parquet:
            written.append(f"{len(reader.export(exports.parquet, 'parquet'))} Parquet files in {exports.parquet}")
        if exports.csv:
            written.append(f"{len(reader.export(exports.csv, 'csv'))} CSV files in {exports.csv}")
    return written


def _artefacts(bench: Bench) -> Json:
    """The pinned files that are here, by hash: what a run on this machine can have used."""
    present = (one for one in registry().values() if bench.artefacts.path(one.name))
    return {one.name: {"sha256": one.sha256, "licence": one.licence, "credit": one.credit} for one in present}
