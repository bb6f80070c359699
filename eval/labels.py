"""Hand labels from CSV: `task_id,rubric,labeller,category,note,created_at`, good rows kept, bad rows named one by one.

Refuses as a whole: a file that is not UTF-8 CSV or has the wrong columns. Refuses row by row: what is not on the scale,
not dated, not known, said twice, or about another version of a rubric than the rows before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval.label_files import REQUIRED, open_rows
from scorer.domain.catalogue import normal_task_id
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin
from scorer.domain.label_columns import ColumnMap
from scorer.domain.rubric import Rubric

Draws = Mapping[tuple[str, str], float]
"""Sample and task -> chance that the sample drew the task."""
SHA256_LENGTH = 64


@dataclass(frozen=True)
class RefusedRow:
    """A row that is no label: its first line in the file (the header is line 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class LabelReading:
    """What a label file holds: its labels, and the rows that are none."""

    labels: tuple[Label, ...]
    refused: tuple[RefusedRow, ...]


class _RowError(Exception):
    """Why one row is refused."""


def read_labels(
    path: Path,
    label_set: str,
    rubrics: Iterable[Rubric],
    labeller_kind: LabellerKind = LabellerKind.PERSON,
    known_task_ids: Collection[str] | None = None,
    *,
    draws: Draws | None = None,
    columns: ColumnMap | None = None,
) -> LabelReading:
    """Read a label file.

    Args:
        path: UTF-8 CSV (a byte-order mark and CRLF are fine) with the columns of the contract in any order; `note` and
            `created_at` may be absent; `labeller_kind` (person, model) and `statement_sha256` (of the text that was
            labelled) may be added, and so may `sample_id` with what else `scorer labels sample` writes. `origin` may
            say `review`: such a row is an adjudication and has its reason as its note.
        label_set: name that the set gets.
        rubrics: the rubric versions that labels may be about.
        labeller_kind: who labelled, where the file has no such column.
        known_task_ids: tasks of every catalogue release of the workspace, retired ones too; None takes any id.
        draws: the samples that were drawn here; a row that names a sample must be one of its tasks.
        columns: where a file of any other kind has what a label needs. A number in it that is no category is taken as
            the category that has this number in the rubric's primary measure.

    Raises:
        LabelError: the file cannot be read, or a column is missing, unknown or there twice.
    """
    header, rows = open_rows(path, columns)
    reader = _RowReader(label_set, {r.id: r for r in rubrics}, labeller_kind, known_task_ids, draws or {})
    reader.takes_numbers = columns is not None
    labels: list[Label] = []
    refused: list[RefusedRow] = []
    for line, fields in rows:
        try:
            row = _row(header, fields)
            labels.append(reader.label(line, columns.row(row) if columns else row))
        except _RowError as error:
            refused.append(RefusedRow(line, str(error)))
    return LabelReading(tuple(labels), tuple(refused))


class _RowReader:
    """Turns rows into labels and remembers who has said what."""

    def __init__(
        self,
        label_set: str,
        rubrics: dict[str, Rubric],
        kind: LabellerKind,
        known: Collection[str] | None,
        draws: Draws,
    ) -> None:
        self._draws = draws
        self._label_set = label_set
        self._rubrics = rubrics
        self._kind = kind
        self._known = None if known is None else frozenset(known)
        self._first_lines: dict[tuple[str, str, str, bool], int] = {}
        self._versions: dict[str, tuple[str, int]] = {}
        self.takes_numbers = False

    def label(self, line: int, row: dict[str, str]) -> Label:
        for column in REQUIRED:
            if not row[column]:
                raise _RowError(f"`{column}` is empty")
        task_id, labeller = normal_task_id(row["task_id"]), row["labeller"]
        if self._known is not None and task_id not in self._known:
            raise _RowError(
                f"task `{task_id}` is in no catalogue release of this workspace; import the release that has it"
            )
        rubric = self._rubric(row["rubric"], line)
        category = _on_scale(rubric, row["category"], takes_numbers=self.takes_numbers)
        sample_id = row.get("sample_id") or None
        label = Label(
            label_set=self._label_set,
            task_id=task_id,
            rubric=rubric.id,
            labeller=labeller,
            labeller_kind=_kind(row.get("labeller_kind", "")) or self._kind,
            origin=_origin(row, sample_id),
            sample_id=sample_id,
            inclusion_probability=self._chance(sample_id, task_id) if sample_id else None,
            category=category,
            score=rubric.number(category),
            note=row.get("note") or None,
            statement_sha256=_sha256(row.get("statement_sha256", "")),
            created_at=_date(row.get("created_at", "")),
        )
        self._must_be_first(label, line)
        self._versions.setdefault(rubric.name, (rubric.id, line))
        return label

    def _must_be_first(self, label: Label, line: int) -> None:
        who = (label.task_id, label.rubric, label.labeller, label.origin is LabelOrigin.REVIEW)
        first = self._first_lines.setdefault(who, line)
        if first != line:
            raise _RowError(
                f"`{label.labeller}` has labelled task `{label.task_id}` on {label.rubric} already, in line {first}, "
                "which is kept"
            )

    def _chance(self, sample_id: str, task_id: str) -> float:
        if (sample_id, task_id) not in self._draws:
            raise _RowError(f"sample `{sample_id}` of this workspace did not draw task `{task_id}`")
        return self._draws[sample_id, task_id]

    def _rubric(self, reference: str, line: int) -> Rubric:
        if reference not in self._rubrics:
            raise _RowError(f"rubric `{reference}` is none of {', '.join(sorted(self._rubrics))}")
        rubric = self._rubrics[reference]
        first, at = self._versions.get(rubric.name, (rubric.id, line))
        if first != rubric.id:
            raise _RowError(f"rubric `{rubric.id}` is another version than {first} of line {at}: make two files of it")
        return rubric


def _row(header: list[str], fields: list[str]) -> dict[str, str]:
    if len(fields) != len(header):
        raise _RowError(f"has {len(fields)} fields, the header {len(header)}; a text with commas needs quotes")
    return dict(zip(header, fields, strict=True))


def _on_scale(rubric: Rubric, category: str, *, takes_numbers: bool) -> str:
    if category in rubric.values:
        return category
    meant = _of_number(rubric, category) if takes_numbers else None
    if meant is None:
        raise _RowError(f"category `{category}` is not on the scale of {rubric.id}: {', '.join(rubric.values)}")
    return meant


def _of_number(rubric: Rubric, text: str) -> str | None:
    """The category that has this number, as `4` or `4.0`; None where it is no number, or not that of one category."""
    try:
        number = float(text)
    except ValueError:
        return None
    found = [value for value in rubric.values if rubric.number(value) == number]
    return found[0] if len(found) == 1 else None


def _origin(row: Mapping[str, str], sample_id: str | None) -> LabelOrigin:
    plain = LabelOrigin.SAMPLE if sample_id else LabelOrigin.IMPORT
    said = row.get("origin") or plain.value
    if said == LabelOrigin.REVIEW and not row.get("note"):
        raise _RowError("an adjudication (origin `review`) has its reason as its `note`; it is empty")
    if said not in {plain.value, LabelOrigin.REVIEW.value}:
        raise _RowError(f"origin `{said}` is neither `review` nor `{plain.value}`, which the row is by its sample_id")
    return LabelOrigin(said)


def _kind(text: str) -> LabellerKind | None:
    if text and text not in set(LabellerKind):
        raise _RowError(f"labeller_kind `{text}` is neither `person` nor `model`")
    return LabellerKind(text) if text else None


def _sha256(text: str) -> str | None:
    if text and (len(text) != SHA256_LENGTH or not set(text) <= set("0123456789abcdef")):
        raise _RowError(f"statement_sha256 `{text}` is not {SHA256_LENGTH} lower-case hexadecimal digits")
    return text or None


def _date(text: str) -> datetime | None:
    """An ISO 8601 date or time; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise _RowError(
            f"created_at `{text}` is no ISO 8601 date, such as 2026-11-22 or 2026-11-22T09:30:00Z"
        ) from error
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
