"""The views for people: a column for each rater, and what moved since the release before."""

from store_samples import FINCH, OWL, RATERS, cell, rating, save_aggregation

from scorer.domain.rating import Rater
from scorer.publish import publish, verify_release
from scorer.store import open_release


def rows(out, query):
    with open_release(out) as release:
        return release.rows(query)


def test_each_rater_has_a_column_of_its_own(store, out):
    """One row an occupation; what is held, and what was never scored, is NULL."""
    publish(store, out)
    assert rows(out, "SELECT * EXCLUDE (rubric, measure) FROM occupation_wide") == [
        {"occupation_code": FINCH, "title": "Lantern Keepers", "panel": None, "good": 40.0, "poor": None},
        {"occupation_code": OWL, "title": "Lantern Carriers", "panel": None, "good": 50.0, "poor": None},
    ]


def test_a_rater_with_an_awkward_name_still_has_a_column(store, out):
    """Names that are columns already, differ in case only, or hold quotes neither fail nor hide another."""
    names = ("title", "Good", "a\"b'c")
    for name in names:
        odd = Rater(name=name, provider="import", model=name)
        store.raters.add([odd])
        store.ratings.add([rating(cell("1", odd)).model_copy(update={"rating_id": name, "raw": ()})])
    publish(store, out)
    (row, _) = rows(out, "FROM occupation_wide")
    assert {"title_2", "a\"b'c", "good"} <= {*row} | {name.lower() for name in row}
    assert row["title"] == "Lantern Keepers"
    assert len(row) == 5 + len(RATERS) + len(names)
    assert verify_release(out) == []


def test_the_first_release_has_nothing_that_moved(store, out):
    """Nothing was replaced, so nothing is a mover."""
    publish(store, out)
    assert rows(out, "FROM previous_score") == rows(out, "FROM mover") == []


def test_a_release_remembers_what_it_replaced(store, out):
    """The published scores of the release before, and by how much they moved; held ones are not among them."""
    before = publish(store, out)
    save_aggregation(store, "a2", score=47.5)
    publish(store, out)
    assert [(m["rater"], m["occupation_code"], m["change"]) for m in rows(out, "FROM mover")] == [
        ("good", FINCH, 7.5),
        ("good", OWL, 0.0),
    ]
    assert {row["release_id"] for row in rows(out, "FROM previous_score")} == {before.release_id}


def test_a_damaged_release_is_replaced_all_the_same(store, out):
    """What cannot be read is no previous release, and no obstacle."""
    out.write_bytes(b"not a database")
    publish(store, out)
    assert rows(out, "FROM previous_score") == []
