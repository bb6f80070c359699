"""Published indices of others come in, and our occupation scores are laid beside them."""

import csv
import math
from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from scorer.artefacts import registry
from scorer.compare import concordance
from scorer.domain.concordance import Concordance, IndexScore
from scorer.errors import CatalogueError
from scorer.store import IndexSource
from scorer.workflows.workspace.bench import Bench

ELOUNDOU = "gpts-are-gpts-occupations"
ELOUNDOU_COLUMNS = {
    f"eloundou-{who}-{ours}": f"{column}_rating_{theirs}"
    for who, column in (("human", "human"), ("gpt4", "dv"))
    for ours, theirs in (("alpha", "alpha"), ("beta", "beta"), ("zeta", "gamma"))
}
CODE_COLUMN = "O*NET-SOC Code"


class IndexReport(NamedTuple):
    """What came of an import: the index, the codes it has, and the rows that were refused with line and reason."""

    index_name: str
    read: int
    refused: Sequence[str]


def import_index(
    bench: Bench,
    source: str,
    *,
    path: Path | None = None,
    name: str | None = None,
    code_column: str = CODE_COLUMN,
    score_column: str = "score",
    credit: str | None = None,
) -> list[IndexReport]:
    """Import an index that others have published.

    Args:
        bench: where to.
        source: a CSV file, or `gpts-are-gpts-occupations` (six indices of Eloundou et al., fetched by hash).
        path: a local copy of the known source.
        name: what the index is called here; the file's stem where None.
        code_column: the column of O*NET-SOC or SOC codes.
        score_column: the column of numbers.
        credit: whom to credit wherever it is shown.

    Raises:
        CatalogueError, ArtefactError: nothing was imported.
    """
    if source == ELOUNDOU:
        place = path or bench.artefacts.pull(ELOUNDOU)
        wanted, credit = ELOUNDOU_COLUMNS, registry()[ELOUNDOU].credit
        code_column = CODE_COLUMN
    else:
        place = Path(source)
        wanted = {name or place.stem: score_column}
    digest = _sha256(place)
    reports = []
    for index_name, column in wanted.items():
        scores, refused = _read(place, index_name, code_column, column)
        bench.store.indices.add(
            IndexSource(index_name=index_name, source=place.name, sha256=digest, credit=credit), scores
        )
        reports.append(IndexReport(index_name, len(scores), refused))
    return reports


def find_concordance(bench: Bench) -> list[Concordance]:
    """Lay the current occupation scores beside every index, and keep the outcome for the next release.

    Raises:
        CatalogueError: there is no index, or nothing was aggregated.
    """
    index = bench.store.indices.load()
    if not index:
        raise CatalogueError(
            f"no index to compare with: `scorer concordance import FILE` (or {ELOUNDOU}) brings one in"
        )
    aggregation = bench.store.outcomes.latest_aggregation()
    if aggregation is None:
        raise CatalogueError("nothing was aggregated yet: run `scorer aggregate` first")
    found = concordance(aggregation.occupation_scores, index)
    bench.store.indices.save(aggregation.record.aggregation_id, found)
    return found


def _sha256(place: Path) -> str:
    try:
        with place.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CatalogueError(f"cannot read {place}: {error.strerror}") from error


def _read(place: Path, name: str, code_column: str, column: str) -> tuple[list[IndexScore], list[str]]:
    """The usable rows, the last of a code twice named; and the others with line and reason."""
    scores: dict[str, IndexScore] = {}
    refused: list[str] = []
    for line, row in _rows(place, code_column, column):
        code, text = (row[code_column] or "").strip(), (row[column] or "").strip()
        try:
            score = float(text)
        except ValueError:
            score = math.nan
        if not math.isfinite(score) or not code:
            refused.append(f"line {line}: {code or 'no code'}: `{text}` is no number")
        else:
            scores[code] = IndexScore(index_name=name, occupation_code=code, score=score)
    if not scores:
        raise CatalogueError(f"{place}: no row with a code and a number; see --code and --score")
    return list(scores.values()), refused


def _rows(place: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with place.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                has = ", ".join(reader.fieldnames or ()) or "nothing"
                raise CatalogueError(f"{place}: no column `{missing[0]}`; it has {has}; see --code and --score")
            yield from ((reader.line_num, row) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogueError(f"{place}: cannot be read as a UTF-8 CSV file ({error})") from error
