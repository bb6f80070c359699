"""The Python interface to a release: open it, and get tables that Arrow, pandas and polars take.

    >>> import scorer
    >>> with scorer.open_release("results.duckdb") as release:
    ...     scores = release.scores("coverage", rater="panel")
    ...     panel = release.sql("SELECT count(*) AS n FROM occupation_score WHERE rater = ?", ["panel"])
    >>> scores.column_names[:4]
    ['occupation_code', 'rubric', 'rater', 'measure']
    >>> scores.num_rows == panel["n"][0].as_py()
    True

Every table is a `pyarrow.Table`: `.to_pandas()` makes a pandas frame of it, `polars.from_arrow` a polars one. NULL
stays NULL in all of them; do not fill it. The columns are those of docs/tables.md.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from scorer.errors import StoreError
from scorer.publish import citation
from scorer.store import ReleaseHead
from scorer.store import open_release as opened

_NAME = re.compile(r"[a-z_]+")


class Release:
    """An open release; close it, or use it in a `with` block.

    Args:
        path: the file, `results.duckdb` for one.

    Raises:
        StoreError: there is no such file, it is no release, or a newer scorer wrote it.
    """

    def __init__(self, path: str | PathLike[str] = "results.duckdb") -> None:
        self._stack = ExitStack()
        self._reader = self._stack.enter_context(opened(Path(path)))
        self._head = self._reader.head()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._stack.close()

    @property
    def head(self) -> ReleaseHead:
        """What the release says of itself: id, hash of the content, O*NET release, manifest."""
        return self._head

    @property
    def attribution(self) -> str:
        """Credit lines, to be shown wherever the figures or texts are shown."""
        return self._head.attribution

    def cite(self) -> str:
        """The release as a BibTeX entry."""
        return citation(self._head)["citation.bib"]

    def occupations(self) -> pa.Table:
        """One row per occupation."""
        return self.sql("FROM occupation ORDER BY occupation_code")

    def tasks(self, occupation: str | None = None) -> pa.Table:
        """The current tasks, all of them or those of one occupation code."""
        query = "FROM task WHERE is_current AND ($occupation IS NULL OR occupation_code = $occupation) ORDER BY task_id"
        return self.sql(query, {"occupation": occupation})

    def ratings(self, rubric: str | None = None, rater: str | None = None) -> pa.Table:
        """Every rating, failed ones too, of all rubrics and raters or of those that are named.

        Args:
            rubric: a name (all its versions) or a version, `coverage@1`.
            rater: a rater's name.
        """
        return self._rows_of("rating", rubric, rater)

    def scores(self, rubric: str | None = None, rater: str | None = None) -> pa.Table:
        """Occupation scores with their titles, held ones too: their score is NULL and `reasons` says why.

        Args:
            rubric: a name (all its versions) or a version.
            rater: a rater's name, or `panel`.
        """
        return self._rows_of("(FROM occupation_score JOIN occupation USING (occupation_code))", rubric, rater)

    def table(self, name: str) -> pa.Table:
        """Any table or view by name; `table("data_dictionary")` says which there are.

        Raises:
            StoreError: the release has no such table.
        """
        known = {table for table, column in self._reader.columns() if column is None}
        if not _NAME.fullmatch(name) or name not in known:
            raise StoreError(f"{self._reader.path} has no table `{name}`; it has {', '.join(sorted(known))}")
        return self.sql(f"FROM {name}")

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """What a query gives; the file is open for reading only.

        Args:
            query: DuckDB's SQL.
            parameters: for `?` or `$name` in the query.
        """
        return self._reader.arrow(query, parameters)

    def _rows_of(self, source: str, rubric: str | None, rater: str | None) -> pa.Table:
        query = f"""
            FROM {source}
            WHERE ($rubric IS NULL OR rubric = $rubric OR rubric LIKE $rubric || '@%')
                AND ($rater IS NULL OR rater = $rater)
        """
        return self.sql(query, {"rubric": rubric, "rater": rater})


def open_release(path: str | PathLike[str] = "results.duckdb") -> Release:
    """Open a release for reading; see `Release`."""
    return Release(path)
