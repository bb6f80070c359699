"""Labels: changed ones are appended, none is lost."""

import pytest
from store_samples import label

from scorer.domain.evaluation import LabelOrigin
from scorer.errors import LabelError
from scorer.store import LabelSource, Store

SOURCE = LabelSource(source="labels.csv", sha256="ab" * 32, credit="Credit.")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store


def test_labels_come_back_as_they_were(store):
    """Every field, times included; what is unknown stays unknown."""
    given = [label("1", "0"), label("2", "50", note=None, created_at=None)]
    assert store.labels.add("set-a", given, SOURCE) == 2
    assert store.labels.load("coverage@1") == given
    assert store.labels.load("coverage@1", "set-b") == []
    assert store.labels.load("exposure@1") == []


def test_the_same_file_again_adds_nothing(store):
    """An import may be repeated, and the time of the import alone is no change."""
    store.labels.add("set-a", [label("1", "0")], SOURCE)
    assert store.labels.add("set-a", [label("1", "0"), label("1", "0", created_at=None)], SOURCE) == 0
    assert store.counts()["label"] == store.counts()["label_set"] == 1


def test_a_changed_label_counts_and_the_old_one_stays(store):
    """Also when a labeller changes back."""
    for category in ("0", "50", "0"):
        assert store.labels.add("set-a", [label("1", category)], SOURCE) == 1
        assert [found.category for found in store.labels.load("coverage@1")] == [category]
    assert store.counts()["label"] == 3


def test_a_review_does_not_replace_a_label(store):
    """A resolution stands beside the label of the same labeller."""
    store.labels.add("set-a", [label("1", "0")], SOURCE)
    store.labels.add("set-a", [label("1", "100", origin=LabelOrigin.REVIEW)], SOURCE)
    assert [found.category for found in store.labels.load("coverage@1")] == ["0", "100"]


def test_sets_are_counted_by_what_is_current(store):
    """Superseded labels are not counted twice."""
    store.labels.add("set-a", [label("1", "0"), label("1", "50", "bob")], SOURCE)
    store.labels.add("set-a", [label("1", "100")], SOURCE)
    store.labels.add("set-b", [label("2", "0", label_set="set-b")], LabelSource(source="b"))
    first, second = store.labels.sets()
    assert (first.name, first.n_labels, first.n_tasks, first.labellers) == ("set-a", 2, 1, ("ann", "bob"))
    assert (first.credit, first.labeller_kinds, first.rubrics) == ("Credit.", ("person",), ("coverage@1",))
    assert (second.name, second.credit) == ("set-b", None)


def test_labels_of_another_set_are_refused(store):
    """A set holds its own labels only, and nothing of a refused batch stays."""
    with pytest.raises(LabelError, match="labels of set-b cannot enter the set set-a"):
        store.labels.add("set-a", [label("1", "0"), label("1", "0", label_set="set-b")], SOURCE)
    assert store.labels.sets() == []
