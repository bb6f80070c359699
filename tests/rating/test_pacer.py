"""The pacer, on a clock of its own: every figure here is exact."""

import asyncio
import random
from heapq import heappop, heappush
from itertools import count

import pytest

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Limits
from scorer.errors import PermanentError
from scorer.rating.pacer import Pacer


class Time:
    """A clock that goes on when everybody sleeps."""

    def __init__(self):
        self.now, self.sleepers, self.number = 0.0, [], count()

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        woken = asyncio.get_running_loop().create_future()
        heappush(self.sleepers, (self.now + seconds, next(self.number), woken))
        await woken

    async def run_until(self, end):
        """Wake who sleeps, in order, until that moment."""
        await settle()
        while self.sleepers and self.sleepers[0][0] <= end:
            self.now, _, woken = heappop(self.sleepers)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.now = end


async def settle():
    """Let everybody work until all wait."""
    await asyncio.sleep(0)
    while asyncio.get_running_loop()._ready:  # noqa: ASYNC110 - what is looked at is the loop itself
        await asyncio.sleep(0)


class Bucket:
    """An endpoint that takes so much a second, and a second's worth at once; counts what it lets in and refuses."""

    def __init__(self, per_s, time):
        self.per_s, self.time, self.left, self.at = per_s, time, per_s, 0.0
        self.taken, self.refused = [], []

    def takes(self, amount=1.0):
        self.left = min(self.per_s, self.left + (self.time.now - self.at) * self.per_s)
        self.at = self.time.now
        fits = self.left >= amount
        self.left -= amount if fits else 0.0
        (self.taken if fits else self.refused).append(self.time.now)
        return fits


def simulate(limits, serve, seconds, workers=200, tokens=1.0, **options):
    """Workers that ask one after the other for so many seconds; `serve(pacer, permit, time)` is one request."""

    async def work(pacer, time):
        while permit := await pacer.turn(tokens):
            await serve(pacer, permit, time)

    async def run():
        time = Time()
        pacer = Pacer(limits, clock=time, sleep=time.sleep, **options)
        tasks = [asyncio.create_task(work(pacer, time)) for _ in range(workers)]
        await time.run_until(seconds)
        pacer.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return pacer

    return asyncio.run(run())


def endpoint_of(bucket_of, used=1.0, latency_s=0.5, said=None):
    """One request at an endpoint with a bucket; the bucket is made on first use."""
    made = []

    async def serve(pacer, permit, time):
        if not made:
            made.append(bucket_of(time))
        if made[0].takes(used):
            await time.sleep(latency_s)
            pacer.answered(permit, used, said)
        else:
            pacer.refused(permit, None)

    return serve, made


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


def test_without_headers_refusals_find_the_pace():
    """Where nothing is stated, most of a limit of 20 a second is used and less than one request in twenty refused."""
    serve, made = endpoint_of(lambda time: Bucket(20.0, time), latency_s=0.05)
    simulate(Limits(), serve, 60, workers=50)
    late = [at for at in made[0].taken if at > 10]
    assert len(late) > 0.75 * 20 * 50
    assert len([at for at in made[0].refused if at > 10]) < len(late) / 20


def test_one_wave_of_refusals_is_one_decrease_by_the_share_refused():
    """Of fifty requests that went together ten are refused: the pace is cut once, by what the ten say."""

    async def run():
        time = Time()
        pacer = Pacer(Limits(rpm=6_000_000), clock=time, sleep=time.sleep)
        permits = [await pacer.turn(1.0) for _ in range(50)]
        time.now = 1.0
        for permit in permits[:10]:
            pacer.refused(permit, None)
        return pacer._pace.per_s

    excess = 10 / 50 - 0.03
    assert asyncio.run(run()) == pytest.approx(50 * (1 - excess) * (1 - 0.1))


def at_random(share, latency_s=0.2):
    """An endpoint without a limit that refuses a share of the requests, whatever their pace."""
    rng, outcomes = random.Random(5), []  # noqa: S311 - guards nothing

    async def serve(pacer, permit, time):
        await time.sleep(latency_s)
        outcomes.append(time.now)
        if rng.random() < share:
            pacer.refused(permit, None)
        else:
            pacer.answered(permit, 1.0, None)

    return serve, outcomes


@pytest.mark.parametrize(("share", "least"), [(0.02, 0.9), (0.1, 0.1)])
def test_isolated_refusals_hardly_slow_the_pace(share, least):
    """Of what 20 workers could ask nine tenths are asked where 2 % are refused at random, and some where 10 % are."""
    serve, outcomes = at_random(share)
    simulate(Limits(), serve, 60, workers=20)
    assert len(outcomes) >= least * 20 / 0.2 * 60


def test_a_limit_that_falls_is_found_again():
    """From 20 a second to 4: within half a minute the pace fits, and is neither lost nor far too fast."""
    made = []

    async def serve(pacer, permit, time):
        if not made:
            made.append(Bucket(20.0, time))
        if time.now > 30:
            made[0].per_s = 4.0
        if made[0].takes():
            await time.sleep(0.05)
            pacer.answered(permit, 1.0, None)
        else:
            pacer.refused(permit, None)

    simulate(Limits(), serve, 120, workers=50)
    taken, refused = ([at for at in found if at > 60] for found in (made[0].taken, made[0].refused))
    assert len(taken) > 0.75 * 4 * 60
    assert len(refused) < len(taken) / 8


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
