"""Verification: a release that was changed, or contradicts itself, is found out."""

import duckdb
import pytest
from store_samples import filled_store, occupation_score, onet_release

from scorer.errors import StoreCorruptError, StoreError, StoreTooNewError
from scorer.publish import Severity, publish, verify_release
from scorer.store import AggregationRecord


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    directory = tmp_path_factory.mktemp("verify")
    publish(filled_store(directory / "store.duckdb"), directory / "results.duckdb")
    return (directory / "results.duckdb").read_bytes()


@pytest.fixture
def release(tmp_path, published):
    path = tmp_path / "results.duckdb"
    path.write_bytes(published)
    return path


def tamper(release, *statements):
    with duckdb.connect(release) as con:
        for statement in statements:
            con.execute(statement)


TAMPERED = {
    "rated means a score": "UPDATE rating SET score = NULL WHERE status = 'rated'",
    "no score from nothing": "UPDATE task_score SET score = 0 WHERE n = 0",
    "held is no number": "UPDATE occupation_score SET score = 66 WHERE status = 'held'",
    "published means passed": "UPDATE verdict SET decision = 'HOLD'",
    "shares are shares": "UPDATE occupation_score SET completeness = 1.5",
    "undefined has a reason": "UPDATE agreement SET reason_undefined = NULL WHERE value IS NULL",
    "statements are what was hashed": "UPDATE task SET statement = 'Another sentence.' WHERE task_id = '1'",
    "current tasks are of the current release": "UPDATE task SET is_current = false",
    "a rubric version has one text": "UPDATE rubric SET sha256 = 'other'",
    "cell hashes are hashes": "UPDATE rating SET cell_hash = NULL WHERE task_id = '1'",
    "cell hashes follow from what was sent": "UPDATE rating SET cell_hash = sha256(task_id)",
    "rated texts are here": "UPDATE rating SET statement_sha256 = 'none' WHERE task_id = '1'",
    "rating is unique": "INSERT INTO rating SELECT * FROM rating LIMIT 1",
    "occupation_score is unique": "INSERT INTO occupation_score SELECT * FROM occupation_score LIMIT 1",
    "rating.task_id is known": "UPDATE rating SET task_id = '99'",
    "rating.rater is known": "DELETE FROM rater WHERE rater = 'poor'",
    "rating.rubric is known": "DELETE FROM rubric",
    "label.task_id is known": "UPDATE label SET task_id = '99'",
    "task.occupation_code is known": "DELETE FROM occupation",
    "numbers are numbers": "UPDATE task_score SET score = 'nan' WHERE n = 1",
    "attribution": "UPDATE release SET attribution = ' '",
    "no paths": """UPDATE release SET manifest = '{"facts": "/srv/somewhere/store.duckdb"}'""",
    "task without statements": """UPDATE release SET manifest = '{"options": {"with_statements": false}}'""",
    "unchanged": "UPDATE occupation_score SET score = score + 1 WHERE score = 40",
    "documented": "COMMENT ON COLUMN rating.score IS NULL",
}


def test_an_untouched_release_is_sound(release):
    """Nothing is found where nothing is wrong."""
    assert verify_release(release) == []


@pytest.mark.parametrize("check", TAMPERED)
def test_what_was_changed_is_found(release, check):
    """Each change breaks the rule it is meant to break, by that name."""
    tamper(release, TAMPERED[check])
    assert check in {finding.check for finding in verify_release(release)}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("ALTER TABLE rating DROP COLUMN occasion", "rating.occasion is missing"),
        ("DROP VIEW occupation_ranking", "occupation_ranking is missing"),
        ("ALTER TABLE task ALTER importance TYPE VARCHAR", "task.importance is VARCHAR instead of DOUBLE"),
    ],
)
def test_what_is_not_as_documented_is_named(release, statement, message):
    """A missing table, view or column or another type is said by name."""
    tamper(release, statement)
    assert message in [finding.message for finding in verify_release(release)]


def test_errors_come_before_warnings(release):
    """A reader sees first what makes the release unusable."""
    tamper(release, TAMPERED["rated texts are here"], TAMPERED["attribution"])
    severities = [finding.severity for finding in verify_release(release)]
    assert severities == sorted(severities)
    assert {*severities} == {Severity.ERROR, Severity.WARNING}


def test_examples_are_few(release):
    """Many offending rows are three examples and a number."""
    tamper(release, "UPDATE rating SET cell_hash = 'x'")
    (finding,) = [f for f in verify_release(release) if f.check == "cell hashes are hashes"]
    assert finding.message.endswith(" and 3 more")


def test_a_score_nobody_passed_for_is_found_before_any_tampering(tmp_path):
    """Also what the scorer itself published is held against the Verdicts."""
    store = filled_store(tmp_path / "store.duckdb")
    record = AggregationRecord(aggregation_id="a2", onet_release=onet_release().name, weights="core2")
    store.outcomes.save_aggregation(record, [], [], [occupation_score("15-0000.01", "poor", 3.0)], [])
    publish(store, tmp_path / "results.duckdb")
    assert [f.check for f in verify_release(tmp_path / "results.duckdb")] == ["published means passed"]


def test_no_file_is_no_release(tmp_path):
    """The message says what to run."""
    with pytest.raises(StoreError, match=r"no release .*run `scorer publish`"):
        verify_release(tmp_path / "results.duckdb")


def test_a_store_is_no_release(tmp_path):
    """The working store is refused by name."""
    filled_store(tmp_path / "store.duckdb")
    with pytest.raises(StoreCorruptError, match="but no release"):
        verify_release(tmp_path / "store.duckdb")


def test_half_a_release_is_damaged(release):
    """A torn file is said to be damaged, with what to do."""
    release.write_bytes(release.read_bytes()[:40_000])
    with pytest.raises(StoreCorruptError, match=r"damaged .*publish it anew"):
        verify_release(release)


def test_a_release_of_a_newer_major_version_is_not_read(release):
    """Tables whose meaning may have changed are not interpreted."""
    tamper(release, "UPDATE release SET schema_version = '2.0.0'")
    with pytest.raises(StoreTooNewError, match="install a newer scorer"):
        verify_release(release)
