"""A model on this machine walks the same road as any other rater."""

import json

import duckdb
import pytest
from road import invented_tasks, scorer, write_onet

from scorer.artefacts import ArtefactCache
from scorer.rubrics import MASS_FLOOR

RATER = "smollm2-135m-instruct"

pytestmark = pytest.mark.skipif(
    ArtefactCache().path(RATER) is None, reason=f"weights absent: scorer artefacts pull {RATER}"
)


@pytest.fixture(scope="module")
def rated(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("embedded")
    onet = write_onet(workspace / "db_30_9_text", invented_tasks(occupations_per_group=1))
    scorer(workspace, "onet", "import", str(onet))
    asked = ("--rater", RATER, "--rubric", "coverage", "--rubric", "exposure", "--sample", "3")
    said = scorer(workspace, "rate", *asked)
    assert said.status == 0, said.err
    return workspace


def test_its_ratings_are_read_by_log_probabilities(rated):
    """Each says how much probability the legal answers held; with enough of it there is a category and a score."""
    with duckdb.connect(rated / ".scorer" / "store.duckdb", read_only=True) as store:
        rows = store.execute(
            "SELECT rubric, status, category, score_expected, probability_mass, input_tokens FROM rating"
        ).fetchall()
    assert len(rows) == 6
    for rubric, status, category, expected, mass, tokens in rows:
        assert tokens > 0
        assert 0 < mass <= 1
        assert status == ("rated" if mass >= MASS_FLOOR else "unparsable")
        assert (category is None) == (expected is None) == (status == "unparsable")
        assert expected is None or 0 <= expected <= (100 if rubric == "coverage@1" else 1)
    assert "rated" in {row[1] for row in rows}


def test_the_engine_is_part_of_the_record_and_no_key_is(rated):
    """Version, threads and context are stored beside the rater; its identity is the sha256 of the weights."""
    with duckdb.connect(rated / ".scorer" / "store.duckdb", read_only=True) as store:
        facts, sha256 = store.execute("SELECT facts::VARCHAR, weights_sha256 FROM rater").fetchone()
    assert json.loads(facts)["n_parallel"] == 1
    assert sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    assert "api_key" not in facts
