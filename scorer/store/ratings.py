"""Ratings: every one is kept, failed ones too; readers ask for the one that counts of each asking.

One asking is a rater, rubric, task, text, variant and repeat on one occasion. Asking again makes a further row: the
newest usable one counts (`rated` or `cannot_judge`), and where none is usable the newest. Reading a stored answer again
makes a further row as well, which takes the place of the one it was read from.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import duckdb
import pyarrow as pa

from scorer.domain.exchanges import Frames
from scorer.domain.past import Past, Standing, Text, Usual
from scorer.domain.rating import FIRST_OCCASION, Rating, Status
from scorer.domain.review_cases import TaskSpread
from scorer.store.connection import StoreFile
from scorer.store.sql import Columns, append_columns, arrow, columns_of, models, one_ahead, rows, transaction

BATCH_ROWS = 2_000
_NEW = "NOT EXISTS (SELECT 1 FROM rating known WHERE known.rating_id = incoming.rating_id)"
_NEW_FRAME = "NOT EXISTS (SELECT 1 FROM exchange_frame known WHERE known.frame = incoming.frame)"
_KNOWN = """
SELECT cell_hash, status FROM rating r ANTI JOIN rating_reread USING (rating_id)
WHERE ($rater IS NULL OR rater = $rater)
QUALIFY row_number() OVER (PARTITION BY cell_hash ORDER BY weight(r.status, r.created_at, r.rowid) DESC) = 1
"""
_STANDINGS = """
SELECT cell_hash, arg_max(status, weight(r.status, r.created_at, r.rowid)),
    list(DISTINCT rater ORDER BY rater)
FROM rating r ANTI JOIN rating_reread USING (rating_id)
GROUP BY cell_hash
"""
_TEXTS = """
SELECT DISTINCT rater, split_part(rubric, '@', 1), task_id, rubric, statement_sha256 FROM rating
WHERE rater IN (SELECT unnest($raters)) AND split_part(rubric, '@', 1) IN (SELECT unnest($rubrics))
"""
_USUAL = """
SELECT rater, rubric, count(*), avg(input_tokens), avg(coalesce(cached_tokens, 0)), avg(output_tokens),
    coalesce(avg(latency_ms), 0)
FROM rating WHERE derived_from IS NULL AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL GROUP BY ALL
"""
_OF_CELLS = """
SELECT * FROM rating_whole SEMI JOIN (
    SELECT rating_id FROM rating r ANTI JOIN rating_reread USING (rating_id)
    WHERE cell_hash IN (SELECT unnest($cells)) AND ($rater IS NULL OR rater = $rater)
    QUALIFY row_number() OVER (PARTITION BY cell_hash ORDER BY weight(r.status, r.created_at, r.rowid) DESC) = 1
) USING (rating_id)
"""
_EARLIER = """
SELECT cell_hash, rating_id FROM rating r ANTI JOIN rating_reread USING (rating_id)
WHERE status IN (SELECT unnest($statuses))
QUALIFY row_number() OVER (PARTITION BY cell_hash ORDER BY weight(r.status, r.created_at, r.rowid) DESC) = 1
"""
_LATEST = """
SELECT r.* EXCLUDE (raw, frame) FROM rating r ANTI JOIN rating_reread USING (rating_id)
WHERE rubric = $rubric AND rater = $rater AND occasion = $occasion
QUALIFY row_number() OVER (
    PARTITION BY task_id, statement_sha256, variant, repeat ORDER BY weight(r.status, r.created_at, r.rowid) DESC
) = 1
ORDER BY task_id, variant, repeat, statement_sha256
"""
_OF_RUN = """
SELECT rater, status, count(*), sum(attempts)::BIGINT, sum(input_tokens)::BIGINT, sum(cached_tokens)::BIGINT,
    sum(output_tokens)::BIGINT, sum(cost_usd), avg(latency_ms)
FROM rating WHERE run_id = $run_id GROUP BY ALL ORDER BY ALL
"""
_USABLE = """
SELECT r.task_id, r.rater, r.variant, r.repeat, r.status, r.category, r.score, r.score_expected, r.statement_sha256,
    r.rationale, r.evidence, r.rating_id, r.confidence, r.blockers
FROM rating r ANTI JOIN rating_reread USING (rating_id)
WHERE r.rubric = $rubric AND r.occasion = $occasion
    AND ($task_ids IS NULL OR list_contains($task_ids, r.task_id))
    AND ($onet_release IS NULL OR EXISTS (
    SELECT 1 FROM task t
    WHERE t.task_id = r.task_id
        AND (t.onet_release = $onet_release OR t.onet_release IN (SELECT onet_release FROM custom_current))
        AND t.statement_sha256 = coalesce(r.statement_sha256, t.statement_sha256)
))
QUALIFY row_number() OVER (
    PARTITION BY r.rater, r.task_id, r.statement_sha256, r.variant, r.repeat
    ORDER BY weight(r.status, r.created_at, r.rowid) DESC
) = 1
ORDER BY r.rater, r.task_id, r.variant, r.repeat, r.statement_sha256
"""

_SPREADS = f"""
SELECT task_id, avg(score), CASE WHEN count(*) > 1 THEN max(score) - min(score) END FROM (
    SELECT task_id, rater, avg(score) AS score FROM ({_USABLE})
    WHERE status = 'rated' AND isfinite(score) GROUP BY task_id, rater
) GROUP BY task_id
"""  # noqa: S608 - our own query


class RatingRow(NamedTuple):
    """What evaluation and aggregation read of a rating; score in the numbers of the rubric's primary measure."""

    task_id: str
    rater: str
    variant: str
    repeat: int
    status: Status
    category: str | None
    score: float | None
    score_expected: float | None
    statement_sha256: str | None
    rationale: str | None
    evidence: str | None
    rating_id: str
    confidence: float | None
    blockers: dict[str, bool] | None


class RatingCount(NamedTuple):
    """How many rows of one status a rater has on a rubric."""

    rater: str
    rubric: str
    status: Status
    n: int


class RunSum(NamedTuple):
    """What the ratings of one run, rater and status took; None where nothing is known."""

    rater: str
    status: Status
    ratings: int
    attempts: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    mean_latency_ms: float | None


class RatingTable:
    """The table `rating`."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def add(self, ratings: Iterable[Rating]) -> int:
        """Append ratings; those known by their rating_id are passed over, so a journal may be replayed.

        Returns:
            How many were new.
        """
        unique = {rating.rating_id: rating for rating in ratings}
        if not unique:
            return 0
        with self._file.session() as con, transaction(con):
            batches = map(_ready, _batches(list(unique.values())))
            return sum(one_ahead(batches, partial(_append, con)))

    def known(self, rater: str | None = None) -> dict[str, Status]:
        """The status of the rating that counts, by Cell hash; only of rows under one rater's name where it is given."""
        with self._file.session() as con:
            return {cell: Status(status) for cell, status in con.execute(_KNOWN, {"rater": rater}).fetchall()}

    def past(self, raters: Collection[str], rubrics: Collection[str]) -> Past:
        """What a plan needs to know of earlier askings.

        Args:
            raters: the names whose texts are wanted.
            rubrics: the names of their rubrics, without the version.
        """
        chosen = {"raters": list(raters), "rubrics": list(rubrics)}
        with self._file.session() as con:
            standings = con.execute(_STANDINGS).fetchall()
            texts = con.execute(_TEXTS, chosen).fetchall()
            known = con.execute("SELECT DISTINCT rater FROM rating").fetchall()
        names = {tuple(found): frozenset(found) for _, _, found in standings}
        return Past(
            standings={cell: Standing(Status(status), names[tuple(found)]) for cell, status, found in standings},
            texts=_texts(texts),
            raters=frozenset(rater for (rater,) in known),
        )

    def usual(self) -> dict[tuple[str, str], Usual]:
        """What one rating took on average, by rater and rubric; only of those that were paid for and counted."""
        with self._file.session() as con:
            found = con.execute(_USUAL).fetchall()
        return {(rater, rubric): Usual(*numbers) for rater, rubric, *numbers in found}

    def load(self, cell_hashes: Iterable[str], rater: str | None = None) -> list[Rating]:
        """The rating of each of these Cells that counts, whole, of one rater where it is named; others are left out."""
        with self._file.session() as con:
            return models(Rating, rows(con, _OF_CELLS, {"cells": list(cell_hashes), "rater": rater}))

    def earlier(self, statuses: Iterable[Status]) -> dict[str, str]:
        """The rating_id of the rating that counts, by Cell hash, of those with one of these statuses."""
        with self._file.session() as con:
            return dict(con.execute(_EARLIER, {"statuses": [status.value for status in statuses]}).fetchall())

    def latest(self, rubric: str, rater: str, occasion: str = FIRST_OCCASION) -> list[Rating]:
        """The latest rating of each asking of one rater on a rubric, of every status; without the exchanges."""
        with self._file.session() as con:
            return models(Rating, rows(con, _LATEST, {"rubric": rubric, "rater": rater, "occasion": occasion}))

    def usable(
        self,
        rubric: str,
        onet_release: str | None = None,
        occasion: str = FIRST_OCCASION,
        task_ids: list[str] | None = None,
    ) -> list[RatingRow]:
        """The answer that counts of each asking on a rubric, in order of rater, task, variant and repeat.

        Args:
            rubric: `coverage@1`.
            onet_release: only answers about this release's text of a task (or about no stated text).
            occasion: which asking, where Cells were asked anew.
            task_ids: only about these tasks.

        Returns:
            Rows of every status: what is not `rated` has neither category nor score.
        """
        chosen = {"rubric": rubric, "onet_release": onet_release, "occasion": occasion, "task_ids": task_ids}
        with self._file.session() as con:
            found = con.execute(_USABLE, chosen).fetchall()
        return [RatingRow._make((*row[:4], Status(row[4]), *row[5:-1], _blockers(row[-1]))) for row in found]

    def spreads(self, rubric: str, onet_release: str) -> list[TaskSpread]:
        """What all raters together make of each task of a release on a rubric, whoever passed.

        A rater's repeats and variants count as their mean, as in `scorer.aggregate`; raters count alike.
        """
        chosen = {"rubric": rubric, "onet_release": onet_release, "occasion": FIRST_OCCASION, "task_ids": None}
        with self._file.session() as con:
            return [TaskSpread._make(row) for row in con.execute(_SPREADS, chosen).fetchall()]

    def of_run(self, run_id: str) -> list[RunSum]:
        """What a run has stored so far, by rater and status."""
        with self._file.session() as con:
            found = con.execute(_OF_RUN, {"run_id": run_id}).fetchall()
        return [RunSum(rater, Status(status), *numbers) for rater, status, *numbers in found]

    def counts(self) -> list[RatingCount]:
        """How many rows there are by rater, rubric and status."""
        query = "SELECT rater, rubric, status, count(*) FROM rating GROUP BY ALL ORDER BY ALL"
        with self._file.session() as con:
            found = con.execute(query).fetchall()
        return [RatingCount(rater, rubric, Status(status), n) for rater, rubric, status, n in found]


@lru_cache(maxsize=1024)
def _blockers(text: str | None) -> dict[str, bool] | None:
    """The blockers of a rating, shared between ratings that say the same: there are few combinations of yes and no."""
    return json.loads(text) if text else None


def _texts(found: Iterable[tuple[str, str, str, str, str | None]]) -> dict[tuple[str, str], dict[str, frozenset[Text]]]:
    texts: dict[tuple[str, str], dict[str, frozenset[Text]]] = {}
    for rater, name, task_id, rubric, statement in found:
        of_task = texts.setdefault((rater, name), {})
        of_task[task_id] = of_task.get(task_id, frozenset()) | {Text(rubric, statement)}
    return texts


def _batches(found: list[Rating]) -> Iterable[list[Rating]]:
    return (found[start : start + BATCH_ROWS] for start in range(0, len(found), BATCH_ROWS))


class _Batch(NamedTuple):
    """Ratings and the frames of their exchanges, as DuckDB takes them."""

    frames: pa.Table
    ratings: pa.Table


def _ready(batch: Sequence[Rating]) -> _Batch:
    frames = Frames()
    framed = [frames.take(rating.raw) for rating in batch]
    columns = columns_of([vars(rating) for rating in batch])  # not dict(rating): five times slower
    columns |= {"frame": [one.frame for one in framed], "raw": [one.raw for one in framed]}
    made: Columns = {"frame": list(frames.parts), "parts": list(frames.parts.values())}
    return _Batch(arrow(made), arrow(columns))


def _append(con: duckdb.DuckDBPyConnection, batch: _Batch) -> int:
    """Append a batch; returns how many ratings were new."""
    if batch.frames.num_rows:
        append_columns(con, "exchange_frame", batch.frames, _NEW_FRAME)
    return append_columns(con, "rating", batch.ratings, _NEW)
