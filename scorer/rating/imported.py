"""Ratings made elsewhere: a CSV, TSV or Parquet file read row by row into Ratings of a Rater of its own.

A row that cannot be used is refused with its line and reason, and never keeps the others out. An empty answer is
refused: it does not become a number.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from scorer.domain.base import sha256_json
from scorer.domain.catalogue import normal_task_id
from scorer.domain.rating import Rating, Status
from scorer.domain.rubric import Rubric
from scorer.errors import CatalogueError

CANNOT_JUDGE = "cannot_judge"


class Columns(NamedTuple):
    """Which column holds what; `category` or `score` must be there, `rationale` may be."""

    task_id: str = "task_id"
    category: str = "category"
    score: str = "score"
    rationale: str = "rationale"


AS_DOCUMENTED = Columns()
Row = Mapping[str, object] | Sequence[str]


class Refused(NamedTuple):
    """A row that was not taken, and why."""

    line: int
    reason: str


class Imported(NamedTuple):
    """What a file gave."""

    ratings: list[Rating]
    refused: list[Refused]


def read_ratings(
    path: Path, rater: str, rubric: Rubric, statements: Mapping[str, str], columns: Columns = AS_DOCUMENTED
) -> Imported:
    """Read ratings from a file.

    Args:
        path: `.csv`, `.tsv` or `.parquet`.
        rater: the name of the Rater that they become.
        rubric: on whose scale they are.
        statements: task id -> sha256 of the statement, of the release that was rated.
        columns: names of the columns.

    Raises:
        CatalogueError: the file cannot be read, or lacks a column.
    """
    rows = _parquet_rows(path, columns) if path.suffix == ".parquet" else _text_rows(path, columns)
    reader = _Reader(path, rater, rubric, statements, columns)
    ratings: dict[str, Rating] = {}
    refused: list[Refused] = []
    for line, row in rows:
        try:
            rating = reader.rating(_whole(row), ratings)
        except ValueError as error:
            refused.append(Refused(line, str(error)))
        else:
            ratings[rating.task_id] = rating
    return Imported(list(ratings.values()), refused)


class _Reader:
    """Turns rows into Ratings; the run id is the file's, so that the same file is never stored twice."""

    def __init__(self, path: Path, rater: str, rubric: Rubric, statements: Mapping[str, str], columns: Columns) -> None:
        self._rater, self._rubric, self._statements, self._columns = rater, rubric, statements, columns
        with path.open("rb") as file:
            self._run_id = f"import-{file_digest(file, 'sha256').hexdigest()[:16]}"
        self._by_number = {category.number: category.value for category in rubric.categories}
        self._now = datetime.now(UTC)

    def rating(self, row: Mapping[str, object], earlier: Collection[str]) -> Rating:
        """The Rating of a row; ValueError says why there is none."""
        task_id = normal_task_id(row[self._columns.task_id])
        if task_id not in self._statements:
            raise ValueError(f"task {task_id or '(empty)'} is not in the release")
        if task_id in earlier:
            raise ValueError(f"task {task_id} stands in an earlier row")
        category, score = self._answer(row)
        cell_hash = sha256_json(
            {"task_id": task_id, "rubric": self._rubric.sha256, "provider": "import", "model": self._rater}
        )
        return Rating(
            rating_id=sha256_json([cell_hash, self._run_id, category, score]),
            run_id=self._run_id,
            task_id=task_id,
            rubric=self._rubric.id,
            rater=self._rater,
            cell_hash=cell_hash,
            status=Status.CANNOT_JUDGE if category == CANNOT_JUDGE else Status.RATED,
            category=None if category == CANNOT_JUDGE else category,
            score=score,
            rationale=_text(row.get(self._columns.rationale)) or None,
            statement_sha256=self._statements[task_id],
            rubric_sha256=self._rubric.sha256,
            created_at=self._now,
        )

    def _answer(self, row: Mapping[str, object]) -> tuple[str | None, float | None]:
        category, score = _text(row.get(self._columns.category)), _text(row.get(self._columns.score))
        if category == CANNOT_JUDGE:
            return category, None
        if category:
            value = category.removesuffix(".0")
            if value not in self._rubric.values:
                raise ValueError(f"category `{category[:40]}` is not one of {', '.join(self._rubric.values)}")
            return value, self._rubric.number(value)
        if not score:
            raise ValueError("neither a category nor a score")
        return self._scored(score)

    def _scored(self, text: str) -> tuple[str | None, float]:
        try:
            score = float(text)
        except ValueError:
            raise ValueError(f"score `{text[:40]}` is not a number") from None
        low, high = min(self._by_number), max(self._by_number)
        if not low <= score <= high:
            raise ValueError(f"score {score:g} is outside {low:g} to {high:g}")
        return self._by_number.get(score), score


def _parquet_rows(path: Path, columns: Columns) -> Iterator[tuple[int, Row]]:
    """Row numbers (from 2, as if there were a header line) and rows."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise CatalogueError(f"{path}: cannot be read as Parquet ({str(error).splitlines()[0]})") from error
    _check_header(path, table.column_names, columns)
    return enumerate(table.to_pylist(), start=2)


def _text_rows(path: Path, columns: Columns) -> Iterator[tuple[int, Row]]:
    """Line numbers (the header is line 1) and rows; what has more or fewer fields than the header comes as their list.

    The whole file is read before the first row is used: a quote that is never closed would swallow the rows after it.
    """
    begins, rows = 1, list[tuple[int, list[str]]]()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
            for fields in reader:
                if any(field.strip() for field in fields):
                    rows.append((begins, fields))
                begins = reader.line_num + 1
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}: is not UTF-8 text (byte {error.start}); save it as CSV UTF-8") from error
    except csv.Error as error:
        raise CatalogueError(f"{path} line {begins}: is not CSV ({error}); is a quote missing?") from error
    header = [name.strip() for name in rows[0][1]] if rows else []
    _check_header(path, header, columns)
    return (
        (line, dict(zip(header, cells, strict=True)) if len(cells) == len(header) else cells)
        for line, cells in rows[1:]
    )


def _whole(row: Row) -> Mapping[str, object]:
    """The row, where it has one field for each column."""
    if isinstance(row, Mapping):
        return row
    raise ValueError(f"has {len(row)} fields, not as many as the header; a text with commas needs quotes")


def _check_header(path: Path, found: Sequence[str], columns: Columns) -> None:
    if twice := sorted({name for name in found if name and found.count(name) > 1}):
        raise CatalogueError(f"{path.name} line 1: column {', '.join(f'`{name}`' for name in twice)} stands twice")
    if columns.task_id not in found:
        raise CatalogueError(
            f"{path.name} line 1: no column `{columns.task_id}`; found {', '.join(found) or 'nothing'}; "
            "name the column with --task-column"
        )
    if columns.category not in found and columns.score not in found:
        raise CatalogueError(
            f"{path.name} line 1: neither a column `{columns.category}` nor `{columns.score}`; "
            f"found {', '.join(found)}; name one with --category-column or --score-column"
        )


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
