"""The engine through the real SDK, journal and store: every Cell one Rating, whatever the endpoint does."""

import asyncio
import json

import httpx2
import pytest
from engine_room import QUICK, RUN, Endpoint, Room, asked, fails, question, rater, says, speaks

from scorer.domain.rating import Price, Status
from scorer.errors import PermanentError
from scorer.rating import Patience
from scorer.rating.plan import Reason

ONE = rater()


def test_every_cell_gets_exactly_one_rating(room):
    """Thirty Cells make thirty requests and thirty rows, journalled and stored, each under its own Cell hash."""
    todo, endpoint = asked(30), Endpoint()
    progress = room.rate(todo, (ONE, endpoint))
    assert [one.cell_hash for one in room.stored(todo)] == [cell.cell_hash for cell in todo]
    assert room.rows() == len(room.journalled()) == len(endpoint.requests) == progress.done == 30
    assert progress.statuses == {("scripted", Status.RATED): 30}


def test_concurrency_is_used_and_never_exceeded(room):
    """A rater that takes three requests at once gets three, and never a fourth."""
    who, endpoint = rater(concurrency=3), Endpoint(latency_s=0.005)
    room.rate(asked(20, who), (who, endpoint))
    assert endpoint.most_in_flight == 3


def test_a_slow_rater_does_not_hold_up_a_fast_one(room):
    """The fast rater is through with all its Cells before the slow one has answered its first."""
    slow, fast = rater("slow", concurrency=1), rater("fast", concurrency=1)
    fast_is_through = asyncio.Event()

    class Patient(Endpoint):
        async def wait(self, _task):
            await asyncio.wait_for(fast_is_through.wait(), 30)

    def watch(progress):
        if progress.statuses["fast", Status.RATED] == 25:
            fast_is_through.set()

    progress = room.rate(asked(25, slow, fast), (slow, Patient()), (fast, Endpoint()), observe=watch)
    assert progress.done == 50


def test_transient_errors_are_retried_and_counted(room):
    """A 500, then a lost connection, then an answer: one row with three attempts."""
    troubles = {1: fails(500), 2: httpx2.ConnectError("gone")}
    todo, endpoint = asked(3), Endpoint(lambda task, attempt: troubles.get(attempt, says()) if task == 1 else says())
    progress = room.rate(todo, (ONE, endpoint))
    assert [one.attempts for one in room.stored(todo)] == [1, 3, 1]
    assert [one.status for one in room.stored(todo)] == [Status.RATED] * 3
    assert progress.retried == 2


def test_a_cell_whose_attempts_are_spent_has_failed_and_is_planned_again(room):
    """The failure is a row with its problem and no number; the next plan asks that Cell alone, and it can succeed."""
    todo, endpoint = asked(3), Endpoint(lambda task, _attempt: fails(503) if task == 1 else says())
    room.rate(todo, (ONE, endpoint))
    failed = room.stored(todo)[1]
    assert (failed.status, failed.score, failed.attempts) == (Status.FAILED, None, QUICK.attempts)
    assert "503" in failed.problem
    plan = room.plan(question(3))
    (again,) = plan.queues["scripted"]
    assert again.task_id == "1"
    assert plan.lines[0].reason is Reason.FAILED_BEFORE
    room.rate([again], (ONE, Endpoint()), run_id="run-2")
    assert room.stored(todo)[1].status is Status.RATED
    assert room.missing(todo) == []


def test_a_permanent_error_stops_at_once_and_keeps_what_was_in_flight(room):
    """After the first 401 nothing is sent; the three answers under way arrive, are stored, and then it is raised."""

    class Closing(Endpoint):
        async def wait(self, task):
            await asyncio.sleep(0.03 if task == 4 else 0.06 if task > 4 else 0.001)

    todo, endpoint = asked(40), Closing(lambda task, _attempt: fails(401) if task == 4 else says())
    with pytest.raises(PermanentError, match="401"):
        room.rate(todo, (ONE, endpoint))
    assert len(endpoint.requests) == 8
    assert sorted(int(one.task_id) for one in room.stored(todo)) == [0, 1, 2, 3, 5, 6, 7]
    assert room.progress.stopping


def test_a_permanent_error_stops_the_other_raters_too(room):
    """A run with one bad key spends no more money at the other endpoint than what is under way."""
    good, bad = rater("good", concurrency=2), rater("bad")
    endpoint = Endpoint(latency_s=0.02)
    with pytest.raises(PermanentError):
        room.rate(asked(50, good, bad), (good, endpoint), (bad, Endpoint(lambda _task, _attempt: fails(403))))
    assert len(endpoint.requests) == room.rows() == 1  # the first request goes alone


def test_an_error_of_our_own_does_not_cancel_what_is_in_flight(room):
    """A display that breaks stops the run; answers under way still arrive and are kept; the error is raised bare."""

    def broken(progress):
        if progress.done > 1:
            raise BrokenPipeError("nobody listens")

    todo, endpoint = asked(20), Endpoint(latency_s=0.005)
    with pytest.raises(BrokenPipeError):
        room.rate(todo, (ONE, endpoint), observe=broken)
    assert len(endpoint.requests) == room.rows() == 5  # the first one alone, then four at once


STATUSES = {
    Status.RATED: says("75"),
    Status.REFUSED: speaks(None, message={"refusal": "I will not rate this."}),
    Status.TRUNCATED: speaks('{"evidence": "none", "rati', choice={"finish_reason": "length"}),
    Status.UNPARSABLE: speaks("About half of it, I should think."),
    Status.OFF_SCALE: says("60"),
    Status.CANNOT_JUDGE: says("cannot_judge"),
}


def test_an_answer_of_any_kind_becomes_a_row_of_its_status(room):
    """Refused, truncated, prose, off the scale, cannot judge: each is a row without a number, and not asked again."""
    replies = list(STATUSES.values())
    todo, endpoint = asked(len(replies)), Endpoint(lambda task, _attempt: replies[task])
    room.rate(todo, (ONE, endpoint))
    rows = room.stored(todo)
    assert [one.status for one in rows] == list(STATUSES)
    assert [one.score for one in rows] == [75.0, None, None, None, None, None]
    assert all(one.problem for one in rows[1:5])
    assert len(endpoint.requests) == len(replies)
    assert room.missing(todo) == []


def test_bodies_are_kept_as_they_came_and_went(room):
    """The store holds the response byte for byte, odd spacing and unknown fields included, and the request as sent."""
    body = json.dumps(json.loads(says().content) | {"new_field": ["\u2028 ü", 1.0]}, indent=3, ensure_ascii=False)
    todo, endpoint = asked(1), Endpoint(lambda _task, _attempt: httpx2.Response(200, content=body.encode()))
    room.rate(todo, (ONE, endpoint))
    (kept,) = room.stored(todo)
    assert kept.raw == ({"request": endpoint.requests[0], "response": body},)
    assert kept.params_sent == todo[0].params


def test_tokens_and_cost_are_recorded(room):
    """1,000 tokens in (600 cached), 100 out (40 of reasoning) at 2, .5 and 10 dollars a million cost .0021 dollars."""
    who = rater(price=Price(input=2.0, output=10.0, cached_input=0.5))
    todo = asked(2, who)
    progress = room.rate(todo, (who, Endpoint()))
    kept = room.stored(todo)[0]
    assert (kept.input_tokens, kept.cached_tokens, kept.output_tokens, kept.reasoning_tokens) == (1000, 600, 100, 40)
    assert kept.cost_usd == pytest.approx(0.0021)
    assert progress.cost_usd == pytest.approx(0.0042)
    assert (kept.run_id, kept.served_model, kept.finish_reason) == (RUN, "served", "stop")


def test_repeats_are_really_asked_again(room):
    """Three repeats of a Cell are three requests, and each row holds the answer to its own."""
    categories = {1: "0", 2: "50", 3: "100"}
    who = rater(concurrency=1)
    todo, endpoint = asked(2, who, repeats=3), Endpoint(lambda _task, attempt: says(categories[attempt]))
    room.rate(todo, (who, endpoint))
    assert dict(endpoint.attempts) == {0: 3, 1: 3}
    rows = room.stored(todo)
    assert sorted((one.task_id, one.repeat, one.category) for one in rows) == [
        (task, repeat, categories[repeat + 1]) for task in ("0", "1") for repeat in range(3)
    ]
    assert len({one.raw[0]["response"] for one in rows}) == 3


def test_the_second_rater_is_sent_what_the_first_was(room):
    """Whoever comes second gets the same messages, byte for byte: no shorter prompt, no word of the first answer."""
    first, second = rater("first"), rater("second")
    seen = {"first": Endpoint(), "second": Endpoint(lambda _task, _attempt: says("0"))}
    room.rate(asked(6, first, second), (first, seen["first"]), (second, seen["second"]))
    sent = {
        name: sorted(json.dumps(request["messages"]) for request in endpoint.requests)
        for name, endpoint in seen.items()
    }
    assert sent["first"] == sent["second"]
    assert len(set(sent["first"])) == 6
    assert {request["model"] for request in seen["second"].requests} == {"second-model"}


def test_a_transient_error_while_a_run_stops_leaves_the_cell_missing(tmp_path, room):
    """A Cell that waited for its next attempt when the run stopped has not failed: it never had its attempts."""
    who = rater(concurrency=2)
    wait_long = Patience(attempts=9, elapsed_s=600.0)

    class Late(Endpoint):
        async def wait(self, task):
            await asyncio.sleep(0.05 if task else 0)

    endpoint = Late(lambda task, _attempt: fails(401) if task else fails(503, **{"retry-after": "300"}))
    todo = asked(5, who)
    with pytest.raises(PermanentError):
        room.rate(todo, (who, endpoint), patience=wait_long)
    assert dict(endpoint.attempts) == {0: 1, 1: 1}
    assert room.rows() == 0
    assert Room(tmp_path).store.ratings.known() == {}
