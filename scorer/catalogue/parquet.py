"""Reads some rows of a large Parquet file: texts are compared as places in a dictionary."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scorer.catalogue.tables import find_columns
from scorer.errors import CatalogueError

BATCH_ROWS = 200_000


def rows_where(
    parquet: Path, columns: Sequence[str], texts: Iterable[str], wanted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows whose columns of these names have these texts; several times quicker than a filter of pyarrow's.

    Args:
        parquet: the file.
        columns: of the rows.
        texts: those of them that are text and repeat themselves.
        wanted: the text that other columns have, by name.

    Raises:
        CatalogueError: it is missing, damaged, not Parquet, or lacks a column.
    """
    try:
        find_columns(str(parquet), pq.read_schema(parquet).names, (*columns, *wanted))
        with pq.ParquetFile(parquet, read_dictionary=[*texts, *wanted]) as file:
            batches = file.iter_batches(BATCH_ROWS, columns=[*columns, *wanted])
            return [row for batch in batches for row in _rows(batch, columns, wanted)]
    except (pa.ArrowException, OSError) as error:
        raise CatalogueError(f"{parquet}: cannot be read as Parquet ({error}); pull the artefact anew") from error


def _rows(batch: pa.RecordBatch, columns: Sequence[str], wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    import pyarrow.compute as pc  # noqa: PLC0415 - fifty milliseconds that only those who import should wait

    for name, text in wanted.items():
        column = batch[name]
        known = column.dictionary.to_pylist()
        if text not in known:
            return
        batch = batch.filter(pc.equal(column.indices, known.index(text)))
    plain = {name: _decoded(batch[name]) for name in columns}
    yield from pa.record_batch(plain).to_pylist()


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
