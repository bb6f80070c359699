"""The pages in a real browser: for screen readers, on a phone, under the strict policy."""

import os
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from store_samples import FINCH

from scorer.web import make_app

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PAGES = ("/?rater=good", f"/occupations/{FINCH}?rater=good", "/tasks/1", "/raters", "/method")

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's chromium, which CI installs"
)


@pytest.fixture
def address(release):
    """The application behind a real server on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(make_app(release), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser():
    """A browser without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def test_pages_are_fit_for_screen_readers_phones_and_the_policy(browser, address):
    """No serious fault by axe-core in light or dark, no sideways scrolling on a phone, no navigation on paper."""
    for scheme, width in (("light", 1280), ("dark", 375)):
        page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
        refused = []
        page.on("console", lambda message, refused=refused: refused.append(message.text))
        for path in PAGES:
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert refused == [], path
        page.emulate_media(media="print")
        expect(page.locator("nav")).to_be_hidden()
        faults = []
        free = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
        for path in PAGES:
            free.goto(address + path)
            found = Axe().run(free)["violations"]
            faults += [(path, one["id"]) for one in found if one["impact"] in {"serious", "critical"}]
        assert faults == []


def test_the_list_follows_its_form_and_a_bar_under_the_mouse_tells_its_reasons(browser, address):
    """With a script the list needs no reload, and who points at a task sees what each rater said, until Escape."""
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{address}/?rater=good")
    page.evaluate("window.isTheSame = true")
    page.get_by_label("Job title or code").press_sequentially("carrier")
    expect(page.get_by_role("link", name="Lantern Keepers")).to_have_count(0)
    expect(page.get_by_role("link", name="Lantern Carriers")).to_be_visible()
    assert page.evaluate("window.isTheSame")
    assert "q=carrier" in page.url
    page.goto(f"{address}/occupations/{FINCH}?rater=good")
    page.locator("details.taskrow summary").first.hover()
    expect(page.locator(".peek")).to_contain_text("It says: How much?")
    page.keyboard.press("Escape")
    expect(page.locator(".peek")).to_have_count(0)
    assert refused == []
