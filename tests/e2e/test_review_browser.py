"""A reviewer's morning in a real browser, while a run writes to the same store."""

import os
import shutil
import socket
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from disputed import DISPUTED
from playwright.sync_api import expect, sync_playwright
from road import endpoint, start_scorer, wait_for, write_settings

from scorer.store import Store
from scorer.workflows.evaluation.evaluate import evaluate_ratings
from scorer.workflows.evaluation.label_sample import sample_labels
from scorer.workflows.publication.publish import publish_release
from scorer.workflows.workspace.bench import Bench

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

expect.set_options(timeout=60_000)
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and "CI" not in os.environ, reason="there is no /usr/bin/chromium on this machine"
)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310 - our own server
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def process(workspace, *words):
    """A command that runs beside us, and ends when we are done."""
    started = start_scorer(workspace, *words)
    with started:
        try:
            yield started
        finally:
            started.terminate()
            started.communicate(timeout=60)


@pytest.fixture
def workspace(tmp_path, judged):
    """Two raters that passed and disagree, a release of theirs, and a sample to label."""
    place = tmp_path / "workspace"
    shutil.copytree(judged, place)
    publish_release(Bench(place))
    return place


@pytest.fixture
def page():
    """A page of a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        shown = browser.new_page()
        shown.set_default_timeout(60_000)
        yield shown
        browser.close()


def test_a_reviewer_answers_settles_and_labels_while_a_run_goes_on(workspace, page):
    """Blind card by keys, reveal, resolution, a shorter queue; a drawn sample labelled, and the evaluation has it."""
    bench = Bench(workspace)
    sample = sample_labels(bench, workspace / "sheet.csv", "coverage", 12).sample_id
    site = f"http://127.0.0.1:{free_port()}"
    with (
        endpoint("--default", "50", "--latency", "3") as url,
        process(workspace, "serve", "--port", site.rpartition(":")[2]),
    ):
        write_settings(workspace, slow=url)
        with process(workspace, "rate", "--all", "--rater", "slow", "--allow-unpriced", "--yes") as run:
            wait_for(lambda: answers(f"{site}/runs"))
            wait_for(lambda: "running" in urllib.request.urlopen(f"{site}/runs", timeout=10).read().decode())  # noqa: S310 - our own server
            _find(page, site)
            _review(page, site)
            _label(page, site, sample)
            _watch(page, site)
            _is_accessible(page, site)
            assert run.poll() is None  # it was going on all the time
    assert [event.act for event in Store(workspace / ".scorer" / "store.duckdb").reviews.events()] == [
        "answer",
        "resolve",
    ]
    counterparts = {row.counterpart for row in evaluate_ratings(bench).agreements}
    assert f"{sample}/anna" in counterparts


def _find(page, site):
    """From a title to everything about one of its tasks."""
    page.goto(site)
    page.get_by_label("Job title or code").fill("invented occupation 17")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Invented occupation 17-9001.00").first.click()
    page.locator("details.taskrow summary").first.click()
    page.get_by_role("link", name="everything about this task").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _press(page, *keys):
    """Keys on a page that has come whole: text is to be seen before the script that hears keys has run."""
    page.wait_for_load_state("load")
    for key in keys:
        page.keyboard.press(key)


def _review(page, site):
    page.goto(f"{site}/review")
    page.get_by_label("Your name").fill("anna")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#open")).to_have_text(str(len(DISPUTED)))
    _press(page, "n")
    expect(page.get_by_role("heading", name="Answer a task")).to_be_visible()
    assert "What raters said" not in page.content()
    _press(page, "3", "Enter")
    expect(page.get_by_role("heading", name="What raters said")).to_be_visible()
    expect(page.get_by_role("row", name="right")).to_be_visible()
    page.get_by_label("Reason").fill("<b>half</b> of it is signing")
    page.get_by_role("button", name="Settle the case").click()
    expect(page.get_by_text("Settled as 50")).to_be_visible()
    expect(page.get_by_text("<b>half</b> of it is signing").first).to_be_visible()
    page.get_by_role("link", name="To the queue").click()
    expect(page.locator("#open")).to_have_text(str(len(DISPUTED) - 1))


def _label(page, site, sample):
    page.get_by_role("link", name=sample).click()
    for done in range(12):
        expect(page.get_by_text(f"{done} of 12 labelled by you")).to_be_visible()
        _press(page, "1", "Enter")
    expect(page.get_by_text("Nothing is left here for anna")).to_be_visible()
    assert page.url == f"{site}/review/samples/{sample}"


def _is_accessible(page, site):
    """Queue, blind card, revealed case and runs: no serious fault by axe-core, no sideways scrolling on a phone."""
    free = page.context.browser.new_context(
        color_scheme="dark", viewport={"width": 375, "height": 800}, bypass_csp=True
    )
    free.add_cookies(page.context.cookies())
    shown = free.new_page()
    shown.goto(f"{site}/review")
    settled = shown.locator("details li a").first.get_attribute("href")
    for path in ("/review", "/review/next", settled, "/runs"):
        shown.goto(site + path)
        faults = [one["id"] for one in Axe().run(shown)["violations"] if one["impact"] in {"serious", "critical"}]
        assert faults == [], path
        assert shown.evaluate("document.documentElement.scrollWidth") <= 375, path


def _watch(page, site):
    page.goto(f"{site}/runs")
    shown = page.get_by_role("row", name="slow").first
    expect(shown).to_be_visible()
    before = shown.inner_text()
    deadline = time.monotonic() + 60
    while shown.inner_text() == before:  # the page loads its figures again by itself
        assert time.monotonic() < deadline
        page.wait_for_timeout(500)
