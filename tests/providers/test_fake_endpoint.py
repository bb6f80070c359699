import asyncio
import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from asking import ask, cell_of, rater_of
from fake_openai import FakeModel

from scorer.domain.rating import Message
from scorer.errors import PermanentError, TransientError
from scorer.providers import open_provider

TASKS = [f"Sort the letters of box {n}." for n in range(300)]
LEGAL = ["0", "50", "100"]
ANSWERS = {task: LEGAL[n % 3] for n, task in enumerate(TASKS)}
SCHEMA = {
    "type": "object",
    "properties": {
        "evidence": {"type": "string"},
        "blockers": {"type": "object", "properties": {"body": {"type": "boolean"}}},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "category": {"type": "string", "enum": [*LEGAL, "cannot_judge"]},
    },
}


def cell(rater, task):
    return cell_of(rater, Message(role="user", content=f"Occupation: Clerk\n<task>\n{task}\n</task>"), schema=SCHEMA)


def answered(model: FakeModel, tasks=TASKS) -> list[str]:
    rater = rater_of()
    return [json.loads(ask(rater, model.transport(), cell(rater, task)).text)["category"] for task in tasks]


def test_the_fake_answers_as_scripted_in_the_shape_of_the_schema():
    """Each statement gets its category, in JSON that the request's schema allows."""
    reply = ask(rater_of(), FakeModel(answers=ANSWERS).transport(), cell(rater_of(), TASKS[1]))

    assert json.loads(reply.text) == {
        "evidence": "Scripted: 50.",
        "blockers": {"body": False},
        "confidence": 0,
        "category": "50",
    }


def test_noise_is_as_frequent_as_stated_and_the_same_every_time():
    """About a fifth of noisy answers differ from the script, the same ones at each asking."""
    noisy = answered(FakeModel(answers=ANSWERS, noise=0.2, seed=3), TASKS[:100])
    wrong = sum(category != ANSWERS[task] for task, category in zip(TASKS[:100], noisy, strict=True))

    assert 10 <= wrong <= 32
    assert answered(FakeModel(answers=ANSWERS, noise=0.2, seed=3), TASKS[:20]) == noisy[:20]


def test_a_random_rater_uses_every_category_and_ignores_the_script():
    """Random answers cover the scale evenly and agree with the script by chance only."""
    given = answered(FakeModel(answers=ANSWERS, is_random=True), TASKS[:100])
    right = sum(category == ANSWERS[task] for task, category in zip(TASKS[:100], given, strict=True))

    assert set(given) == set(LEGAL)
    assert 18 <= right <= 50


def test_a_failure_passes_with_the_next_attempt():
    """At a failure rate of a half some attempt fails, and another attempt at the same question succeeds."""
    model = FakeModel(answers=ANSWERS, rate_500=0.5)
    rater, failed = rater_of(), 0
    for _ in range(20):
        try:
            reply = ask(rater, model.transport(), cell(rater, TASKS[0]))
        except TransientError:
            failed += 1
    assert 0 < failed < 20
    assert json.loads(reply.text)["category"] == ANSWERS[TASKS[0]]


@pytest.mark.parametrize("refusal", [{"key": "another"}, {"models": ("another",)}])
def test_the_fake_knows_one_key_and_its_models(refusal):
    """A wrong key or model is refused as OpenAI refuses it."""
    with pytest.raises(PermanentError):
        ask(rater_of(), FakeModel(**refusal).transport())


@pytest.fixture
def port(tmp_path):
    """The fake behind a real socket, in a process of its own."""
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(ANSWERS))
    script = Path(__file__).parents[1] / "fake_server.py"
    command = [sys.executable, str(script), "--port", "0", "--answers", str(answers), "--follow-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield int(server.stdout.readline())
        server.stdin.close()


def stats(port: int) -> dict:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/stats")
    counted = json.loads(connection.getresponse().read())
    connection.close()
    return counted


def test_many_questions_over_a_real_socket_all_arrive(port):
    """Forty questions at once, over HTTP and through our own connections, come back each with its own answer."""
    rater = rater_of(base_url=f"http://127.0.0.1:{port}/v1")

    async def all_at_once():
        provider = open_provider(rater)
        try:
            return await asyncio.gather(*(provider.ask(cell(rater, task)) for task in TASKS[:40]))
        finally:
            await provider.aclose()

    replies = asyncio.run(all_at_once())

    assert [json.loads(reply.text)["category"] for reply in replies] == [ANSWERS[task] for task in TASKS[:40]]
    assert stats(port) == {"requests": 40, "200": 40, "answered": 40, "answered_twice": 0}


def test_a_proxy_never_stands_before_this_machine(port, monkeypatch):
    """Proxy variables of the environment do not reach an endpoint on 127.0.0.1."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    rater = rater_of(base_url=f"http://127.0.0.1:{port}/v1")

    async def once():
        provider = open_provider(rater)
        try:
            return await provider.ask(cell(rater, TASKS[0]))
        finally:
            await provider.aclose()

    assert asyncio.run(once()).finish_reason == "stop"
