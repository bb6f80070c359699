"""Several hands and one journal: whoever dies, every Cell gets one Rating, at one pace, within one budget."""

import asyncio
import random
import signal

import httpx2
import pytest
from asking import KEY, KEY_NAME
from engine_room import RUBRIC, RUN, Endpoint, asked, by_rater, fails, rater, says

from scorer.domain.money import ONLINE, PriceList, Rates, Tariff
from scorer.domain.rating import Status
from scorer.errors import BudgetError, ConfigurationError, PermanentError, RunError
from scorer.providers import open_provider
from scorer.rating import Budget, ClusterEngine, Job, Journal, Sink
from scorer.rating.cluster import crew
from scorer.rating.cluster.crew import LostError
from scorer.rating.cluster.hand import Hand, Orders
from scorer.rating.cluster.office import Office

WHO = rater(concurrency=6, api_key_env=KEY_NAME)
PRICES = PriceList({ONLINE: Tariff((Rates(1000.0, 0.0, 1000.0),))}, "stated")
"""Of a request that takes 1,000 input tokens: one dollar."""


class NearHand:
    """A hand in this process, which may die at any moment."""

    def __init__(self, hand):
        self.hand, self.is_dead = hand, False

    async def exchange(self, cells):
        exchange = asyncio.ensure_future(self.hand.exchange(cells))
        await asyncio.wait({exchange})
        if self.is_dead:
            raise LostError
        return exchange.result()

    async def stop(self):
        await self.hand.stop()

    def die(self):
        self.is_dead = True
        self.hand._work.cancel()


class NearCluster:
    """Office and hands in this process."""

    def __init__(self, job, seats):
        self.seats, self.office, self.hands = (
            seats,
            Office(job.raters.values(), job.budget.limit_usd, job.budget.cell_usd),
            {},
        )
        self.orders = Orders(job.run_id, job.raters, job.rubrics, job.prices, seats)

    async def hire(self, name, seat):
        hand = Hand(name, seat, self.orders, self.office)
        wants = await hand.begin()
        self.hands[name] = NearHand(hand)
        return self.hands[name], wants

    async def gone(self, name):
        self.office.gone(name)

    async def close(self):
        self.office.close()

    async def standing(self):
        return self.office.standing()


@pytest.fixture
def rate(room, monkeypatch):
    """Rates Cells with so many hands in this process; gives the Progress and the cluster."""
    monkeypatch.setenv(KEY_NAME, KEY)

    def run(todo, endpoint, *, seats=2, who=WHO, budget=None, watch=None, cluster_of=NearCluster):
        async def go():
            client = httpx2.AsyncClient(transport=httpx2.MockTransport(endpoint.handle))
            monkeypatch.setattr(
                "scorer.rating.cluster.hand.open_provider", lambda asked_of: open_provider(asked_of, client)
            )
            async with client:
                with Journal(room.runs_dir / RUN) as journal:
                    job = Job(
                        RUN,
                        {who.name: who},
                        {RUBRIC.id: RUBRIC},
                        {who.name: PRICES},
                        budget or Budget(),
                        Sink(journal, room.store.ratings.add),
                        lambda progress: watch(progress, cluster) if watch else None,
                    )
                    cluster = cluster_of(job, seats)
                    room.cluster = cluster
                    return await ClusterEngine(job, cluster).rate(todo if isinstance(todo, dict) else by_rater(todo))

        return asyncio.run(go())

    return run


def test_hands_that_die_lose_and_double_nothing(room, rate):
    """Six of the hands die at seeded moments: every Cell has one Rating, and only what they held was asked again."""
    chance, drawn = random.Random(7), []  # noqa: S311 - guards nothing
    deaths = sorted(chance.sample(range(5, 180), 6), reverse=True)
    todo = asked(200, WHO)

    class Queue(list):
        def __iter__(self):
            for cell in super().__iter__():
                drawn.append(cell)
                yield cell

    def kill(progress, cluster):
        assert len(drawn) - progress.done <= 3 * 32  # what the living hands hold, and one that has just died
        living = [hand for hand in cluster.hands.values() if not hand.is_dead]
        if deaths and progress.done >= deaths[-1]:
            deaths.pop()
            chance.choice(living).die()

    endpoint = Endpoint(latency_s=0.001)
    progress = rate({WHO.name: Queue(todo)}, endpoint, watch=kill)
    assert deaths == []
    assert progress.done == room.rows() == len(room.stored(todo)) == 200
    assert len(room.journalled()) == 200
    assert len(endpoint.requests) <= 200 + 6 * 32
    assert endpoint.most_in_flight <= 6 + 6  # those of the dead may still be on their way
    assert progress.flights == {}


def test_the_budget_holds_for_all_hands_together(room, rate):
    """Of 60 requests at a dollar each a budget of 20 lets 20 go, though one hand dies with some of it in its pocket."""
    budget = Budget(20.0, {(WHO.name, RUBRIC.id): 1.0})
    todo, endpoint, dead = asked(60, WHO), Endpoint(latency_s=0.002), []

    def kill(progress, cluster):
        if progress.done >= 5 and not dead:
            dead.append(next(iter(cluster.hands.values())))
            dead[0].die()

    with pytest.raises(BudgetError, match=r"budget of 20\.00 USD is spent"):
        rate(todo, endpoint, budget=budget, watch=kill)
    assert dead
    assert len(endpoint.answered) <= 20
    assert budget.is_spent
    assert len(endpoint.answered) <= budget.spent_usd <= 20.0
    assert budget.reserved_usd == 0
    assert room.rows() == len(room.stored(todo)) <= len(endpoint.answered)


def test_what_will_never_succeed_ends_the_run(room, rate):
    """A refused key stops all hands; what arrived before is stored, and the error is raised as it was."""
    endpoint = Endpoint(lambda task, _attempt: fails(401) if task == 20 else says(), latency_s=0.001)
    todo = asked(200, WHO)
    with pytest.raises(PermanentError, match="401"):
        rate(todo, endpoint)
    assert room.rows() == len(endpoint.answered) < 200
    assert len(endpoint.requests) <= len(endpoint.answered) + 1


def test_what_fails_is_tried_again_where_it_failed(room, rate):
    """A server's error is met by the hand that met it, and shown in the attempts of the Rating."""
    endpoint = Endpoint(
        lambda task, attempt: fails(500, **{"retry-after": "0"}) if task % 7 == 0 and attempt < 3 else says()
    )
    todo = asked(30, WHO)
    rate(todo, endpoint)
    assert {one.status for one in room.stored(todo)} == {Status.RATED}
    assert {one.attempts for one in room.stored(todo) if int(one.task_id) % 7 == 0} == {3}


def test_an_interrupt_drains_every_hand(room, rate):
    """After Ctrl-C nothing is sent, what is in flight is answered and stored, and the rest is missing."""
    sent = []

    def interrupt(progress, _cluster):
        if progress.done >= 10 and not sent:
            sent.append(len(endpoint.requests))
            signal.raise_signal(signal.SIGINT)

    todo, endpoint = asked(200, WHO), Endpoint(latency_s=0.01)
    progress = rate(todo, endpoint, watch=interrupt)
    assert progress.stopping
    assert len(endpoint.requests) == len(endpoint.answered) == room.rows() == progress.done
    assert progress.done <= sent[0] + 12
    assert len(room.missing(todo)) == 200 - progress.done


def test_a_cluster_that_cannot_do_the_work_says_why(room, rate, monkeypatch):
    """No key on a node, or hands that die at once, each end the run with one clear error, and nothing is stored."""

    class Deadly(NearCluster):
        async def hire(self, _name, _seat):
            raise LostError

    todo = asked(3, WHO)
    with pytest.raises(RunError, match="died one after the other"):
        rate(todo, Endpoint(), cluster_of=Deadly)
    monkeypatch.delenv(KEY_NAME)
    with pytest.raises(ConfigurationError, match=KEY_NAME):
        rate(todo, Endpoint())
    assert room.rows() == 0


def test_a_cluster_without_room_is_not_waited_for_without_end(rate, monkeypatch):
    """Where nobody can be hired for a minute the run says so."""

    class Full(NearCluster):
        async def hire(self, _name, _seat):
            await asyncio.sleep(60)

    monkeypatch.setattr(crew, "HIRING_S", 0.05)
    with pytest.raises(RunError, match="no room for a worker"):
        rate(asked(3, WHO), Endpoint(), cluster_of=Full)
