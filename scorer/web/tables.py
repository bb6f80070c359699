"""Every table of the release for programs and people's tools: as a file, or as JSON records a part at a time."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from scorer.domain.rating import Json
from scorer.store import ExportKind, Table, release_schema
from scorer.web.answering import as_json
from scorer.web.desk import Desk
from scorer.web.routing import not_found
from scorer.web.shelf import OpenRelease

FILES: Mapping[str, tuple[ExportKind, str]] = {
    "csv": ("csv", "text/csv"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "jsonl": ("jsonl", "application/jsonl"),
}
RECORDS = "json"
KINDS = (*FILES, RECORDS)
USUAL_LIMIT, HIGHEST_LIMIT = 1_000, 10_000
"""Records in one answer."""


def tables(release: OpenRelease) -> list[Json]:
    """Every table that the release has, with the meaning of every column and where its rows are."""
    return [_told(table) for table in _known(release).values()]


def table_view(_: Desk, release: OpenRelease, request: Request) -> Response:
    """A table in one of `KINDS`."""
    name, kind = request.path_params["name"], request.path_params["kind"]
    known = _known(release)
    if name not in known or kind not in KINDS:
        raise not_found(f"there is no table {name[:60]} as {kind[:20]}: see /api/tables")
    if kind == RECORDS:
        return as_json(_records(release, known[name], request.query_params))
    form, media_type = FILES[kind]
    path = release.once(f"{name}.{kind}", lambda _: _written(release, known[name], form))
    return FileResponse(path, media_type=media_type, filename=f"{name}-{release.head.release_id}.{kind}")


def _known(release: OpenRelease) -> dict[str, Table]:
    """The tables and views that the release has, by name; one of them has a column for each of its raters."""

    def look(opened: OpenRelease) -> dict[str, Table]:
        raters = [row["rater"] for row in opened.reader().rows("SELECT rater FROM rater ORDER BY rater")]
        return {one.name: one for one in release_schema().with_raters(raters).tables if one.name in opened.tables}

    return release.once("known tables", look)


def _told(table: Table) -> Json:
    return {
        "name": table.name,
        "meaning": table.comment,
        "columns": [{"name": c.name, "type": c.type, "meaning": c.comment} for c in table.columns],
        "files": {kind: f"/api/tables/{table.name}.{kind}" for kind in KINDS},
    }


def _written(release: OpenRelease, table: Table, kind: ExportKind) -> Path:
    """A table as a file; it is written once and kept while the release is open."""
    return release.reader().export_table(table, release.folder(), kind, {"release_id": release.head.release_id})


def _records(release: OpenRelease, table: Table, asked: Mapping[str, str]) -> Json:
    """A part of a table, what it is a part of, and where the next part is."""
    offset, limit = _whole(asked, "offset", 0), min(_whole(asked, "limit", USUAL_LIMIT), HIGHEST_LIMIT)
    reader = release.reader()
    (counted,) = reader.rows(f"SELECT count(*) AS n FROM {table.name}")  # noqa: S608 - our own names
    query = f"SELECT * FROM {table.name} LIMIT $limit OFFSET $offset"  # noqa: S608 - as above
    records = reader.rows(query, {"limit": limit, "offset": offset})
    further, rows = offset + len(records), counted["n"]
    return {
        "release_id": release.head.release_id,
        "attribution": release.credits,
        "table": {**_told(table), "rows": rows},
        "offset": offset,
        "limit": limit,
        "next": f"/api/tables/{table.name}.json?offset={further}&limit={limit}" if records and further < rows else None,
        "records": records,
    }


def _whole(asked: Mapping[str, str], name: str, usual: int) -> int:
    """A whole number of the address; the usual one where it is not there."""
    text = asked.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - no table is longer
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"{name} is a whole number, 0 or more")
    return int(text)
