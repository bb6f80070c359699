"""Releases side by side, each as it came."""

import pytest
from store_samples import SENTENCES, onet_release

from scorer.domain.catalogue import ReleaseKind
from scorer.errors import CatalogueError, StoreError
from scorer.store import Store


@pytest.fixture
def catalogue(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store.catalogue


def test_a_release_comes_back_as_it_came(catalogue):
    """Nothing is lost, added or reordered, and what was unknown is unknown."""
    assert catalogue.add(onet_release())
    assert catalogue.load("30.1") == onet_release()


def test_the_same_release_again_changes_nothing(catalogue):
    """Adding the same content under the same name is no error and no second copy."""
    catalogue.add(onet_release())
    assert not catalogue.add(onet_release())
    assert catalogue.load() == onet_release()


def test_other_content_under_a_known_name_is_refused(catalogue):
    """A release never changes; the message says how to go on."""
    catalogue.add(onet_release())
    with pytest.raises(StoreError, match=r"30\.1 .*other content.*--workspace DIR"):
        catalogue.add(onet_release(sentences={"1": "Another sentence."}))
    assert catalogue.load() == onet_release()


def test_the_current_release_is_the_newest_of_onet(catalogue):
    """30.1 is newer than 9.2 and 26.1, and a label set is never current beside O*NET."""
    for name in ("9.2", "30.1", "26.1"):
        catalogue.add(onet_release(name))
    catalogue.add(onet_release("99-labels", kind=ReleaseKind.LABELS))
    assert catalogue.load().name == "30.1"
    assert [s.name for s in catalogue.summaries()] == ["30.1", "26.1", "9.2", "99-labels"]
    assert [s.name for s in catalogue.summaries() if s.is_current] == ["30.1"]


def test_the_only_release_is_current_whatever_its_kind(catalogue):
    """A workspace that knows the tasks of one label set only means these."""
    catalogue.add(onet_release("labels", kind=ReleaseKind.LABELS))
    assert catalogue.load().name == "labels"


def test_two_label_sets_leave_it_open_which_is_meant(catalogue):
    """Nobody guesses between two."""
    for name in ("one", "two"):
        catalogue.add(onet_release(name, kind=ReleaseKind.LABELS))
    with pytest.raises(CatalogueError, match="say which"):
        catalogue.load()


def test_an_empty_workspace_says_how_to_begin(catalogue):
    """The message is a command."""
    with pytest.raises(CatalogueError, match="scorer onet import PATH"):
        catalogue.load()


def test_an_unknown_release_names_the_known_ones(catalogue):
    """Who mistypes sees what there is."""
    catalogue.add(onet_release())
    with pytest.raises(CatalogueError, match=r"no release 31\.0 here, but 30\.1"):
        catalogue.load("31.0")


def test_a_summary_counts_what_is_there(catalogue):
    """Two occupations with tasks, three tasks, one of them core."""
    catalogue.add(onet_release())
    (summary,) = catalogue.summaries()
    figures = (summary.n_occupations, summary.n_occupations_with_tasks, summary.n_tasks, summary.n_core)
    assert figures == (2, 2, len(SENTENCES), 1)
    assert summary.notes == ("a note",)
