"""Labels in and out: any CSV, the published set of Eloundou et al., and the reference set of the project."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import file_digest
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from eval.label_files import OPTIONAL, REQUIRED, write_rows
from eval.labels import LabelReading, RefusedRow, read_labels
from eval.published import LABEL_SET, PUBLISHED, PublishedSet, read_published
from scorer.artefacts import registry
from scorer.catalogue import read_label_set_tasks
from scorer.domain.evaluation import LabellerKind, LabelOrigin
from scorer.domain.label_columns import ColumnMap
from scorer.domain.names import hint
from scorer.errors import LabelError
from scorer.rubrics import available, load_rubric
from scorer.store import LabelSource
from scorer.workflows.sources.known_tasks import known_releases
from scorer.workflows.workspace.bench import Bench

REFERENCE = "reference"
REFERENCE_SET = "reference-1"
KNOWN_SOURCES = (*PUBLISHED, REFERENCE)


class LabelReport(NamedTuple):
    """What came of an import.

    Attributes:
        read: usable rows; added: those that were new or say something else than before.
        refused: the others, with line and reason.
        retired: labelled tasks that the current O*NET release does not have; they are kept and evaluated.
    """

    label_set: str
    read: int
    added: int
    refused: Sequence[RefusedRow]
    retired: int


def import_labels(
    bench: Bench,
    source: str,
    *,
    path: Path | None = None,
    label_set: str | None = None,
    kind: LabellerKind = LabellerKind.PERSON,
    columns: ColumnMap | None = None,
    private: bool = False,
) -> LabelReport:
    """Import labels.

    Args:
        bench: where to.
        source: a CSV file, or one of `KNOWN_SOURCES`.
        path: a local copy of a known source.
        label_set: its name; the file's stem where None.
        kind: who labelled, where the file does not say.
        columns: how to read a CSV file of any other columns; its rubric as `NAME`, `NAME@VERSION` or a file.
        private: the set judges raters here, and is never handed out: in no release, export or prompt.

    Raises:
        LabelError, ArtefactError, StoreError: nothing was imported.
    """
    if source in KNOWN_SOURCES and (private or columns):
        raise LabelError(f"{source} is public and has its own columns: import it without --private and column options")
    if source in PUBLISHED:
        return _import_published(bench, PUBLISHED[source], path)
    if source == REFERENCE:
        with as_file(files("eval") / "gold" / "reference_v1" / "labels.csv") as shipped:
            return _import_csv(bench, path or shipped, REFERENCE_SET, LabellerKind.MODEL)
    file = Path(source).expanduser()
    name = label_set or file.stem
    if not name.isprintable() or "/" in name:
        raise LabelError(f"label set `{name}`: a name has no `/` and no control characters; give one with --name")
    if not file.exists():
        raise LabelError(f"{source}: no such file, and no known source of that name{hint(source, KNOWN_SOURCES)}")
    return _import_csv(bench, file, name, kind, columns=columns, private=private)


def _import_csv(
    bench: Bench,
    file: Path,
    label_set: str,
    kind: LabellerKind,
    *,
    columns: ColumnMap | None = None,
    private: bool = False,
) -> LabelReport:
    known = _known_task_ids(bench)
    if not known:
        raise LabelError("the workspace knows no task yet, so no label can be about one: run `scorer onet import PATH`")
    rubrics = {**bench.store.rubrics.all(), **{rubric.id: rubric for rubric in available()}}
    if columns:
        rubric = rubrics.get(columns.rubric) or load_rubric(columns.rubric)
        rubrics[rubric.id], columns = rubric, replace(columns, rubric=rubric.id)
    draws = {(one.sample_id, one.task_id): one.inclusion_probability for one in bench.store.labels.samples()}
    reading = read_labels(file, label_set, rubrics.values(), kind, known, draws=draws, columns=columns)
    bench.store.rubrics.add([rubrics[columns.rubric]] if columns else [])
    return _keep(bench, label_set, reading, LabelSource(source=file.name, sha256=_sha256(file), is_private=private))


class Exported(NamedTuple):
    """What was written: labels of the set, adjudications among them."""

    file: Path
    labels: int
    adjudications: int


def export_labels(bench: Bench, label_set: str, out: Path) -> Exported:
    """Write the current labels of a set as a CSV file that can be imported again and gives the same labels.

    Raises:
        LabelError: there is no such set, it is private, or there is a file of that name.
    """
    known = bench.store.labels.find(label_set)
    if known.is_private:
        raise LabelError(f"label set `{label_set}` is private: it is never written out")
    labels = [label for rubric in known.rubrics for label in bench.store.labels.load(rubric, label_set)]
    write_rows(out, (label.model_dump(mode="json", include={*REQUIRED, *OPTIONAL}) for label in labels))
    return Exported(out, len(labels), sum(label.origin is LabelOrigin.REVIEW for label in labels))


def _import_published(bench: Bench, published: PublishedSet, path: Path | None) -> LabelReport:
    """Published labels, and the tasks that they are about as a release of their own, the same for both sets."""
    artefact = registry()[published.name]
    file = path or bench.artefacts.pull(published.name)
    if file.is_dir():
        file = file / artefact.file
    reading = read_published(file, published, load_rubric(published.rubric))
    bench.store.catalogue.add(read_label_set_tasks(file, LABEL_SET))
    source = LabelSource(source=artefact.title, sha256=_sha256(file), credit=artefact.credit)
    return _keep(bench, published.name, reading, source)


def _keep(bench: Bench, label_set: str, reading: LabelReading, source: LabelSource) -> LabelReport:
    added = bench.store.labels.add(label_set, reading.labels, source)
    used = {label.rubric for label in reading.labels}
    bench.store.rubrics.add(rubric for rubric in available() if rubric.id in used)
    labelled = {label.task_id for label in reading.labels}
    current = {task.task_id for task in bench.store.catalogue.load().tasks}
    return LabelReport(label_set, len(reading.labels), added, reading.refused, len(labelled - current))


def _known_task_ids(bench: Bench) -> frozenset[str]:
    return frozenset(task.task_id for release in known_releases(bench) for task in release.tasks)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
