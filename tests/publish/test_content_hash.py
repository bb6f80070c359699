"""The content hash: the same for the same content, whenever and wherever it was worked on."""

import re
from datetime import timedelta

from store_samples import MORNING, RATERS, cell, filled_store, rating

from scorer.publish import publish
from scorer.store import open_release


def test_the_same_content_has_the_same_id(store, out):
    """Publishing twice a day from an unchanged store gives one id; other content another."""
    first, second = publish(store, out).release_id, publish(store, out).release_id
    store.ratings.add([rating(cell("1", RATERS[0], repeat=1))])
    assert first == second != publish(store, out).release_id


def test_the_same_work_on_another_day_has_the_same_content(store, out, tmp_path):
    """Runs, times and durations leave the content hash alone; the checksum of the table still sees them."""
    again = filled_store(tmp_path / "again" / "store.duckdb", run_id="run-9", created_at=MORNING + timedelta(days=9))
    publish(store, out)
    publish(again, tmp_path / "again.duckdb")
    with open_release(out) as one, open_release(tmp_path / "again.duckdb") as other:
        first, second = one.head(), other.head()
    assert first.content_sha256 == second.content_sha256
    checksums = [head.manifest["tables"]["rating"]["checksum"] for head in (first, second)]
    assert checksums[0] != checksums[1]


def test_another_answer_is_another_content(store, out):
    """A rating that says something else changes the content hash."""
    publish(store, out)
    with open_release(out) as release:
        before = release.head().content_sha256
    store.ratings.add([rating(cell("1", RATERS[0]), category="100", run_id="run-2")])
    publish(store, out)
    with open_release(out) as release:
        assert release.head().content_sha256 != before


def test_the_manifest_names_the_revision_of_the_program(store, out):
    """From a checkout, the git revision that published; what it was installed from says the version."""
    publish(store, out)
    with open_release(out) as release:
        stated = release.head().manifest["scorer_revision"]
    assert re.fullmatch(r"[0-9a-f]{40}(-changed)?", stated)
