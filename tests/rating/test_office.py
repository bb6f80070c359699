"""The office: limits and money shared by all workers, whatever each asks for, and not lost with those that die."""

import asyncio
from collections import Counter

from engine_room import rater

from scorer.domain.allowance import Allowance
from scorer.domain.rating import Limits
from scorer.rating import Pacer
from scorer.rating.budget import Kind
from scorer.rating.cluster.leases import Seat, Stock
from scorer.rating.cluster.office import Dealer, Fate, Office, Outcome, Settlement

KIND = Kind("scripted", "coverage@1")


def test_a_limit_is_shared_evenly_whatever_is_asked_for():
    """Once a limit is in force, of three workers that want twenty, fifty or a hundred at once each gets a third."""

    async def run():
        dealer, got = Dealer(Pacer(Limits(rpm=60_000))), Counter()
        await dealer.deal(0.0, 600)  # half a second's worth goes at once

        async def work(most):
            while sum(got.values()) < 400:
                got[most] += len(await dealer.deal(0.0, most))

        async with asyncio.TaskGroup() as group:
            for most in (20, 50, 100):
                group.create_task(work(most))
        return got

    got = asyncio.run(run())
    assert max(got.values()) <= 1.25 * min(got.values())


def test_a_dead_worker_holds_up_nobody():
    """The one request that goes alone until the endpoint has answered was with a worker that died: others go on."""

    async def run():
        office = Office([rater()])
        probe = await office.permits("a", "scripted", 10.0, 8)
        waiting = asyncio.create_task(office.permits("b", "scripted", 10.0, 8))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        office.gone("a")
        await office.report("a", [Outcome(probe.numbers[0], Fate.FAILED)], [])  # too late, and no error
        return len(probe.numbers), len((await waiting).numbers)

    assert asyncio.run(run()) == (1, 8)


def test_what_a_dead_worker_held_counts_as_spent():
    """Money that nobody can say anything about any more is never given to somebody else."""

    async def run():
        office = Office([rater()], 100.0, {KIND: 1.0})
        held = await office.money("a", KIND, 8)
        (usd, *_) = held.amounts
        await office.report("a", [], [Settlement(KIND, usd, 0.25)])
        office.gone("a")
        return len(held.amounts), office.standing()

    held, standing = asyncio.run(run())
    assert held == 8
    assert (standing.spent_usd, standing.reserved_usd, standing.is_spent) == (7.25, 0.0, False)


def test_nobody_sits_on_money_that_another_needs():
    """The less is left the smaller a lease gets, and the last request is let go before the budget is called spent."""

    async def run():
        office, leases = Office([rater()], 20.0, {KIND: 1.0}), []
        for worker in range(20):
            leases.append(await office.money(str(worker), KIND, 8))
            if sum(len(one.amounts) for one in leases) == 20:
                break
        refused = asyncio.create_task(office.money("late", KIND, 8))
        for worker, lease in enumerate(leases):
            assert not refused.done()
            await office.report(str(worker), [], [Settlement(KIND, usd, None) for usd in lease.amounts])
        return [len(one.amounts) for one in leases], await refused, office.standing()

    sizes, refused, standing = asyncio.run(run())
    assert sizes == sorted(sizes, reverse=True)
    assert refused.amounts == ()
    assert "budget of 20.00 USD is spent" in refused.problem
    assert (standing.spent_usd, standing.is_spent) == (20.0, True)


def test_what_an_endpoint_says_of_its_limits_reaches_every_worker():
    """A limit that one worker was told of is the pace of all, and a refusal that one met is counted."""

    async def run():
        office = Office([rater()])
        (number,) = (await office.permits("a", "scripted", 10.0, 1)).numbers
        await office.report("a", [Outcome(number, Fate.ANSWERED, 10.0, Allowance(rpm=600.0))], [])
        (other,), rpm = await office.permits("b", "scripted", 10.0, 1)
        await office.report("b", [Outcome(other, Fate.REFUSED, wait_s=0.0)], [])
        return rpm, office.standing().refused

    assert asyncio.run(run()) == (600.0, {"scripted": 1})


def test_shares_add_up():
    """What may be in flight in all is shared among the seats without a rest, and without one too many."""
    for total in (1, 2, 7, 64):
        shares = [Seat(number, 3).share(total) for number in range(3)]
        assert sum(shares) == total
        assert max(shares) - min(shares) <= 1


def test_a_stock_takes_ahead_what_is_used_and_gives_the_rest_back():
    """Blocks grow with what is taken, so that a hundred takings need few fetches; at the end nothing is kept."""

    async def run():
        fetched, returned = [], []

        async def fetch(most):
            await asyncio.sleep(0)
            fetched.append(most)
            return list(range(most))

        stock = Stock(fetch, returned.extend, most=32)
        taken = [await stock.take() for _ in range(100)]
        stock.close()
        return fetched, taken, returned, await stock.take()

    fetched, taken, returned, last = asyncio.run(run())
    assert fetched[:6] == [1, 2, 4, 8, 16, 32]
    assert max(fetched) == 32
    assert len(taken) + len(returned) == sum(fetched)
    assert last is None
