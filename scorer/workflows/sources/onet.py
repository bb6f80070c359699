"""Bring O*NET releases here: fetched, imported from files or from the pinned offline copy; and find occupations."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import fetch_archive, forget, registry
from scorer.catalogue import (
    Found,
    TitleIndex,
    read_crosswalk,
    read_facts,
    read_offline_release,
    read_offline_skills,
    read_release,
)
from scorer.domain.catalogue import OnetRelease
from scorer.domain.occupation_facts import FactTable
from scorer.errors import CatalogueError
from scorer.rating.collector import collecting_seldom
from scorer.workflows.workspace.bench import Bench

OFFLINE, OFFLINE_SKILLS = "onet-26.1", "onet-26.1-skills"
"""The pinned copy, and what it has of occupations beside their tasks."""

WITHOUT_SKILLS = f"no skills: `scorer artefacts pull {OFFLINE_SKILLS}`, then import {OFFLINE} again"
NEWEST_CHECKED = "30.1"
"""The release that the readers were held against count by count; newer ones are read by the same layouts."""

OFFICIAL = "https://www.onetcenter.org/dl_files/database"
FORMS = ("text", "excel", "mysql")


class Imported(NamedTuple):
    """What an import read, whether anything of it was new here, and what would bring more."""

    release: OnetRelease
    facts: list[FactTable]
    is_new: bool
    advice: Sequence[str] = ()

    @property
    def notes(self) -> list[str]:
        """What a reader should know, of the release and of all its tables."""
        return [*self.release.notes, *(note for table in self.facts for note in table.notes), *self.advice]


class ImportedCrosswalk(NamedTuple):
    """How many pairs of codes the file has, how many of them were new here, and what was refused."""

    pairs: int
    added: int
    notes: list[str]


class FoundOccupation(NamedTuple):
    """An occupation that fits a job title, with its own title and the number of its tasks."""

    found: Found
    title: str
    n_tasks: int


def import_onet(bench: Bench, source: str, release: str | None = None) -> Imported:
    """Import a release: all of it, or nothing where any file of it is damaged.

    Args:
        bench: where to.
        source: a directory or zip of official files, a parquet copy, or the name of the pinned offline artefact.
        release: its name, where the file name does not tell.

    Raises:
        CatalogueError, ArtefactError, StoreError: nothing was imported.
    """
    path = Path(source).expanduser()
    if not path.exists() and source in registry():
        path = bench.artefacts.require(source)
    if not path.exists():
        raise CatalogueError(f"{source}: no such file or directory, and no artefact of that name ({OFFLINE} is one)")
    if path.suffix == ".parquet":
        return _import_offline(bench, path, release, with_skills=source == OFFLINE)
    with collecting_seldom():  # a release is some hundred thousand rows, none in a cycle
        return _import(bench, path, release)


def _import_offline(bench: Bench, path: Path, release: str | None, *, with_skills: bool) -> Imported:
    """The pinned copy with the skills beside it where they are here; a Parquet file of somebody's own without."""
    found = read_offline_release(path, release or "26.1")
    skills = bench.artefacts.path(OFFLINE_SKILLS) if with_skills else None
    with collecting_seldom():
        facts = [read_offline_skills(skills, found)] if skills else []
    advice = (WITHOUT_SKILLS,) if with_skills and not skills else ()
    return Imported(found, facts, bench.store.catalogue.add(found, facts), advice)


def _import(bench: Bench, path: Path, release: str | None, origin: str | None = None) -> Imported:
    found = read_release(path, release)
    facts = read_facts(path, found)
    if origin is None and path.is_file():
        origin = f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    if origin is not None:
        found = found.model_copy(update={"source": f"{found.source}, {origin}"})
    return Imported(found, facts, bench.store.catalogue.add(found, facts))


def fetch_onet(
    bench: Bench,
    release: str | None,
    report: Callable[[str], None],
    *,
    base_url: str = OFFICIAL,
    form: str = FORMS[0],
) -> Imported:
    """Fetch the official archive of a release, or take it from the cache, and import it.

    Args:
        bench: where to; the archive stays in the user's cache of artefacts.
        release: such as `30.1`; `NEWEST_CHECKED` where None.
        report: told one line for each thing worth knowing.
        base_url: of a mirror that has the same archives.
        form: `text`, `excel` or `mysql`: which of the copies.

    Raises:
        ArtefactError: it cannot be had. CatalogueError: it is damaged, and forgotten. StoreError: as for an import.
    """
    name = release or NEWEST_CHECKED
    archive = fetch_archive(base_url, archive_name(name, form), bench.artefacts.directory / "onet", report)
    try:
        return _import(bench, archive.path, name, f"sha256 {archive.sha256}, {archive.address}")
    except CatalogueError:
        forget(archive)
        raise


def archive_name(release: str, form: str) -> str:
    """`db_30_1_text.zip`, as O*NET names its archives.

    Raises:
        CatalogueError: no release number, or a form that O*NET does not publish.
    """
    major, dot, minor = release.partition(".")
    if not (dot and major.isdigit() and minor.isdigit()):
        raise CatalogueError(f"release `{release}` is not a number such as {NEWEST_CHECKED}")
    if form not in FORMS:
        raise CatalogueError(f"unknown form `{form}`; choose one of {', '.join(FORMS)}")
    return f"db_{major}_{minor}_{form}.zip"


def import_crosswalk(bench: Bench, path: Path) -> ImportedCrosswalk:
    """Import the official crosswalk from O*NET-SOC 2010 to 2019; what is here already is not repeated."""
    pairs, notes = read_crosswalk(path)
    return ImportedCrosswalk(len(pairs), bench.store.facts.add_successions(pairs), notes)


def search_occupations(
    bench: Bench, text: str, onet_release: str | None = None, limit: int = 10
) -> list[FoundOccupation]:
    """The occupations whose titles, their own and those of everyday use, are most like `text`.

    Raises:
        CatalogueError: there is no release here, or none of this name.
    """
    with bench.store.held():
        name = bench.store.catalogue.summary(onet_release).name
        known = {one.occupation_code: one for one in bench.store.catalogue.titles(name)}
        everyday = bench.store.facts.named(name)
    own = [(one.occupation_code, one.title) for one in known.values()]
    found = TitleIndex([*own, *everyday]).search(text, limit)
    return [FoundOccupation(one, known[one.occupation_code].title, known[one.occupation_code].n_tasks) for one in found]
