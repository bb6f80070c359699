"""The interface for programs, and what machines are told of the release."""

import csv
import io
import json
import re

import pyarrow.parquet as pq
import pytest
from store_samples import FINCH

from scorer.store import release_schema


def test_the_description_names_every_endpoint_and_each_answers(client):
    """What OpenAPI describes is there: each path without an id answers as described."""
    described = client.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        asked = path.format(code=FINCH, task_id="1", name="task", kind="csv")
        answer = client.get(asked)
        assert answer.status_code == 200, path
        schema = operations["get"]["responses"]["200"].get("content", {}).get("application/json", {}).get("schema")
        if schema:
            assert set(schema["required"]) <= set(answer.json())
        named = {one["name"] for one in operations["get"]["parameters"] if one["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))


def test_held_scores_are_null_with_reasons(client):
    """A program gets no number of a held score either."""
    (row,) = client.get("/api/occupations?rater=poor&status=held").json()["occupations"]
    assert (row["score"], row["ci_low"], row["share_50"]) == (None, None, None)
    assert row["reasons"] == ["coverage@1: bias outside"]


def test_every_table_can_be_had_in_every_form(client):
    """Each table and view of the release comes as CSV, Parquet, JSON and JSON lines, with its rows."""
    named = client.get("/api/tables").json()["tables"]
    assert {one["name"] for one in named} == {table.name for table in release_schema().tables} | {"occupation_wide"}
    for form in ("csv", "parquet", "jsonl", "json"):
        assert all(client.get(one["files"][form]).status_code == 200 for one in named)
    rows = len(list(csv.DictReader(io.StringIO(client.get("/api/tables/rating.csv").text))))
    parquet = pq.read_table(io.BytesIO(client.get("/api/tables/rating.parquet").content))
    lines = client.get("/api/tables/rating.jsonl").text.splitlines()
    assert rows == parquet.num_rows == len(lines) == 6


def test_a_table_as_json_comes_in_parts_that_say_what_they_are(client):
    """Records by column name, with the meaning of the columns, the credit, and the address of the next part."""
    parts = [client.get("/api/tables/rating.json?limit=4").json()]
    while parts[-1]["next"]:
        parts.append(client.get(parts[-1]["next"]).json())
    assert [len(part["records"]) for part in parts] == [4, 2]
    assert parts[0]["table"]["rows"] == len({one["rating_id"] for part in parts for one in part["records"]}) == 6
    assert [one["name"] for one in parts[0]["table"]["columns"]] == list(parts[0]["records"][0])
    assert parts[0]["attribution"]
    assert client.get("/api/tables/rating.json?offset=-1").status_code == 400


def test_robots_and_gatherers_are_told(client):
    """robots.txt is there, and the home page carries the release as a schema.org Dataset."""
    assert client.get("/robots.txt").text.startswith("User-agent: *")
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/").text)
    about = json.loads(told)
    assert about["@type"] == "Dataset"
    assert "Credit for 30.1." in about["creditText"]


@pytest.mark.parametrize("path", ["/api/tasks/none", "/api/occupations/none", "/api/tables/none.csv"])
def test_errors_are_json_too(client, path):
    """What is not there is a 404 with one line of JSON."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "none" in answer.json()["error"]
