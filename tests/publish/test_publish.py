"""A release: the current state of the store, whole or not at all, NULL where there is no number."""

import os
import time

import duckdb
import pytest
from store_samples import (
    FINCH,
    MORNING,
    RATERS,
    SENTENCES,
    cell,
    label,
    onet_release,
    rating,
    ratings,
    save_aggregation,
    save_evaluation,
)

from scorer.domain.catalogue import ReleaseKind
from scorer.domain.evaluation import LabellerKind, LabelOrigin
from scorer.errors import CatalogueError, StoreError
from scorer.publish import PublishOptions, publish, verify_release
from scorer.store import LabelSource, Store, open_release

NUMBERS = "SELECT score, share_50, ci_low, ci_high, rank_low, rank_high FROM occupation_score"


def rows(out, query):
    with open_release(out) as release:
        return [tuple(row.values()) for row in release.rows(query)]


def beside(out):
    return sorted(path.name for path in out.parent.iterdir() if path.name != ".scorer")


def test_a_release_is_sound(store, out):
    """What was just published passes every check."""
    published = publish(store, out)
    assert verify_release(out) == []
    assert published.path == out
    assert published.notes == ()
    assert (published.rows["rating"], published.rows["task"], published.rows["label"]) == (6, 3, 3)
    assert beside(out) == ["results.duckdb"]


def test_a_held_score_is_no_number(store, out):
    """The row of a held score is there with its reasons and without any number; published ones have theirs."""
    publish(store, out)
    assert rows(out, f"{NUMBERS} WHERE rater = 'poor'") == [(None,) * 6]
    assert rows(out, f"{NUMBERS} WHERE rater = 'good' ORDER BY score")[0] == (40.0, 0.5, 30.0, 55.0, None, None)
    assert rows(out, "SELECT n_tasks, reasons FROM occupation_score WHERE status = 'held'") == [
        (2, ["coverage@1: bias outside"])
    ]
    assert rows(out, "SELECT rater, occupation_code, title, reasons FROM held_score") == [
        ("poor", FINCH, "Lantern Keepers", "coverage@1: bias outside")
    ]


def test_a_provisional_release_has_the_held_numbers_and_says_so(store, out):
    """With the numbers comes the word."""
    published = publish(store, out, PublishOptions(provisional=True))
    (held,) = rows(out, f"{NUMBERS} WHERE status = 'held'")
    assert held == (66.0, 0.5, 60.0, 70.0, 1, 2)
    assert rows(out, "SELECT manifest->>'$.options.provisional' FROM release") == [("true",)]
    assert "provisional" in published.notes[0]
    assert verify_release(out) == []


def test_without_statements_no_words_of_others_remain(store, out):
    """No run of eight words of any statement is anywhere in the file; ids, figures and hashes are."""
    publish(store, out, PublishOptions(with_statements=False))
    assert verify_release(out) == []
    with open_release(out) as release:
        tables = {table for table, column in release.columns() if column is None}
        text = " ".join(str(release.rows(f"SELECT * FROM {table}")) for table in tables)  # noqa: S608 - our own names
    for sentence in SENTENCES.values():
        words = sentence.split()
        assert not any(" ".join(words[i : i + 8]) in text for i in range(len(words) - 7))
    assert "Keep lanterns" not in text
    assert "Lantern Keepers" in text
    assert rows(out, "SELECT count(statement_sha256), count(statement) FROM task") == [(3, 0)]
    assert rows(out, "SELECT count(raw), count(rationale), count(problem) FROM rating") == [(0, 0, 0)]


def test_with_statements_ratings_come_back_whole(store, out):
    """Everything about a rating is in the release, so that other programs can start from it."""
    publish(store, out)
    with open_release(out) as release:
        assert {r.rating_id: r for r in release.ratings()} == {r.rating_id: r for r in ratings()}


def test_without_statements_ratings_can_still_be_taken_over(store, out, tmp_path):
    """Their Cells are known to the store that takes them, so that nothing is rated twice."""
    publish(store, out, PublishOptions(with_statements=False))
    other = Store(tmp_path / "other.duckdb")
    with open_release(out) as release:
        assert other.ratings.add(release.ratings()) == 6
    assert other.ratings.known() == store.ratings.known()


def test_null_is_never_zero(store, out):
    """A score of 0 and no score are different things in every table."""
    publish(store, out)
    assert rows(out, "SELECT rater, score FROM task_score ORDER BY rater") == [("good", 0.0), ("poor", None)]
    assert rows(out, "SELECT score FROM rating WHERE status = 'unparsable'") == [(None,)]
    assert rows(out, "SELECT value, reason_undefined IS NOT NULL FROM agreement ORDER BY rater") == [
        (0.5, False),
        (None, True),
    ]
    assert rows(out, "SELECT count(employment), count(median_wage_usd) FROM occupation") == [(0, 0)]


def test_only_the_current_outcomes_are_published(store, out):
    """Earlier evaluations and aggregations stay in the store."""
    save_evaluation(store, "e2")
    save_aggregation(store, "a2")
    publish(store, out)
    assert rows(out, "SELECT count(*) FROM verdict") == [(2,)]
    assert rows(out, "SELECT count(*) FROM occupation_score") == [(3,)]
    assert rows(out, "SELECT manifest->>'$.aggregation.aggregation_id' FROM release") == [("a2",)]


def test_scores_older_than_verdicts_are_not_published(store, out):
    """A release never shows a score beside a Verdict it does not rest on."""
    save_evaluation(store, "e2")
    with pytest.raises(StoreError, match=r"coverage@1 was evaluated after .*run `scorer aggregate`"):
        publish(store, out)
    assert beside(out) == []


def test_texts_of_older_releases_stay_with_their_ratings(store, out):
    """A rating of a reworded or retired task finds its text, marked as not current."""
    older = onet_release("29.0", {"1": "Sort lanterns.", "2": SENTENCES["2"], "9": "Sing.", "8": "Hum."})
    store.catalogue.add(older)
    store.catalogue.add(onet_release("set-a", {"1": SENTENCES["1"]}, ReleaseKind.LABELS))
    store.ratings.add([rating(cell(task_id, RATERS[0], release=older)) for task_id in "129"])
    publish(store, out)
    query = "SELECT task_id, onet_release, is_current FROM task ORDER BY task_id, is_current"
    assert rows(out, query) == [
        ("1", "29.0", False),
        ("1", "30.1", True),
        ("2", "30.1", True),
        ("3", "30.1", True),
        ("9", "29.0", False),
    ]
    assert verify_release(out) == []


def test_credit_goes_to_all_whose_work_is_inside(store, out):
    """The texts' and the labels' credit lines, and nobody else's."""
    store.catalogue.add(onet_release("28.0", {"7": "Unused."}))
    publish(store, out)
    (attribution,) = rows(out, "SELECT attribution FROM release")[0]
    assert attribution.splitlines() == ["Credit for 30.1.", "Labels: the lantern society."]


def test_the_manifest_says_what_it_was_made_from(store, out):
    """Inputs with hashes, raters with settings, evaluation and aggregation with seeds, versions, rows."""
    publish(store, out, facts={"settings_sha256": "s"})
    with open_release(out) as release:
        head = release.head()
    manifest = head.manifest
    assert manifest["catalogue"][0]["sha256"] == onet_release().sha256
    assert [r["rater"] for r in manifest["raters"]] == ["good", "poor"]
    assert manifest["raters"][0]["params"] == {"temperature": 0.0}
    assert manifest["evaluations"][0]["seed"] == manifest["aggregation"]["seed"] == 7
    assert manifest["label_sets"][0]["n_labels"] == 3
    assert manifest["tables"]["rating"]["rows"] == 6
    assert manifest["facts"] == {"settings_sha256": "s"}
    assert manifest["duckdb_version"] == duckdb.__version__
    assert head.policy_hash == "p" * 64
    assert head.release_id.startswith(f"{head.created_at:%Y%m%d}-")


def test_the_median_of_the_labels_is_gold(store, out):
    """Persons before models, and what was adjudicated before the median of either."""
    more = [
        label("2", "0", "bob"),
        label("2", "50", "cat"),
        label("3", "100", "gpt", labeller_kind=LabellerKind.MODEL),
        label("1", "100", "gpt", labeller_kind=LabellerKind.MODEL),
        label("1", "100", "eve", origin=LabelOrigin.REVIEW),
    ]
    store.labels.add("set-a", more, LabelSource(source="invented"))
    publish(store, out)
    query = "SELECT task_id, labeller_kind, category, score, n_labellers, rule FROM gold_label ORDER BY task_id"
    assert rows(out, query) == [
        ("1", "person", "100", 100.0, 2, "adjudicated"),
        ("2", "person", "50", 50.0, 3, "median"),
        ("3", "model", "100", 100.0, 1, "single"),
    ]


def test_every_word_of_documentation_is_in_the_file(store, out):
    """COMMENTs and data_dictionary say the same, about every table, view and column."""
    publish(store, out)
    with open_release(out) as release:
        present = release.columns()
    stated = rows(out, "SELECT table_name, column_name, type, comment FROM data_dictionary")
    assert {(table, column): (kind, comment) for table, column, kind, comment in stated} == present


def test_the_ranking_is_of_published_scores(store, out):
    """Best first, with titles; what is held has no place."""
    publish(store, out)
    assert rows(out, "SELECT place, title, score FROM occupation_ranking") == [
        (1, "Lantern Carriers", 50.0),
        (2, "Lantern Keepers", 40.0),
    ]


def test_a_failed_publication_leaves_the_old_release(store, out, monkeypatch):
    """Whatever goes wrong, the old file is as it was and nothing lies beside it."""
    publish(store, out)
    before = out.read_bytes()
    monkeypatch.setattr("scorer.publish.release._head", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        publish(store, out)
    assert out.read_bytes() == before
    assert beside(out) == ["results.duckdb"]
    assert store.ratings.add([rating(cell("3", RATERS[0], repeat=2))]) == 1


def test_what_a_killed_publication_left_is_swept_away(store, out):
    """Old leftovers go; fresh ones may belong to somebody at work and stay."""
    old, fresh = (out.with_name(f".results.duckdb.tmp-{n}") for n in "12")
    for leftover in (old, fresh):
        leftover.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    publish(store, out)
    assert beside(out) == [".results.duckdb.tmp-2", "results.duckdb"]


def test_ratings_alone_can_be_published(tmp_path, out):
    """Before anything was evaluated a release holds the ratings, no score, and says what is missing."""
    store = Store(tmp_path / "store.duckdb")
    store.catalogue.add(onet_release())
    store.raters.add(RATERS)
    store.ratings.add([rating(cell("1", RATERS[0]), created_at=MORNING)])
    published = publish(store, out)
    assert published.rows["rating"] == 1
    assert published.rows["occupation_score"] == 0
    assert [note.split(",")[0] for note in published.notes] == [
        "nothing was aggregated yet",
        "nothing was evaluated yet",
    ]


def test_without_a_catalogue_there_is_nothing_to_publish(tmp_path, out):
    """The message says how to begin."""
    with pytest.raises(CatalogueError, match="scorer onet import"):
        publish(Store(tmp_path / "store.duckdb"), out)
