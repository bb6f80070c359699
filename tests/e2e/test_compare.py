"""A new model ships: rate with it, publish, and see in one command what moved."""

import re
from xml.etree import ElementTree as ET

import pytest
from road import endpoint, invented_tasks, scorer, write_answers, write_labels, write_onet, write_settings
from web_client import client_of

from scorer.web import make_app
from scorer.workflows.publication.serve import uses
from scorer.workflows.workspace.bench import Bench

TASKS = invented_tasks()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Two releases of one workspace: the first with one rater, the second with another that was added."""
    place = tmp_path_factory.mktemp("workspace")
    answers = str(write_answers(place / "answers.json", TASKS))
    assert scorer(place, "onet", "import", str(write_onet(place / "db_30_9_text", TASKS))).status == 0
    assert scorer(place, "labels", "import", str(write_labels(place / "people.csv", TASKS))).status == 0
    with endpoint("--answers", answers, "--noise", "0.1") as old, endpoint("--answers", answers) as new:
        write_settings(place, old=old, new=new)
        assert scorer(place, "rate", "--all", "--rater", "old", "--repeats", "2").status == 0
        scorer(place, "evaluate"), scorer(place, "aggregate")
        assert scorer(place, "publish", "--keep").status == 0
        scorer(place, "run", "--all", "--rater", "new")
    return place


def test_what_a_new_model_moved_is_one_command(workspace):
    """Between the kept release and the new one only the raters differ; parts add up to each change."""
    (kept,) = scorer(workspace, "releases", "list", "--json").json()
    found = scorer(workspace, "compare", kept["release"], "results.duckdb", "--json").json()
    assert (found["first"]["raters"], found["second"]["raters"]) == (["old"], ["new", "old"])
    assert found["factors"] == ["model"]
    assert len(found["moves"]) == 24
    for move in found["moves"]:
        assert sum(move["parts"].values()) == pytest.approx(move["change"])


def test_two_raters_of_a_release_are_compared_by_name(workspace):
    """The names of raters are enough; the table says how many moved and of what."""
    said = scorer(workspace, "compare", "old", "new")
    assert said.status == 0, said.err
    assert "24 occupations compared" in said.out
    assert "from model" in said.out


def test_a_comparison_is_a_page_and_a_digest(workspace, tmp_path):
    """One file that asks no other host for anything, and Markdown; both with the credit."""
    page, text = tmp_path / "moved.html", tmp_path / "moved.md"
    said = scorer(workspace, "compare", "old", "new", "--html", str(page), "--markdown", str(text))
    assert said.status == 0, said.err
    html = page.read_text()
    assert "<script" not in html
    assert "Beyond noise" in html
    for written in (html, text.read_text()):
        assert "O*NET" in written


def test_the_comparison_in_a_browser_draws_both_sides_and_takes_only_offered_names(workspace):
    """Raters and releases are offered apart; what moved is drawn under the strict policy; no path can be typed."""
    bench = Bench(workspace)
    with client_of(make_app(bench.workspace.release_path, uses(bench))) as client:
        lists = re.findall(r'<select name="first">(.*?)</select>', client.get("/compare").text, re.DOTALL)
        releases, raters = (re.findall(r"<option[^>]*>(.*?)</option>", one) for one in lists)
        assert raters == ["new", "old"]
        moved = client.get("/compare", params={"first": releases[0], "second": releases[1]}).text
        assert f"What moved: {releases[0]} → {releases[1]}" in moved
        page = client.get("/compare?first=old&second=new").text
        for shown in ("What moved: old", "24 points:", "Beyond noise", "O*NET", "<figcaption>", '="/occupations/'):
            assert shown in page
        assert not re.search(r"\sstyle=|<style", page)
        assert "nothing of that name" in client.get("/compare?first=old&second=/etc/passwd").text


def test_a_name_that_stands_for_nothing_is_told(workspace):
    """The message says what could be named."""
    said = scorer(workspace, "compare", "old", "nobody")
    assert said.status == 3
    assert "`nobody` is no file, no kept release" in said.err


def test_the_feed_tells_what_moved_from_release_to_release(workspace, tmp_path):
    """Valid Atom: an entry for each kept release, newest first, each with its digest beside it."""
    assert scorer(workspace, "publish", "--keep").status == 0
    said = scorer(workspace, "feed", str(tmp_path / "feed"), "--base-url", "https://example.org/f/")
    assert said.status == 0, said.err
    feed = ET.parse(tmp_path / "feed" / "feed.atom").getroot()  # noqa: S314 - our own file
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}link").get("href").partition("digest-")[0] for entry in entries] == [
        "https://example.org/f/"
    ] * 2
    assert "occupations have a published score on both sides" in entries[0].find(f"{ATOM}content").text
    assert "first release" in entries[1].find(f"{ATOM}content").text
    assert len(list((tmp_path / "feed").glob("digest-*.md"))) == 2


def test_a_feed_of_nothing_says_how_to_begin(tmp_path):
    """Without a kept release there is one line of advice."""
    said = scorer(tmp_path, "feed", str(tmp_path / "feed"))
    assert said.status == 3
    assert "publish --keep" in said.err
