"""The pace where nobody states a limit: refusals are weighed by their share, on a clock of its own."""

import asyncio
import random

import pytest
from pacing import Bucket, Time, endpoint_of, simulate

from scorer.domain.rating import Limits
from scorer.rating.pacer import Pacer


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
