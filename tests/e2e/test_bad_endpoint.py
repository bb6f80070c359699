"""Endpoints that refuse, fail, babble or vanish: one message, or a row with its status, never a number."""

import json
import socket
from itertools import count

import pytest
from fake_openai import completion, error
from inside import KEY_NAME, answer, answering, good

KEY = "sk-test-4f7c09a2d1e8"
ROWS = "SELECT count(*), count(DISTINCT cell_hash), count(*) FILTER (status = 'rated') FROM rating"

PRICE = "price = { input = 0.1, output = 0.4 }\n"


def test_a_missing_key_is_named_before_anything_is_sent(command, monkeypatch):
    """The variable that should hold the key stands in the message; no request went out."""
    monkeypatch.delenv(KEY_NAME, raising=False)
    asked = []
    with answering(lambda request, key: (asked.append(key), good(request))[1]) as url:
        command.configure(url, has_key=True, more=PRICE)
        line = command.fails("rate", "--all")
    assert f"set the environment variable {KEY_NAME}" in line
    assert asked == []


def test_a_key_that_is_refused_half_way_stops_the_run_and_loses_nothing(command, monkeypatch):
    """After 40 answers the endpoint says 401: one message, 40 rows; with a good key the rest follows, none twice."""
    monkeypatch.setenv(KEY_NAME, KEY)
    order, good_keys, sent = count(1), {"sk-test-new-9b1d22"}, []

    def expiring(request, key):
        if key not in good_keys and next(order) > 40:
            return 401, error(f"Incorrect API key provided: {key}.", "invalid_api_key")
        sent.append(json.dumps(request))
        return good(request)

    with answering(expiring) as url:
        command.configure(url, has_key=True, more=PRICE)
        line = command.fails("rate", "--all")
        assert "401 invalid_api_key" in line
        assert f"set {KEY_NAME} to a valid key" in line
        assert command.query(ROWS) == [(40, 40, 40)]
        monkeypatch.setenv(KEY_NAME, "sk-test-new-9b1d22")
        assert command("rate", "--all").status == 0
    assert command.query(ROWS) == [(144, 144, 144)]
    assert len(sent) == len(set(sent)) == 144


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (404, error("The model `scripted-model` does not exist.", "model_not_found"), ["404", "check `model`"]),
        (400, error("Unsupported parameter: seed."), ["400", "Unsupported parameter: seed.", "check `params`"]),
        (429, error("Out of money.", "insufficient_quota"), ["the money of this account is spent"]),
        (302, "", ["302", "check `base_url`"]),
    ],
)
def test_what_no_attempt_can_mend_stops_the_run_at_once(command, status, body, told):
    """Unknown model, refused parameter, spent account, wrong address: one line, at most the two requests in flight."""
    requests = []
    with answering(lambda request, _: (requests.append(request), (status, body))[1]) as url:
        command.configure(url)
        line = command.fails("rate", "--all")
    assert all(words in line for words in told), line
    assert len(requests) <= 2
    assert command.query(ROWS) == [(0, 0, 0)]


def test_an_endpoint_that_is_down_gives_failed_rows_that_the_next_run_makes_good(command):
    """Connection refused: a row with status and reason each, exit 1 and the reason; the same command completes them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        command.configure(f"http://127.0.0.1:{free.getsockname()[1]}/v1")
    said = command("rate", "--sample", "12")
    assert said.status == 1
    assert "no connection" in said.out
    assert "12 cells are still missing: run the same command again" in said.out
    assert command.query("SELECT status, count(*), count(score) FROM rating GROUP BY ALL") == [("failed", 12, 0)]
    with answering(good) as url:
        command.configure(url)
        assert command("rate", "--sample", "12").status == 0
    assert command.query(ROWS) == [(24, 12, 12)]


BABBLE = {
    "I would say about half.": "unparsable",
    '{"category": "50"': "unparsable",
    '{"category": "50"}': "unparsable",
    "[1, 2]": "unparsable",
    "": "unparsable",
    "NaN": "unparsable",
    "\ud800 half a character": "unparsable",
}


def odd_answers():
    """(completion maker, status that its row must get)."""
    for text, status in BABBLE.items():
        yield lambda _, text=text: completion(text), status
    yield lambda request: completion(answer(request, category="60")), "off_scale"
    yield lambda request: completion(answer(request, category="0.5")), "off_scale"
    yield lambda request: completion(answer(request, confidence=1e400)), "unparsable"
    yield lambda request: completion(answer(request, category=None)), "unparsable"
    yield lambda request: completion(answer(request, category="cannot_judge")), "cannot_judge"
    yield lambda _: completion(None, message={"refusal": "I will not."}), "refused"
    yield lambda _: completion("", choice={"finish_reason": "content_filter"}), "refused"
    yield lambda _: completion('{"evidence": "str', choice={"finish_reason": "length"}), "truncated"
    yield lambda request: completion(answer(request), model="\ud800\x00", system_fingerprint="\udfff"), "rated"
    yield lambda request: completion(answer(request), usage={"prompt_tokens": 10**30, "completion_tokens": -1}), "rated"
    yield lambda request: completion(answer(request, rationale="\ud800\x1b[31m" + "x" * 100_000)), "rated"


@pytest.mark.parametrize(("make", "status"), list(odd_answers()))
def test_an_odd_answer_becomes_a_row_with_its_status_and_never_a_number(command, make, status):
    """Prose, broken and wrong JSON, off the scale, refusals, cut answers: a row each; odd metadata costs no answer."""
    with answering(lambda request, _: (200, make(request))) as url:
        command.configure(url)
        said = command("rate", "--sample", "1")
    assert said.status == 0, said.err
    ((found, score, category, problem),) = command.query("SELECT status, score, category, problem FROM rating")
    assert found == status
    assert (score is None) == (category is None) == (status != "rated")
    assert (problem is None) == (status in {"rated", "cannot_judge"})
    assert problem is None or problem[:40] in said.out


@pytest.mark.parametrize(
    "body", ["<html>Login</html>", "", "null", '"text"', "[" * 100_000, {"choices": []}, {"error": {"message": "no"}}]
)
def test_a_200_that_is_no_completion_is_tried_again_and_then_failed(command, body):
    """A login page or a gateway's error page with status 200 is no answer: a failed row, exit 1."""
    with answering(lambda _request, _key: (200, body)) as url:
        command.configure(url)
        said = command("rate", "--sample", "1")
    assert said.status == 1
    assert command.query("SELECT status, attempts, score FROM rating") == [("failed", 2, None)]


def test_a_rater_that_never_answers_usably_is_held_and_has_no_number(command):
    """From babble to the release: every occupation row is held and its score is NULL."""
    with answering(lambda _request, _key: (200, completion("I would say about half."))) as url:
        command.configure(url)
        labels = command.workspace / "hand.csv"
        labels.write_text("task_id,rubric,labeller,category\n10000,coverage@1,anna,50\n10012,coverage@1,anna,0\n")
        assert command("labels", "import", labels).status == 0
        said = command("run", "--all")
    assert said.status == 1
    assert "HOLD" in said.out
    scores = command.query("SELECT status, count(*), count(score) FROM occupation_score GROUP BY ALL")
    assert scores == [("held", 24, 0)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--policy", "defalt"], "did you mean `default`?"),
        (["--weights", "core3"], "unknown task weights `core3`"),
        (["--labels", "reference"], "no label set `reference`"),
        (["--out", "hand.csv"], "is no release, so it stays"),
    ],
)
def test_a_run_looks_ahead_before_it_spends(command, monkeypatch, options, told):
    """What would stop the last step is found before the first request is sent."""
    monkeypatch.chdir(command.workspace)
    requests = []
    with answering(lambda request, _: (requests.append(request), good(request))[1]) as url:
        command.configure(url)
        labels = command.workspace / "hand.csv"
        labels.write_text("task_id,rubric,labeller,category\n10000,coverage@1,anna,50\n")
        assert "no labels that judge a rater yet" in command.fails("run", "--all")
        assert command("labels", "import", labels).status == 0
        assert told in command.fails("run", "--all", *options)
    assert requests == []


def test_an_interrupted_evaluation_saves_nothing_and_says_no_traceback(command, monkeypatch):
    """Ctrl-C while coefficients are computed ends with the shell's 130; the next evaluation starts clean."""
    ratings, labels = command.workspace / "made.csv", command.workspace / "hand.csv"
    ratings.write_text("task_id,category\n10000,50\n10001,0\n")
    labels.write_text("task_id,rubric,labeller,category\n10000,coverage@1,anna,50\n10001,coverage@1,anna,0\n")
    command("ratings", "import", ratings, "--rater", "other", "--rubric", "coverage")
    command("labels", "import", labels)
    with monkeypatch.context() as patched:
        patched.setattr("scorer.workflows.evaluation.evaluate.evaluate", interrupt)
        said = command("evaluate")
    assert said.status == 130
    assert "Traceback" not in said.err
    assert command.query("SELECT count(*) FROM evaluation") == [(0,)]
    assert command("evaluate").status == 1  # two labels are too few to pass


def interrupt(*_arguments, **_options):
    raise KeyboardInterrupt
