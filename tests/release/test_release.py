"""The Python interface: whole tables for Arrow, pandas and polars, NULL as NULL, and errors that say what there is."""

import doctest
import subprocess
import sys

import pandas as pd
import polars as pl
import pytest
from store_samples import FINCH, OWL, filled_store

import scorer
from scorer import release as module
from scorer.errors import StoreError
from scorer.publish import publish


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    directory = tmp_path_factory.mktemp("release")
    publish(filled_store(directory / "store.duckdb"), directory / "results.duckdb")
    return directory / "results.duckdb"


@pytest.fixture
def release(path):
    with scorer.open_release(path) as opened:
        yield opened


def test_the_examples_of_the_documentation_are_true(path, monkeypatch):
    """What the docstrings show is what comes out."""
    monkeypatch.chdir(path.parent)
    found = doctest.testmod(module)
    assert found.attempted >= 4
    assert found.failed == 0


def test_tables_come_whole(release):
    """Occupations, current tasks and ratings, all or those that are asked for."""
    assert release.occupations()["occupation_code"].to_pylist() == [FINCH, OWL]
    assert release.tasks().num_rows == 3
    assert release.tasks(OWL)["task_id"].to_pylist() == ["3"]
    assert release.ratings().num_rows == 6
    assert release.ratings("coverage", "poor").num_rows == release.ratings("coverage@1", "poor").num_rows == 3
    assert release.ratings("cover").num_rows == 0


def test_a_held_score_is_missing_in_pandas_and_in_polars(release):
    """NULL is NaN to pandas and null to polars, never 0, and the reasons come with it."""
    scores = release.scores("coverage", "poor")
    assert pd.isna(scores.to_pandas().loc[0, "score"])
    frame = pl.from_arrow(scores)
    assert frame["score"].to_list() == [None]
    assert frame["reasons"].to_list() == [["coverage@1: bias outside"]]


def test_a_name_is_no_way_into_the_query(release):
    """A table that is none is refused with those that are; text from outside stays a parameter."""
    with pytest.raises(StoreError, match=r"no table `rating; DROP TABLE task`; it has .*agreement"):
        release.table("rating; DROP TABLE task")
    assert release.tasks("' OR true --").num_rows == 0
    assert release.table("data_dictionary").num_rows > 100


def test_a_release_says_what_it_is_and_how_to_cite_it(release):
    """Id, credit and a BibTeX entry are at hand."""
    assert release.head.onet_release == "30.1"
    assert "Credit for 30.1." in release.attribution
    assert release.head.release_id in release.cite()


def test_what_is_no_release_is_an_error_of_ours(tmp_path):
    """A missing file names the path and what to do."""
    with pytest.raises(StoreError, match="there is no release"):
        scorer.open_release(tmp_path / "none.duckdb")


def test_importing_the_package_loads_no_database():
    """`import scorer` is quick: DuckDB and Arrow come with the first release that is opened."""
    program = "import sys, scorer; print(sorted({'duckdb', 'pyarrow', 'openai'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_what_the_package_does_not_have_is_an_attribute_error():
    """A name that was never there fails as Python's own do."""
    with pytest.raises(AttributeError, match="no attribute 'open_results'"):
        _ = scorer.open_results
