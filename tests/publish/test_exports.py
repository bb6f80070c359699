"""A release as plain files: every row, described, citable, and harmless in a spreadsheet."""

import csv
import hashlib
import json

import duckdb
import pytest
import yaml
from store_samples import RATERS, cell, filled_store, rating

from scorer.publish import export_release, publish
from scorer.store import release_schema

BESIDE = {"datapackage.json", "README.md", "CITATION.cff", "citation.bib"}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release with a rationale that a spreadsheet would run."""
    directory = tmp_path_factory.mktemp("exports")
    store = filled_store(directory / "store.duckdb")
    hostile = rating(cell("1", RATERS[0], repeat=1)).model_copy(update={"rationale": '=HYPERLINK("http://x","y")'})
    store.ratings.add([hostile])
    publish(store, directory / "results.duckdb")
    return directory / "results.duckdb"


@pytest.mark.parametrize(("kind", "read"), [("parquet", "read_parquet"), ("csv", "read_csv"), ("jsonl", "read_json")])
def test_every_table_is_a_file_that_others_read(release, tmp_path, kind, read):
    """One file a table and view with every row; beside them a description, a card and a citation."""
    written = export_release(release, tmp_path, kind)
    names = {table.name for table in release_schema().tables}
    assert {path.name for path in written} == {*(f"{name}.{kind}" for name in names), *BESIDE}
    assert duckdb.execute(f"SELECT count(*) FROM {read}('{tmp_path}/rating.{kind}')").fetchall() == [(7,)]  # noqa: S608 - our own names
    assert not list(tmp_path.glob(".*"))


def test_a_formula_in_a_csv_is_text(release, tmp_path):
    """What a spreadsheet would run begins with an apostrophe; lists are JSON, and NULL is an empty field."""
    export_release(release, tmp_path, "csv")
    with (tmp_path / "rating.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["rationale"] for row in rows if "HYPERLINK" in row["rationale"]] == ['\'=HYPERLINK("http://x","y")']
    assert {row["score"] for row in rows if row["status"] != "rated"} == {""}
    with (tmp_path / "occupation_score.csv").open(encoding="utf-8", newline="") as file:
        held = [json.loads(row["reasons"]) for row in csv.DictReader(file) if row["status"] == "held"]
    assert held == [["coverage@1: bias outside"]]


def test_the_data_package_describes_each_file(release, tmp_path):
    """Sizes and hashes are those of the files; every column has a type and a meaning."""
    export_release(release, tmp_path, "csv")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {t.name + ".csv" for t in release_schema().tables}
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])
        header = content.decode().splitlines()[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]


def test_parquet_files_say_which_release_they_are_of(release, tmp_path):
    """Id, hash of the content and credit stand in the metadata of each file."""
    export_release(release, tmp_path, "parquet")
    query = f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{tmp_path}/occupation_score.parquet')"  # noqa: S608 - our own names
    stated = dict(duckdb.execute(query).fetchall())
    with duckdb.connect(release, read_only=True) as con:
        head = con.execute("SELECT release_id, content_sha256, attribution FROM release").fetchone()
    assert (stated["release_id"], stated["content_sha256"], stated["attribution"]) == head


def test_a_citation_names_the_release(release, tmp_path):
    """CFF is YAML with the keys that it must have; BibTeX has balanced braces; both name id and hash."""
    export_release(release, tmp_path, "jsonl")
    with duckdb.connect(release, read_only=True) as con:
        release_id, content = con.execute("SELECT release_id, content_sha256 FROM release").fetchone()
    stated = yaml.safe_load((tmp_path / "CITATION.cff").read_text(encoding="utf-8"))
    assert (stated["cff-version"], stated["type"], stated["version"]) == ("1.2.0", "dataset", release_id)
    assert stated["identifiers"][0]["value"] == f"sha256:{content}"
    bib = (tmp_path / "citation.bib").read_text(encoding="utf-8")
    assert bib.count("{") == bib.count("}")
    assert content in bib
    assert release_id in bib


def test_the_card_shows_the_credit(release, tmp_path):
    """Whoever gets the files gets the credit lines and the warning about NULL with them."""
    export_release(release, tmp_path, "csv")
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "Credit for 30.1." in card
    assert "never 0" in card
