"""The report of an evaluation: one file, for anybody, with nothing invented; and the same for programs."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest

from eval import PanelRequest, evaluate, load_policy
from eval.report import ReportFacts, report_json, report_page
from scorer.domain.evaluation import LabellerKind

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The open elements at the end, every element's name, and the text."""

    def __init__(self, page):
        super().__init__()
        self.open, self.names, self.attributes, self.text = [], [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def evaluation(worlds, coverage):
    """Two labellers, a noisy rater, one that says one thing, and a panel."""
    small, rng = worlds(seed=3, occupations=3), np.random.default_rng(0)
    raters = [small.rater(coverage, "noisy", small.noisy(rng)), small.rater(coverage, "<b>one", np.zeros(300, int))]
    labels = [
        *small.labels(coverage, "ann"),
        *small.labels(coverage, "bob", ranks=small.noisy(rng, right=0.5)),
        *small.labels(coverage, "llm", LabellerKind.MODEL, label_set="models"),
    ]
    return evaluate(coverage, raters, labels, small.tasks, load_policy("default"), panel=PanelRequest())


@pytest.fixture(scope="module")
def facts():
    sets = {"people": "ann, bob: persons", "models": "llm: models"}
    moment = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    return ReportFacts(load_policy("default"), sets, 0, moment, "1.0", ("Credit to O*NET.",), ("one note",))


@pytest.fixture(scope="module")
def html(coverage, evaluation, facts):
    return report_page([(coverage, evaluation)], facts)


def test_the_report_is_one_whole_file(html):
    """Every element that opens closes; there is no script, and nothing is fetched from anywhere."""
    page = Page(html)
    assert page.open == []
    assert "script" not in page.names
    assert not [value for name, value in page.attributes if name in {"src", "href"} and not value.startswith("#")]


def test_the_report_shows_verdicts_with_reasons_and_every_comparison(html, evaluation):
    """Each Verdict with each of its reasons, tables and three diagrams of each rater beside each label set."""
    page = Page(html)
    for verdict in evaluation.verdicts:
        assert all(reason in page.text for reason in verdict.reasons)
    for title in ("noisy beside people", "<b>one beside people", "noisy beside models/llm", "panel beside people"):
        assert title in page.text
    assert page.names.count("figure") == 3 * 6
    assert "among themselves" in page.text
    assert "Credit to O*NET." in page.text
    assert "one note" in page.text


def test_what_is_undefined_is_not_a_number_on_the_page(html):
    """A constant rater has no correlation: the page says none, with the reason, and never nan."""
    assert 'title="no variation' in html
    assert "nan" not in Page(html).text.lower().split()


def test_names_from_outside_are_text(html):
    """A rater called like an element of HTML stays a name."""
    assert "<b>" not in html
    assert "&lt;b&gt;one" in html


def test_the_same_facts_are_there_for_programs(coverage, evaluation, facts):
    """JSON holds every coefficient and Verdict, confusions, reliability and limits of agreement; NaN nowhere."""
    found = json.loads(json.dumps(report_json([(coverage, evaluation)], facts), allow_nan=False))
    assert len(found["agreements"]) == len(evaluation.agreements)
    assert len(found["verdicts"]) == len(evaluation.verdicts)
    (one,) = [c for c in found["comparisons"] if (c["rater"], c["counterpart"]) == ("noisy", "people/ann")]
    assert sum(map(sum, one["confusion"])) == one["n"] == 300
    assert [row["category"] for row in one["reliability"]] == ["0", "25", "50", "75", "100"]
    low, middle, high = one["limits_of_agreement"]
    assert low < middle < high
    assert found["thresholds"]["floor"] == 0.25


def test_a_rubric_without_labels_says_hold(coverage, worlds, facts):
    """Without labels the page says that there is no verdict, and what that means."""
    small = worlds(seed=3, occupations=3)
    found = evaluate(coverage, [small.rater(coverage, "a", small.truth)], [], small.tasks, load_policy("default"))
    assert "no verdict, which means HOLD" in report_page([(coverage, found)], facts)


def test_reliability_and_limits_are_those_of_the_columns(evaluation, worlds):
    """Where the rater says 50 the labels say their mean there; differences of occupations spread as numpy says."""
    small = worlds(seed=3, occupations=3)
    (one,) = [c for c in evaluation.comparisons if (c.rater, c.counterpart) == ("noisy", "people/ann")]
    ranks = small.noisy(np.random.default_rng(0))
    (fifty,) = [meaning for meaning in one.meanings if meaning.category == "50"]
    assert fifty.mean == pytest.approx(25 * small.truth[ranks == 2].mean())
    apart = 25.0 * (ranks - small.truth).reshape(60, 5).mean(axis=1)
    low, middle, high = one.limits
    assert (middle, high - low) == (pytest.approx(apart.mean()), pytest.approx(2 * 1.96 * apart.std(ddof=1)))
