#!/usr/bin/env python3
"""Makes the pictures of the release that ships: `python docs/screenshots.py DIR`, by default docs/images.

The pages are those that readers get: results.duckdb in a browser, and the evaluation report of a workspace that holds
the ratings of that release on one rubric, beside the labels that ship. No model is asked. The release holds no
sentence of O*NET, and the report prints none, so the pictures do not either.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from scorer.catalogue import Selection
from scorer.store import open_release
from scorer.web import make_app
from scorer.workflows.demo import LARGE, POLICY, RUBRICS, SMALL
from scorer.workflows.evaluation.calibrate import calibrate
from scorer.workflows.evaluation.evaluate import evaluate_ratings
from scorer.workflows.evaluation.labels import REFERENCE, REFERENCE_SET, import_labels
from scorer.workflows.publication.serve import uses
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.take_over import take_over
from scorer.workflows.sources.onet import OFFLINE, import_onet
from scorer.workflows.workspace.bench import Bench

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "results.duckdb"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
WIDTH, HEIGHT = 1200, 900
PAGES = {"home": "/", "occupation": "/occupations/41-3041.00", "raters": "/raters"}
"""Pages of a release by the name of their picture; the report is the fourth."""
OPEN_THE_FIRST_TASK = "document.querySelector('details.taskrow')?.setAttribute('open', '')"


def write_report(release: Path, workspace: Path) -> Path:
    """The evaluation report of the ratings in a release, made in an empty workspace."""
    workspace.mkdir()
    bench = Bench(workspace)
    import_onet(bench, OFFLINE)
    import_labels(bench, REFERENCE)
    with open_release(release) as reader:
        tasks = tuple(row["task_id"] for row in reader.rows("SELECT DISTINCT task_id FROM rating ORDER BY task_id"))
        rated = {row["rater"] for row in reader.rows("SELECT DISTINCT rater FROM rating")}
    for rater in (name for name in (SMALL, LARGE) if name in rated):
        take_over(bench, release, Asked(rubrics=RUBRICS[:1], raters=(rater,), selection=Selection(task_ids=tasks)))
        calibrate(bench, rater, REFERENCE_SET)
    page = workspace / "report.html"
    evaluate_ratings(bench, (REFERENCE_SET,), POLICY).write_page(page)
    return page


@contextmanager
def served(release: Path, workspace: Path) -> Iterator[str]:
    """A release in the web application, on a free port of this machine; its address."""
    app = make_app(release, uses(Bench(workspace)))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def take(pages: Mapping[str, str], out: Path) -> list[Path]:
    """A picture of the top of each page, WIDTH by HEIGHT, as NAME.png in a directory; all files."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        for name, page in pages.items():
            shown.goto(page)
            shown.evaluate(OPEN_THE_FIRST_TASK)
            shown.screenshot(path=out / f"{name}.png")
        browser.close()
    return [out / f"{name}.png" for name in pages]


def main(out: Path = ROOT / "docs" / "images", release: Path = RELEASE) -> list[Path]:
    """Make every picture; all files."""
    with tempfile.TemporaryDirectory() as place:
        report = write_report(release, Path(place, "workspace"))
        with served(release, Path(place)) as address:
            pages = {name: address + page for name, page in PAGES.items()}
            return take({**pages, "report": report.as_uri()}, out)


if __name__ == "__main__":
    for made in main(*map(Path, sys.argv[1:2])):
        sys.stdout.write(f"{made}: {made.stat().st_size:,} bytes\n")
