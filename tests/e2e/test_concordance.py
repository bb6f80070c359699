"""An index of others is brought in, laid beside our scores, and published with its credit."""

import csv

import duckdb
import pytest
from shared_data import SHARED, needs_shared
from store_samples import FINCH, OWL, filled_store


@pytest.fixture
def filled(command):
    """A workspace with scores of two occupations."""
    filled_store(command.workspace / ".scorer" / "store.duckdb")
    return command


def write(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("soc", "value"), *rows])
    return path


def test_an_index_is_imported_shown_and_published(filled):
    """Good rows enter, a bad one is named with its line; the release has the concordance and the credit."""
    file = write(filled.workspace / "theirs.csv", [(FINCH, "0.5"), (OWL, "0.7"), ("99-9999.00", "much")])
    said = filled("concordance", "import", file, "--code", "soc", "--score", "value", "--credit", "Theirs, 2026.")
    assert said.status == 1
    assert "line 4: 99-9999.00: `much` is no number" in said.err
    (pearson, _) = filled("concordance", "show", "--json").json()
    assert (pearson["index"], pearson["value"], pearson["pairs"], pearson["in_index"]) == ("theirs", None, 2, 2)
    assert filled("publish").status == 0
    with duckdb.connect(filled.workspace / "results.duckdb", read_only=True) as con:
        assert con.execute("SELECT count(*), any_value(reason_undefined) FROM concordance").fetchone() == (
            2,
            "too few pairs",
        )
        assert "Theirs, 2026." in con.execute("SELECT attribution FROM release").fetchone()[0]


def test_a_file_without_the_columns_says_what_it_has(filled):
    """The message names the missing column, those that are there, and the options."""
    file = write(filled.workspace / "theirs.csv", [(FINCH, "0.5")])
    assert "no column `O*NET-SOC Code`; it has soc, value; see --code" in filled.fails("concordance", "import", file)


def test_without_an_index_there_is_advice(filled):
    """Nothing to compare with: one line that says how to bring one in."""
    assert "scorer concordance import" in filled.fails("concordance", "show")


@needs_shared
def test_the_published_scores_of_eloundou_are_six_indices(filled):
    """All 923 occupations of each of the six published columns are read from a local copy."""
    copy = SHARED / "data" / "labels" / "gpts_are_gpts" / "occ_level.csv"
    said = filled("concordance", "import", "gpts-are-gpts-occupations", "--path", copy, "--json")
    assert {(one["index"], one["occupations"], one["refused"]) for one in said.json()} == {
        (f"eloundou-{who}-{measure}", 923, 0) for who in ("human", "gpt4") for measure in ("alpha", "beta", "zeta")
    }
