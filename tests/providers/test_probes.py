"""Probes are asked one by one, question by question, and come back as one reply."""

import asyncio
import json

import httpx2
import pytest
from asking import cell_of, rater_of
from fake_openai import completion

from scorer.domain.rating import AskedProbe, Message, Reply, Usage
from scorer.errors import TransientError
from scorer.providers import Endpoint, open_provider
from scorer.providers.probes import Lift, ProbeProvider

QUESTIONS = ("half", "physical")


class Recorder:
    """A provider that notes what it is asked and how many at once."""

    def __init__(self, failing=()):
        self.asked, self.in_flight, self.most, self.failing = [], 0, 0, set(failing)

    async def ask(self, cell):
        question, task = cell.messages[0].content, cell.messages[-1].content
        self.asked.append((question, task))
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        if (question, task) in self.failing:
            self.failing.remove((question, task))
            raise TransientError("once")
        return Reply(body=f"{question} {task}", sent={}, text=None, usage=Usage(input_tokens=5), latency_ms=2.0)

    async def aclose(self):
        pass


def cell(task: str, rater=None):
    probes = tuple(AskedProbe(name=q, opening=(Message(role="system", content=q),)) for q in QUESTIONS)
    made = cell_of(rater or rater_of(answer="probes"), Message(role="user", content=task))
    return made.model_copy(update={"probes": probes})


def ask_all(single: Recorder, n: int, at_once: int, lift: Lift | None):
    """As the engine does: workers that draw the next Cell as soon as they have an answer."""

    async def run():
        provider, queue, replies = ProbeProvider(single, lift), iter(range(n)), {}

        async def work():
            for number in queue:
                try:
                    replies[number] = await provider.ask(cell(f"task {number}"))
                except TransientError as error:
                    replies[number] = error

        await asyncio.gather(*(work() for _ in range(at_once)))
        return replies

    return asyncio.run(run())


def test_a_probe_that_two_rubrics_share_is_asked_once():
    """The other rubric's Cell has the same replies for nothing; the same rubric, or a repeat, is really asked anew."""
    single = Recorder()

    async def run():
        provider, first = ProbeProvider(single, Lift()), cell("task 1")
        again = [{}, {"rubric": "exposure@1"}, {}, {"rubric": "exposure@1", "repeat": 1}]
        return [await provider.ask(first.model_copy(update=changed)) for changed in again]

    replies = asyncio.run(run())

    assert len(single.asked) == 6
    assert [reply.usage.input_tokens for reply in replies] == [10, 0, 10, 10]
    assert {reply.probes["half"].body for reply in replies} == {"half task 1"}


def test_one_request_is_in_flight_and_questions_change_rarely():
    """With eight Cells at work the question changes about every eighth request, and every Cell has all its replies."""
    single = Recorder()

    replies = ask_all(single, 40, 8, Lift())

    assert single.most == 1
    assert len(single.asked) == 80
    assert sum(a[0] != b[0] for a, b in zip(single.asked, single.asked[1:], strict=False)) <= 12
    assert [set(reply.probes) for reply in replies.values()] == [set(QUESTIONS)] * 40


def test_the_order_of_requests_follows_from_the_order_of_cells():
    """The same Cells are asked in the same order every time: what the cache holds is part of a reading."""
    first, second = Recorder(), Recorder()
    ask_all(first, 30, 7, Lift())
    ask_all(second, 30, 7, Lift())

    assert first.asked == second.asked
    assert sorted(first.asked) != first.asked


def test_the_lift_goes_on_after_an_error_and_after_a_cancelled_passenger():
    """A request that fails, or whose caller has gone away, holds nobody up."""

    async def run():
        lift, seen = Lift(), []

        async def ride(name):
            async with lift.ride(name):
                seen.append(name)
                await asyncio.sleep(0)
                if name == "bad":
                    raise TransientError("no")

        riders = [asyncio.create_task(ride(name)) for name in ("a", "bad", "gone", "b")]
        await asyncio.sleep(0)
        riders[2].cancel()
        await asyncio.gather(*riders, return_exceptions=True)
        return seen

    assert asyncio.run(run()) == ["a", "bad", "b"]


def test_an_error_of_one_probe_is_an_error_of_its_cell_alone():
    """The Cell is asked anew as a whole by whoever retries; the other Cells have their replies."""
    replies = ask_all(Recorder(failing=[("physical", "task 1")]), 3, 3, Lift())

    assert isinstance(replies[1], TransientError)
    assert isinstance(replies[0], Reply)
    assert isinstance(replies[2], Reply)


def test_replies_add_up():
    """Tokens and times of a Cell are the sums of its requests; each exchange is kept under the name of its probe."""
    (reply,) = ask_all(Recorder(), 1, 1, None).values()

    assert (reply.usage.input_tokens, reply.usage.output_tokens, reply.latency_ms) == (10, None, 4.0)
    assert [(one["probe"], one["response"]) for one in reply.exchanges] == [
        ("half", "half task 0"),
        ("physical", "physical task 0"),
    ]


@pytest.mark.parametrize("provider", ["openai", "embedded"])
def test_probes_go_through_the_ordinary_provider(provider, monkeypatch):
    """Each probe is one chat request of the real SDK: the question first, the task last, one token asked for."""
    monkeypatch.setenv("SCORER_TEST_KEY", "sk-test")
    sent = []

    def handle(request):
        sent.append(json.loads(request.content))
        return httpx2.Response(200, json=completion("Yes"))

    rater = rater_of(answer="probes", provider=provider)

    async def run():
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(handle)) as client:
            return await open_provider(rater, client, Endpoint("http://127.0.0.1:9/v1", "k")).ask(cell("task", rater))

    reply = asyncio.run(run())

    assert [[m["content"] for m in one["messages"]] for one in sent] == [["half", "task"], ["physical", "task"]]
    assert {(one["max_tokens"], one["top_logprobs"], one["temperature"]) for one in sent} == {(1, 20, 0)}
    assert [one.text for one in reply.probes.values()] == ["Yes", "Yes"]
