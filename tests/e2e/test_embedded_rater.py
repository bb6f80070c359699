"""A model on this machine walks the same road as any other rater."""

import hashlib
import json
import shutil

import duckdb
import pytest
from road import invented_tasks, scorer, write_onet

from scorer.artefacts import ArtefactCache

RATER = "smollm2-135m-instruct"
OWN = """
[raters.own]
provider = "embedded"
model = "own.gguf"
answer = "probes"
probes = ["half"]
examples = {examples}
cuts."exposure@1" = [0.0, 1.0]
"""

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
    """Each keeps the log-odds of its probe, the mass they were read from, and a category that follows from the cuts."""
    with duckdb.connect(rated / ".scorer" / "store.duckdb", read_only=True) as store:
        rows = store.execute(
            "SELECT rubric, status, score, score_expected, probability_mass, readings::VARCHAR, raw::VARCHAR "
            "FROM rating_whole"
        ).fetchall()
        reading = json.loads(store.execute("SELECT reading::VARCHAR FROM rater_current").fetchone()[0])
    assert len(rows) == 6
    for rubric, status, score, expected, mass, readings, raw in rows:
        assert status == "rated"
        assert 0 < mass <= 1
        (odds,) = json.loads(readings).values()
        numbers = (0, 25, 50, 75, 100) if rubric == "coverage@1" else (0, 0.5, 1)
        assert score == numbers[sum(odds > cut for cut in reading["cuts"][rubric])]
        assert numbers[0] < expected < numbers[-1]
        assert [one["probe"] for one in json.loads(raw)] == ["half"]


def test_the_engine_is_part_of_the_record_and_no_key_is(rated):
    """Version, threads and context are stored beside the rater; its identity is the sha256 of the weights."""
    with duckdb.connect(rated / ".scorer" / "store.duckdb", read_only=True) as store:
        facts, sha256 = store.execute("SELECT facts::VARCHAR, weights_sha256 FROM rater").fetchone()
    assert json.loads(facts)["n_parallel"] == 1
    assert sha256 == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    assert "api_key" not in facts


def test_reasons_come_after_the_fact_and_change_nothing(rated, tmp_path):
    """A reason is a further row about the same Cell, marked illustrative; asked for again nothing is added."""
    shutil.copytree(rated, tmp_path / "w")
    asked = ("ratings", "illustrate", "--rater", RATER, "--rubric", "exposure", "--sample", "1")

    first, second = scorer(tmp_path / "w", *asked), scorer(tmp_path / "w", *asked)

    assert (first.status, second.status) == (0, 0), first.err
    assert second.out.startswith("0 reasons")
    with duckdb.connect(tmp_path / "w" / ".scorer" / "store.duckdb", read_only=True) as store:
        ((rationale, category, before, raw),) = store.execute(
            "SELECT n.rationale, n.category, o.category, n.raw::VARCHAR FROM rating_whole n "
            "JOIN rating o ON o.rating_id = n.derived_from AND o.cell_hash = n.cell_hash "
            "WHERE n.evidence = 'illustrative'"
        ).fetchall()
    assert rationale
    assert category == before
    assert [one.get("purpose") for one in json.loads(raw)] == [None, "rationale"]


def base_model(weights, path):
    """The same weights without their chat template: its key is renamed, letter for letter."""
    content = weights.read_bytes()
    key = b"tokenizer.chat_template"
    assert content.count(key) == 1
    path.write_bytes(content.replace(key, b"tokenizer.chat_templatX"))


def test_weights_of_ones_own_are_a_rater_and_a_base_model_needs_examples(rated, tmp_path):
    """A GGUF file by path is identified by its bytes; without a chat template it is shown examples, or not asked."""
    shutil.copytree(rated, tmp_path / "w")
    workspace = tmp_path / "w"
    base_model(ArtefactCache().require(RATER), workspace / "own.gguf")
    asked = ("rate", "--rater", "own", "--rubric", "exposure", "--sample", "2")

    (workspace / "scorer.toml").write_text(OWN.format(examples="false"))
    refused = scorer(workspace, *asked)
    (workspace / "scorer.toml").write_text(OWN.format(examples="true"))
    without_probes = scorer(workspace, "rate", "--rater", "own", "--rubric", "automation", "--sample", "2")
    said = scorer(workspace, *asked)

    assert refused.status == without_probes.status == 3
    assert "a base model (no chat template)" in refused.err
    assert "automation@1 has no probes" in without_probes.err
    assert said.status == 0, said.err
    with duckdb.connect(workspace / ".scorer" / "store.duckdb", read_only=True) as store:
        facts, sha256, model = store.execute(
            "SELECT facts::VARCHAR, weights_sha256, model FROM rater_current WHERE rater = 'own'"
        ).fetchone()
        (raw,) = store.execute("SELECT raw::VARCHAR FROM rating_whole WHERE rater = 'own' LIMIT 1").fetchone()
    assert json.loads(facts)["prompt"] == "transcript"
    assert sha256 == hashlib.sha256((workspace / "own.gguf").read_bytes()).hexdigest()
    assert model == "own.gguf"
    assert [m["role"] for m in json.loads(raw)[0]["request"]["messages"]][-3:] == ["user", "assistant", "user"]
