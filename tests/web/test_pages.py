"""The read-only pages: what they show, and what they never show."""

import html
import re

import pytest
from store_samples import FINCH, OWL, RATERS, SENTENCES, cell, onet_release, rating, rubric
from web_client import client_of

from scorer.publish import PublishOptions, publish
from scorer.store import Store
from scorer.web import make_app


def words(response):
    """The text of a page as a reader sees it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_the_home_page_ranks_occupations_with_interval_and_exposure(client):
    """Two statistics stand beside each other under their own names, with the interval."""
    page = client.get("/?rater=good")
    seen = words(page)
    assert "AI task coverage" in seen
    assert "AI exposure is another statistic" in seen
    assert seen.index("Lantern Carriers") < seen.index("Lantern Keepers")
    assert "[30.0, 55.0]" in seen
    assert "50 %" in seen


def test_a_held_score_is_the_word_and_the_reasons(client):
    """No number of a held score is on any page or in any file, but its reasons are."""
    for path in ("/?rater=poor", f"/occupations/{FINCH}?rater=poor", "/occupations.csv?rater=poor"):
        shown = client.get(path)
        assert "held" in shown.text.lower()
        assert "bias outside" in shown.text
        assert not re.search(r"(?<![\w-])66(?:\.0)?(?![\w-])", words(shown))  # ids of releases hold any digits


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=lantern+keeper", ["Keepers"]),
        ("q=51-", ["Carriers"]),
        ("q=zzzzqq", []),
        ("group=15", ["Keepers"]),
        ("zone=2", ["Keepers"]),
        ("status=held&rater=poor", ["Keepers"]),
        ("status=none&rater=poor", ["Carriers"]),
        ("zone=two&sort=nonsense&page=-4&measure=x", ["Carriers", "Keepers"]),
    ],
)
def test_a_list_is_found_filtered_and_forgiving(client, asked, found):
    """Title, code, group, zone and status choose; what makes no sense is as if it were not asked."""
    page = client.get(f"/?{asked}")
    assert page.status_code == 200
    rows = re.findall(r'<th scope="row">.*?Lantern (\w+)</a>', page.text, re.DOTALL)
    assert sorted(rows)[: len(found)] == sorted(found)[: len(rows)]
    assert set(found) <= set(rows)


def test_what_is_shown_can_be_taken_home(client):
    """The download has the rows of the page, in its order."""
    lines = client.get("/occupations.csv?rater=good&sort=title").text.splitlines()
    assert lines[0].startswith("occupation_code,title,")
    assert [line.split(",")[1] for line in lines[1:]] == ["Lantern Carriers", "Lantern Keepers"]
    found = client.get("/occupations.json?rater=good&group=15").json()
    assert [one["occupation_code"] for one in found["occupations"]] == [FINCH]
    assert found["attribution"]


def test_the_page_of_an_occupation_says_how_its_number_was_made(client):
    """Raters, rubric, weights, verdicts, release, every task with each rater's answer, and what it is not."""
    seen = words(client.get(f"/occupations/{FINCH}?rater=good"))
    for said in (
        "coverage@1",
        "core2",
        "PASS",
        "HOLD",
        "Credit for 30.1.",
        "not a forecast of job loss",
        "good",
        "poor",
    ):
        assert said in seen
    assert SENTENCES["1"] in seen
    assert "physical" in seen


def test_the_page_of_a_task_leads_to_the_raw_answer(client):
    """Prompt as sent, raw answer, hash of the cell, labels: all on one page."""
    page = client.get("/tasks/1")
    seen = words(page)
    assert f"How much? {SENTENCES['1']}" in seen
    assert '"answer": "50"' in seen
    assert re.search(r"\b[0-9a-f]{64}\b", seen)
    assert "by ann (a person) in set-a" in seen
    (anchor,) = set(re.findall(r'<article class="card answer" id="([^"]+)"', page.text)[:1])
    assert f'href="#{anchor}"' in page.text


def test_the_page_of_the_raters_has_verdicts_agreement_and_failures(client):
    """Who passed and why, agreement or why there is none, what came back unusable, and who answered when, drawn."""
    page = client.get("/raters")
    seen = words(page)
    assert re.search(r'alt="good as not stated, 3 answers from 2026-11-01', page.text)
    drawn = client.get(re.search(r'src="(/[^"]+svg)"', page.text)[1])
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert 'aria-label="good as not stated, 3 answers' in drawn.text
    assert "bias outside" in seen
    assert "0.50" in seen
    assert "1 unparsable" in seen


@pytest.mark.parametrize("path", ["/", f"/occupations/{OWL}", "/tasks/3", "/raters", "/method"])
def test_every_page_carries_the_credit_lines(client, path):
    """Whoever sees a figure or a text sees whom to credit."""
    seen = words(client.get(path))
    assert "Credit for 30.1." in seen
    assert "the lantern society" in seen


@pytest.mark.parametrize("path", ["/occupations/99-9999.99", "/tasks/999", "/nowhere", "/assets/../desk.py"])
def test_what_is_not_there_is_said(client, path):
    """An address of nothing is a page with status 404 and a way back."""
    page = client.get(path)
    assert page.status_code == 404
    assert 'href="/"' in page.text


def test_without_a_release_the_page_says_what_to_do(tmp_path):
    """The server may stand before the first release does."""
    page = client_of(make_app(tmp_path / "results.duckdb")).get("/")
    assert page.status_code == 503
    assert "scorer publish" in page.text


def test_a_release_that_nobody_aggregated_shows_what_was_said(tmp_path):
    """Without any score the answers of raters stand with the tasks, and the page says why there is no number."""
    catalogue = onet_release()
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        store.catalogue.add(catalogue)
        store.rubrics.add([rubric()])
        store.raters.add(RATERS)
        store.ratings.add([rating(cell("1", RATERS[0], release=catalogue))])
    publish(store, tmp_path / "results.duckdb", PublishOptions())
    with client_of(make_app(tmp_path / "results.duckdb")) as client:
        seen = words(client.get(f"/occupations/{FINCH}"))
        (task, *_) = client.get(f"/api/occupations/{FINCH}").json()["occupation"]["tasks"]
    assert "nothing was aggregated. What raters said" in seen
    assert "1 answer, no panel number" in seen
    assert [one["rater"] for one in task["ratings"]] == [RATERS[0].name]


def test_a_new_release_is_shown_at_once_and_the_old_one_is_kept_by_browsers_until_then(client, store, release):
    """The ETag of a page is that of the release: unchanged it is 304, after a publication the new page comes."""
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    publish(store, release, PublishOptions(with_statements=False))
    page = client.get("/tasks/1", headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert SENTENCES["1"] not in page.text
    assert "made without statements" in page.text
