"""The page of a release: one file, nothing loaded, held means no number, other people's text is harmless."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from store_samples import (
    FINCH,
    MORNING,
    OWL,
    RATERS,
    SENTENCES,
    cell,
    filled_store,
    label,
    onet_release,
    rating,
    ratings,
    rubric,
)

from scorer.domain.evaluation import LabellerKind
from scorer.domain.rating import Rater
from scorer.errors import StoreError
from scorer.publish import PublishOptions, publish, release_page
from scorer.store import LabelSource, Store

HOSTILE = '</style><script>alert("x")</script><img src=x onerror=y>\u202e'
VOID = {"meta", "link", "br", "img", "hr", "input", "rect"}


class Page(HTMLParser):
    """What a browser would make of it: elements with attributes, ids, text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, text):
        if self.open[-1:] != ["style"]:
            self.text.append(text)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture
def store(tmp_path):
    return filled_store(tmp_path / ".scorer" / "store.duckdb")


def page_of(store, tmp_path, **options):
    out = tmp_path / "results.duckdb"
    publish(store, out, PublishOptions(**options))
    return release_page(out, "Lanterns")


def test_a_page_is_one_file_that_loads_nothing(store, tmp_path):
    """No script, no frame, no form, nothing fetched; every link of the page leads to a place on it; tags close."""
    page = Page(page_of(store, tmp_path))
    assert page.open == []
    tags = {tag for tag, _ in page.elements}
    assert tags & {"script", "iframe", "form", "link", "img", "object", "embed"} == set()
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links
    assert {link[1:] for link in links} <= set(ids)
    assert not any(name.startswith("on") or name == "src" for _, attributes in page.elements for name in attributes)


def test_the_page_tells_who_passed_what_came_out_and_who_is_to_be_credited(store, tmp_path):
    """Verdicts with reasons, occupations with numbers, every task with each rater's answer, credit lines."""
    words = Page(page_of(store, tmp_path)).words
    assert "PASS good" in words
    assert "HOLD poor" in words
    assert "bias outside" in words
    assert "none: no variation" in words
    assert "40.0 [30.00, 55.00]" in words
    assert all(sentence in words for sentence in SENTENCES.values())
    assert "Credit for 30.1." in words
    assert "Labels: the lantern society." in words


def test_a_held_score_is_a_word_and_no_number(store, tmp_path):
    """HELD stands where the number would stand; with --provisional the number comes with the word."""
    held = page_of(store, tmp_path)
    assert "66.0" not in held
    assert "HELD" in Page(held).words
    words = Page(page_of(store, tmp_path, provisional=True)).words
    assert re.search(r"66\.0 \[60\.00, 70\.00\] HELD", words)
    assert "Provisional: held scores are shown" in words


def test_an_answer_that_is_not_usable_is_its_status_and_no_bar(store, tmp_path):
    """Nothing is drawn for what was not answered: missing is not 0."""
    page = Page(page_of(store, tmp_path))
    assert "poor unparsable" in page.words
    labels = [attributes["aria-label"] for tag, attributes in page.elements if tag == "svg"]
    at = labels.index("poor: unparsable")
    svgs = [i for i, (tag, _) in enumerate(page.elements) if tag == "svg"]
    drawn = page.elements[svgs[at] : svgs[at + 1] if at + 1 < len(svgs) else None]
    assert not any("bar-fill" in (attributes.get("class") or "") for _, attributes in drawn)


def test_text_of_others_is_harmless(store, tmp_path):
    """Statements and rationales may hold markup and bidi characters: they are shown, and do nothing."""
    hostile = onet_release("30.2", {**SENTENCES, "1": HOSTILE})
    store.catalogue.add(hostile)
    good = Rater(name="good", provider="openai", model="model-2026-01-01", params={"temperature": 0.0}, answer="token")
    asked = cell("1", good, release=hostile)
    store.ratings.add([rating(asked, run_id="run-2").model_copy(update={"rationale": HOSTILE})])
    html = page_of(store, tmp_path)
    page = Page(html)
    assert not any(tag in {"script", "img"} for tag, _ in page.elements)
    assert html.count("<style>") == 1
    assert "\u202e" not in html


def test_without_statements_tasks_are_named_by_their_id(store, tmp_path):
    """The page of such a release has no sentence of O*NET: it cannot, since the file has none."""
    html = page_of(store, tmp_path, with_statements=False)
    assert not any(sentence in html for sentence in SENTENCES.values())
    assert "Task 1" in Page(html).words


def test_an_illustration_is_marked(store, tmp_path):
    """A rationale that decided nothing says so beside it."""
    asked = cell("2", Rater(name="good", provider="openai", model="m", answer="token"))
    later = rating(asked, run_id="run-3", created_at=MORNING + timedelta(days=1), evidence="illustrative")
    store.ratings.add([later.model_copy(update={"rationale": "Just so."})])
    assert re.search(r"illustration good on coverage@1: Just so\.", Page(page_of(store, tmp_path)).words)


def test_labels_by_models_are_called_that_at_the_top(store, tmp_path):
    """Where no person labelled, the page says before any number that its verdicts rest on a model's labels."""
    words = Page(page_of(store, tmp_path)).words
    assert "The labels here were made by a model" not in words
    others = [label(task, "50", label_set="machine", labeller_kind=LabellerKind.MODEL) for task in "12"]
    store.labels.add("machine", others, LabelSource(source="model"))
    assert "Some of the labels here were made by a model" in Page(page_of(store, tmp_path)).words


def test_occupations_of_which_little_was_rated_are_left_out(store, tmp_path):
    """Only whole occupations are shown: a page about two of forty tasks would mislead."""
    fresh = Store(tmp_path / "fresh.duckdb")
    fresh.catalogue.add(
        onet_release("30.1", {**SENTENCES, **{str(i): f"Trim the wick of lantern {i}." for i in range(10, 30)}})
    )
    fresh.rubrics.add([rubric()])
    fresh.raters.add(RATERS)
    fresh.ratings.add(ratings())
    shown = [
        {attributes.get("id") for _, attributes in Page(page_of(one, tmp_path)).elements} for one in (store, fresh)
    ]
    assert [f"o-{FINCH}" in ids for ids in shown] == [True, False]
    assert all(f"o-{OWL}" in ids for ids in shown)


def test_a_page_of_no_release_is_an_error(tmp_path):
    """Nothing is made up for a file that is not there."""
    with pytest.raises(StoreError):
        release_page(tmp_path / "nothing.duckdb", rubric().title)
