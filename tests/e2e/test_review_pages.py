"""The pages of the review and of the runs, as a browser asks for them; no script runs here."""

import json
import re
import shutil
import threading
from datetime import UTC, datetime
from html import unescape

import pytest
from disputed import DISPUTED
from web_client import client_of

from scorer.domain.review import Answer
from scorer.rating.state import RaterPace, RunState
from scorer.store import Store
from scorer.web import make_app
from scorer.workflows.evaluation.label_sample import sample_labels
from scorer.workflows.publication.publish import publish_release
from scorer.workflows.publication.serve import uses
from scorer.workflows.review.cases import answer_case
from scorer.workflows.review.queue import review_queue
from scorer.workflows.workspace.bench import Bench

HOSTILE = "<script>alert(1)</script> \x1b[2J \u202egnorw '); DROP TABLE label; --"
TASK = DISPUTED[0].task_id
CASE = f"/review/cases/coverage@1/{TASK}"


@pytest.fixture
def workspace(tmp_path, judged):
    place = tmp_path / "workspace"
    shutil.copytree(judged, place)
    return place


@pytest.fixture
def browser(workspace):
    """A browser in which ann reviews."""
    bench = Bench(workspace)
    with client_of(make_app(bench.workspace.release_path, uses(bench))) as client:
        send(client, "/review", "/review/name", reviewer="ann")
        yield client


def send(client, page, action, **fields):
    """Fill in a form of a page and send it."""
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)[1]
    return client.post(action, data={"csrf": token, **fields})


def test_the_card_shows_no_score_before_the_answer_and_all_of_them_after(browser):
    """A case opened by its address is as blind as the next one in the queue."""
    for page in ("/review/next", CASE):
        text = browser.get(page).text
        assert "What raters said" not in text
        assert "Rated so" not in text
    sent = send(browser, CASE, f"{CASE}/answer", category="50", reason="half")
    assert (sent.status_code, sent.headers["location"]) == (303, CASE)
    text = browser.get(CASE).text
    assert "What raters said" in text
    assert text.count("Rated so") == 2


def test_a_settled_case_leaves_the_queue_of_the_page(browser, workspace):
    """Its resolution is shown, the number of open cases falls by one, and sending the form again changes nothing."""
    send(browser, CASE, f"{CASE}/answer", category="50")
    for _ in range(2):
        assert send(browser, CASE, f"{CASE}/resolve", category="50", reason="so").status_code == 303
    assert "Settled as 50" in browser.get(CASE).text
    assert f'<strong id="open">{len(DISPUTED) - 1}</strong>' in browser.get("/review").text
    assert len(Store(workspace / ".scorer" / "store.duckdb").reviews.events()) == 2


def test_a_resolution_stands_on_the_page_of_its_task_and_leads_to_the_case(browser, workspace):
    """Once published, the task shows who settled it as what and why, and each page has a way to the other."""
    send(browser, CASE, f"{CASE}/answer", category="50", reason="half of it")
    send(browser, CASE, f"{CASE}/resolve", category="75", reason="three of four steps")
    publish_release(Bench(workspace))
    shown = unescape(browser.get(f"/tasks/{TASK}").text)
    assert "Settled by people" in shown
    for said in ("half of it", "three of four steps", "resolved by ann"):
        assert said in shown
    assert f'href="{CASE.replace("@", "%40")}"' in shown
    assert f'href="/tasks/{TASK}"' in browser.get(CASE).text


def test_a_form_without_its_token_writes_nothing(browser, workspace):
    """Neither without one, nor with another visitor's, nor from another site."""
    for token in ("", "0" * 64):
        sent = browser.post(f"{CASE}/answer", data={"csrf": token, "category": "50"})
        assert sent.status_code == 403
    other = browser.post(f"{CASE}/answer", data={"category": "50"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
    assert review_queue(Bench(workspace)).progress.answered == 0


@pytest.mark.parametrize(
    ("action", "fields", "told"),
    [
        (f"{CASE}/answer", {"category": "60"}, "is not on the scale"),
        (f"{CASE}/resolve", {"category": "50", "reason": "so"}, "has not answered about task"),
        ("/review/cases/coverage@1/1/answer", {"category": "50"}, "raters agree on it"),
        ("/review/samples/none/1", {"category": "50"}, "no sample `none`"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(browser, action, fields, told):
    """Status 400 and the sentence that the command line says."""
    sent = send(browser, "/review", action, **fields)
    assert sent.status_code == 400
    assert told in unescape(sent.text)


def test_hostile_names_and_reasons_are_shown_as_text(browser):
    """Markup stays text, what cannot be seen is spelled out."""
    send(browser, CASE, f"{CASE}/answer", category="50", reason=HOSTILE)
    send(browser, CASE, f"{CASE}/resolve", category="50", reason=HOSTILE)
    text = browser.get(CASE).text
    assert "<script>alert" not in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\x1b[2J \\u202e" in text


def test_a_sample_is_labelled_on_the_same_card_and_nothing_is_revealed(browser, workspace):
    """Each label leads to the next task; the sample counts them by labeller."""
    bench = Bench(workspace)
    sample = sample_labels(bench, workspace / "sheet.csv", "coverage", 12).sample_id
    page = f"/review/samples/{sample}"
    for _ in range(12):
        task = re.search(rf'action="{page}/([^"]+)"', browser.get(page).text)[1]
        sent = send(browser, page, f"{page}/{task}", category="50")
        assert sent.headers["location"] == page
        assert "What raters said" not in browser.get(page).text
    assert "Nothing is left" in browser.get(page).text
    assert "12 tasks; ann: 12" in browser.get("/review").text


def test_a_store_that_is_busy_is_a_page_that_says_so(browser, workspace, monkeypatch):
    """Status 503 with the time to wait; the pages that need no store go on."""
    monkeypatch.setattr("scorer.store.store.Store.__init__.__defaults__", (0.05,))
    bench = Bench(workspace)
    with client_of(make_app(bench.workspace.release_path, uses(bench))) as client:
        held, done = threading.Event(), threading.Event()

        def hold():
            with Store(workspace / ".scorer" / "store.duckdb").held():
                held.set()
                done.wait(60)

        writer = threading.Thread(target=hold)
        writer.start()
        held.wait(60)
        try:
            busy = client.get("/review")
            assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
            assert "in use by another thread" in busy.text
            assert client.get("/runs").status_code == 200
        finally:
            done.set()
            writer.join()
    assert browser.get("/review").status_code == 200


def test_runs_are_shown_from_their_own_files(browser, workspace):
    """How far, what it cost, what failed; a run whose process is gone was interrupted."""
    assert "No run in this workspace yet" in browser.get("/runs").text
    pace = {"total": 40, "done": 10, "failed": 3, "refused": 2, "spent_usd": 0.1234, "per_minute": 5.0}
    rater = RaterPace(rater="<b>bold</b>", oldest_s=None, minutes_left=6.0, **pace)
    state = RunState(
        run_id="run-7",
        pid=2**22 + 1,
        at=datetime(2026, 11, 25, 8, 30, tzinfo=UTC),
        state="running",
        retried=0,
        raters=(rater,),
        minutes_left=6.0,
        **pace,
    )
    folder = workspace / ".scorer" / "runs" / "run-7"
    folder.mkdir(parents=True)
    (folder / "state.json").write_text(json.dumps(state.model_dump(mode="json")))
    text = browser.get("/runs").text
    for shown in ("run-7", "interrupted", "10 of 40", "$0.1234", "&lt;b&gt;bold&lt;/b&gt;"):
        assert shown in text


def test_whoever_has_no_name_yet_is_asked_for_it(workspace):
    """Every page of the review leads to the form with the name; settled cases are open to anybody."""
    bench = Bench(workspace)
    answer_case(bench, "coverage", TASK, Answer("ann", "50"))
    with client_of(make_app(bench.workspace.release_path, uses(bench))) as client:
        for page in ("/review", "/review/next", CASE):
            assert "Your name, as it shall stand in the log" in client.get(page).text
