"""Texts of others on the pages: shown, never obeyed."""

import pytest
from store_samples import RATERS, cell, label, onet_release, rating, rubric
from web_client import client_of

from scorer.publish import PublishOptions, publish
from scorer.store import LabelSource, Store
from scorer.web import make_app

SCRIPT = "</title><script>alert(1)</script><img src=x onerror=alert(2)>"
BIDI = "\u202e\x1b[31m"
LONG = "long " * 200_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A release whose title, statement, rationale, label and alternate texts are all hostile."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    sentences = {"1": f"{SCRIPT}{BIDI} is the task of the day, and it goes on for some words."}
    catalogue = onet_release(sentences=sentences)
    named = tuple(one.model_copy(update={"title": f"Keepers {SCRIPT}{BIDI}"}) for one in catalogue.occupations)
    catalogue = catalogue.model_copy(update={"occupations": named})
    store = Store(tmp_path / "store.duckdb", wait_s=5)
    with store.held():
        store.catalogue.add(catalogue)
        store.rubrics.add([rubric()])
        store.raters.add(RATERS)
        made = rating(cell("1", RATERS[0], release=catalogue))
        store.ratings.add([made.model_copy(update={"rationale": f"{SCRIPT}{LONG}", "served_model": SCRIPT})])
        store.labels.add("set-a", [label("1", "50", note=SCRIPT)], LabelSource(source="invented", credit=SCRIPT))
    publish(store, tmp_path / "results.duckdb", PublishOptions())
    with client_of(make_app(tmp_path / "results.duckdb")) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/?q=keepers", "/occupations/15-0000.01", "/tasks/1", "/raters", "/models.svg"])
def test_hostile_texts_are_text(hostile, path):
    """No element, no control or bidi character of a text reaches a page, and a megabyte is cut."""
    page = hostile.get(path)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert not set(BIDI) & set(page.text) - set("[31m")
    assert len(page.content) < 400_000


@pytest.mark.parametrize(
    "path",
    [
        "/?q=%3Cscript%3Ealert(1)%3C/script%3E&rubric=%27;DROP%20TABLE%20task;--&group=%22%3E",
        "/occupations/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/tasks/1'%20OR%20'1'='1",
        "/api/tables/..%2F..%2Fetc%2Fpasswd.csv",
        "/api/tables/sqlite_master.csv",
        "/assets/..%2f..%2fapp.py",
    ],
)
def test_hostile_addresses_give_nothing(hostile, path):
    """What is typed into an address is neither markup, nor SQL, nor a path."""
    page = hostile.get(path)
    assert page.status_code in {200, 404}
    assert "<script>alert" not in page.text
    assert "root:" not in page.text
