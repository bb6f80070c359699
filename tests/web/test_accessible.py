"""The pages in a real browser: for screen readers, on a phone, under the strict policy."""

import os
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
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


def test_pages_are_fit_for_screen_readers_phones_and_the_policy(address):
    """No serious fault by axe-core in light or dark, no sideways scrolling on a phone, nothing the policy refuses."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for scheme, width in (("light", 1280), ("dark", 375)):
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
            refused = []
            page.on("console", lambda message, refused=refused: refused.append(message.text))
            for path in PAGES:
                page.goto(address + path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert refused == [], path
            browser_faults = []
            free = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
            for path in PAGES:
                free.goto(address + path)
                found = Axe().run(free)["violations"]
                browser_faults += [(path, one["id"]) for one in found if one["impact"] in {"serious", "critical"}]
            assert browser_faults == []
        browser.close()
