"""A release as plain files for those who do not query: one file a table, and beside them what describes and cites them.

`datapackage.json` follows Frictionless Data Package 1, `README.md` is a dataset card, `CITATION.cff` follows CFF 1.2.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from scorer.domain.rating import Json
from scorer.store import ExportKind, ReleaseHead, Table, open_release, release_schema

TITLE = "AI coverage of O*NET tasks"
MAKERS = "The scorer maintainers"
MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
FRICTIONLESS_TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "number",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "datetime",
    "DATE": "date",
    "JSON": "any",
}


def export_release(release: Path, directory: Path, kind: ExportKind) -> list[Path]:
    """Write every table of a release, and what describes them, into a directory.

    Returns:
        The files: tables first.

    Raises:
        StoreError: the release cannot be read or the directory cannot be written.
    """
    with open_release(release) as reader:
        head = reader.head()
        facts = {"release_id": head.release_id, "content_sha256": head.content_sha256, "attribution": head.attribution}
        tables = reader.export(directory, kind, facts)
    return [*tables, *_described(head, directory, tables, kind)]


def citation(head: ReleaseHead) -> dict[str, str]:
    """How to cite a release: the texts of `CITATION.cff` and `citation.bib`, by file name."""
    return {name: _template(name).render(_facts(head)) for name in ("CITATION.cff", "citation.bib")}


def _described(head: ReleaseHead, directory: Path, tables: Sequence[Path], kind: ExportKind) -> Iterator[Path]:
    rows = {name: stated["rows"] for name, stated in head.manifest["tables"].items()}
    listed = [(table.name, table.comment, rows.get(table.name)) for table in release_schema().tables]
    texts = {
        "datapackage.json": json.dumps(_package(head, tables, kind), indent=2, ensure_ascii=False) + "\n",
        "README.md": _template("card.md").render(_facts(head), kind=kind, tables=listed),
        **citation(head),
    }
    for name, text in texts.items():
        path = directory / name
        path.write_text(text, encoding="utf-8")
        yield path


def _package(head: ReleaseHead, tables: Sequence[Path], kind: ExportKind) -> Json:
    """The descriptor of a Frictionless data package."""
    known = {table.name: table for table in release_schema().tables}
    return {
        "profile": "data-package",
        "name": "onet-ai-coverage",
        "id": head.content_sha256,
        "title": TITLE,
        "version": head.release_id,
        "created": head.created_at.isoformat(),
        "description": head.attribution,
        "resources": [_resource(known[path.stem], path, kind) for path in tables],
    }


def _resource(table: Table, path: Path, kind: ExportKind) -> Json:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    fields = [{"name": c.name, "type": _kind(c.type), "description": c.comment} for c in table.columns]
    return {
        "name": table.name.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource" if kind == "csv" else "data-resource",
        "format": kind,
        "mediatype": MEDIA[kind],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "description": table.comment,
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _kind(duckdb_type: str) -> str:
    return "array" if duckdb_type.endswith("[]") else FRICTIONLESS_TYPES[duckdb_type]


def _facts(head: ReleaseHead) -> Json:
    return {"title": TITLE, "makers": MAKERS, "head": head}


def _template(name: str) -> Template:
    environment = Environment(  # noqa: S701 - plain text, no HTML
        loader=PackageLoader("scorer.publish"), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    return environment.get_template(name)
