"""A pacer on a clock of its own, and endpoints that take so much and no more: every figure is exact."""

import asyncio
from heapq import heappop, heappush
from itertools import count

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
