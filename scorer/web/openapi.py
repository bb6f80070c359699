"""The description of the interface for programs (OpenAPI 3.1), made from the same list as its routes."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scorer.domain.rating import Json
from scorer.version import VERSION

PARAMETERS = {
    "q": "A job title, or the beginning of a code.",
    "rubric": "Rubric version, such as coverage@1; default: coverage.",
    "rater": "A rater; default: panel.",
    "measure": "A measure of the rubric; default: the primary one.",
    "group": "SOC major group, two digits.",
    "zone": "Job zone, 1 to 5.",
    "status": "published, held or none.",
    "sort": "score, exposure, title, completeness, employment or wage.",
    "order": "desc (default) or asc.",
}
_IN_PATH = re.compile(r"\{(\w+)\}")


class Endpoint(NamedTuple):
    """One address.

    Attributes:
        under: the name in the answer under which what was asked for stands, beside release_id and attribution.
        parameters: of the query, names of `PARAMETERS`.
    """

    path: str
    summary: str
    under: str
    parameters: Sequence[str] = ()


def description(endpoints: Sequence[Endpoint]) -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "A release of the scorer, read-only",
            "version": VERSION,
            "description": "NULL means that there is no such number; it is never 0. A held score has its reasons.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            **{one.path: {"get": _operation(one)} for one in endpoints},
            "/api/tables/{name}.{kind}": {"get": _file()},
            "/api/tables/{name}.json": {"get": _records()},
        },
    }


def _operation(one: Endpoint) -> Json:
    in_path = [_parameter(name, "path", "Its id.") for name in _IN_PATH.findall(one.path)]
    in_query = [_parameter(name, "query", PARAMETERS[name]) for name in one.parameters]
    answer = {
        "type": "object",
        "required": ["release_id", "attribution", one.under],
        "properties": {
            "release_id": {"type": "string"},
            "attribution": {"type": "array", "items": {"type": "string"}},
            one.under: {"description": one.summary},
        },
    }
    return {
        "summary": one.summary,
        "operationId": re.sub(r"\W+", "_", one.path).strip("_"),
        "parameters": [*in_path, *in_query],
        "responses": {
            "200": {"description": one.summary, "content": {"application/json": {"schema": answer}}},
            "304": {"description": "As it was: the ETag that was sent is that of this release."},
            **({"404": {"description": "There is none of this id."}} if in_path else {}),
        },
    }


def _file() -> Json:
    return {
        "summary": "A table as a file.",
        "operationId": "api_table",
        "parameters": [
            _parameter("name", "path", "A name of /api/tables."),
            {**_parameter("kind", "path", "Kind of file."), "schema": {"enum": ["csv", "parquet", "jsonl"]}},
        ],
        "responses": {"200": {"description": "The file."}, "404": {"description": "There is no such table."}},
    }


def _records() -> Json:
    numbers = {
        "offset": "Records before the first one; default 0.",
        "limit": "Records at most; default 1000, highest 10000.",
    }
    stated: dict[str, Json] = {
        "release_id": {"type": "string"},
        "attribution": {"type": "array", "items": {"type": "string"}},
        "table": {
            "type": "object",
            "description": "Its name, meaning, columns with type and meaning, files, and how many rows it has.",
        },
        "offset": {"type": "integer"},
        "limit": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": "Address of the next part; null at the end."},
        "records": {"type": "array", "items": {"type": "object", "description": "Values by column name."}},
    }
    answer = {"type": "object", "required": [*stated], "properties": stated}
    words = "A part of a table as records, in the order of the release, with what they are a part of."
    return {
        "summary": words,
        "operationId": "api_table_records",
        "parameters": [
            _parameter("name", "path", "A name of /api/tables."),
            *(
                {**_parameter(name, "query", meaning), "schema": {"type": "integer", "minimum": 0}}
                for name, meaning in numbers.items()
            ),
        ],
        "responses": {
            "200": {"description": words, "content": {"application/json": {"schema": answer}}},
            "400": {"description": "offset or limit is no whole number."},
            "404": {"description": "There is no such table."},
        },
    }


def _parameter(name: str, where: str, meaning: str) -> Json:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": meaning,
        "schema": {"type": "string"},
    }
