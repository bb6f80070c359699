"""The pacer, on a clock of its own: every figure here is exact."""

import asyncio

import pytest
from pacing import Bucket, Time, endpoint_of, settle, simulate

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Limits
from scorer.errors import PermanentError
from scorer.rating.pacer import Pacer


def test_a_stated_limit_of_requests_is_filled_and_never_passed():
    """600 requests a minute for 20 s: at least 97 % are let through, and the endpoint refuses none."""
    serve, made = endpoint_of(lambda time: Bucket(10.0, time))
    simulate(Limits(rpm=600), serve, 20)
    assert len(made[0].taken) >= 0.97 * 200
    assert made[0].refused == []


def test_a_stated_limit_of_tokens_is_filled_though_the_estimate_is_too_high():
    """Requests set aside 1,500 tokens and use 1,000: what is left over is given back and used."""
    serve, made = endpoint_of(lambda time: Bucket(10_000.0, time), used=1000.0, latency_s=0.1)
    simulate(Limits(tpm=600_000), serve, 20, tokens=1500.0)
    assert len(made[0].taken) * 1000 >= 0.97 * 200_000
    assert made[0].refused == []


def test_tokens_of_requests_that_fail_are_given_back():
    """An endpoint that fails at every second request is asked twice as often for the same tokens."""

    async def serve(pacer, permit, time):
        served.append(time.now)
        if len(served) % 2:
            pacer.failed(permit)
        else:
            pacer.answered(permit, 100.0, None)

    served = []
    simulate(Limits(tpm=6_000), serve, 60, tokens=100.0, workers=2)
    assert len(served) == pytest.approx(2 * 60, rel=0.05)


def test_the_first_request_goes_alone_and_tells_the_limits():
    """Nobody else goes before the first answer; then the pace is the one of its headers."""
    gone = []

    async def serve(pacer, permit, time):
        gone.append(time.now)
        await time.sleep(2.0)
        pacer.answered(permit, 1.0, Allowance(rpm=600.0, tpm=None))

    pacer = simulate(Limits(), serve, 12)
    assert [at for at in gone if at < 2.0] == [0.0]
    assert len(gone) == pytest.approx(1 + 10 * 10, abs=5)
    assert pacer.rpm == 600


def test_where_the_first_request_fails_the_next_one_probes():
    """A probe that brings nothing hands its place on; nobody waits for ever."""
    gone = []

    async def serve(pacer, permit, time):
        gone.append(permit.is_probe)
        await time.sleep(1.0)
        if len(gone) < 3:
            pacer.failed(permit)
        else:
            pacer.answered(permit, None, None)

    simulate(Limits(), serve, 3.5, workers=5)
    assert gone == [True] * 3 + [False] * 5


def test_a_stated_wait_holds_everybody_up_once():
    """After a 429 that names 7 s nobody goes for 7 s; then all go on."""
    gone = []

    async def serve(pacer, permit, time):
        gone.append(time.now)
        await time.sleep(0.1)
        if len(gone) == 1:
            pacer.refused(permit, 7.0)
        else:
            pacer.answered(permit, 1.0, None)

    simulate(Limits(rpm=60_000), serve, 9, workers=1)
    assert gone[0] == 0.0
    assert gone[1] == pytest.approx(7.1, abs=0.11)
    assert len(gone) > 5


def test_a_failure_of_the_server_does_not_cut_the_pace():
    """500s change nothing: the next requests go as fast as before."""
    gone = []

    async def serve(pacer, permit, time):
        gone.append(time.now)
        await time.sleep(0.01)
        pacer.failed(permit)

    simulate(Limits(rpm=600), serve, 20)
    assert len(gone) >= 0.97 * 200


def test_a_request_beyond_the_limit_is_an_error_and_no_endless_wait():
    """A request of 9,000 tokens under a limit of 6,000 a minute says so at once, with what to do."""

    async def run():
        await Pacer(Limits(tpm=6_000)).turn(9_000)

    with pytest.raises(PermanentError, match=r"9,000 tokens.*6,000 a minute.*limits\.tpm"):
        asyncio.run(run())


def test_a_closed_pacer_lets_nobody_wait():
    """Who waits for a turn when the run stops gets none, at once, and so does who comes later."""

    async def run():
        time = Time()
        pacer = Pacer(Limits(rpm=1), clock=time, sleep=time.sleep)
        first = await pacer.turn(1.0)
        pacer.answered(first, 1.0, None)
        waiting = [asyncio.create_task(pacer.turn(1.0)) for _ in range(3)]
        await settle()
        pacer.close()
        await time.run_until(0.2)
        return [task.result() for task in waiting], await pacer.turn(1.0)

    assert asyncio.run(run()) == ([None, None, None], None)


def test_first_come_first_served():
    """Two raters at one endpoint share its pace by turns: neither starves."""
    order = []

    async def work(name, pacer, time):
        while permit := await pacer.turn(1.0):
            order.append(name)
            await time.sleep(0.001)
            pacer.answered(permit, 1.0, None)

    async def run():
        time = Time()
        pacer = Pacer(Limits(rpm=600), clock=time, sleep=time.sleep)
        tasks = [asyncio.create_task(work(name, pacer, time)) for name in ("one", "other")]
        await time.run_until(10)
        pacer.close()
        await time.run_until(11)
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert abs(order.count("one") - order.count("other")) <= 3


@pytest.mark.parametrize(
    ("limits", "at_once"),
    [(Limits(rpm=6000, concurrency=3), 3), (Limits(rpm=600), 50), (Limits(rpm=600_000), 256), (Limits(), 8)],
)
def test_requests_in_flight_are_as_stated_or_as_the_limit_needs(limits, at_once):
    """A stated concurrency holds; without one, a known limit decides how many are in flight."""
    assert Pacer(limits).at_once(limits) == at_once
