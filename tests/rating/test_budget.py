"""The budget: spent and reserved together never pass the limit."""

import asyncio
from contextlib import suppress

import pytest
from engine_room import asked

from scorer.domain.rating import Reply
from scorer.errors import BudgetError, PermanentError, RateLimitedError, ScorerError, TransientError
from scorer.rating import Budget, PaidProvider

(CELL,) = asked(1)
KEY = CELL.rater, CELL.rubric


def test_no_more_is_set_aside_than_there_is():
    """Of five requests at 1 each a budget of 3 lets three go; the others wait, and go as money comes back."""

    async def run():
        budget = Budget(3.0, {KEY: 1.0})
        going = [await budget.reserve(CELL) for _ in range(3)]
        waiting = [asyncio.create_task(budget.reserve(CELL)) for _ in range(2)]
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        budget.settle(CELL, going[0], 0.25)
        await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        budget.settle(CELL, going[1], 0.25)
        await asyncio.sleep(0)
        assert [one.done() for one in waiting] == [True, False]
        assert budget.spent_usd + budget.reserved_usd <= 3.0
        budget.settle(CELL, going[2], 1.0)
        budget.settle(CELL, await waiting[0], 1.0)
        return budget, await waiting[1]

    budget, last = asyncio.run(run())
    assert last is None
    assert budget.is_spent
    assert budget.spent_usd == 2.5


def test_an_unknown_cost_counts_as_all_that_was_set_aside():
    """What may have been billed is not taken back."""

    async def run():
        budget = Budget(1.5, {KEY: 1.0})
        budget.settle(CELL, await budget.reserve(CELL), None)
        return budget.spent_usd, await budget.reserve(CELL)

    assert asyncio.run(run()) == (1.0, None)


def test_a_dear_request_makes_the_next_one_dear():
    """After one that cost more than was thought of, as much is set aside for the next."""

    async def run():
        budget = Budget(10.0, {KEY: 1.0})
        budget.settle(CELL, await budget.reserve(CELL), 4.0)
        return [await budget.reserve(CELL), budget.reserved_usd + budget.spent_usd]

    assert asyncio.run(run()) == [4.0, 8.0]


@pytest.mark.parametrize("limit", [None, 5.0])
def test_closing_lets_nobody_wait(limit):
    """A run that stops sets nothing aside any more, and leaves nobody waiting."""

    async def run():
        budget = Budget(limit, {KEY: 3.0})
        await budget.reserve(CELL)
        waiting = asyncio.create_task(budget.reserve(CELL)) if limit else None
        await asyncio.sleep(0)
        budget.close()
        return await budget.reserve(CELL), await waiting if waiting else None

    assert asyncio.run(run()) == (None, None)


def test_without_a_limit_everything_goes_and_is_counted():
    """No limit, no waiting; the spending is still known."""

    async def run():
        budget = Budget()
        for _ in range(3):
            budget.settle(CELL, await budget.reserve(CELL), 0.5)
        return budget.spent_usd, budget.is_spent

    assert asyncio.run(run()) == (1.5, False)


class Scripted:
    """A provider that answers, or raises, as told."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)

    async def ask(self, _cell):
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@pytest.mark.parametrize(
    ("outcome", "spent"),
    [
        (Reply(body="", sent={}, text=""), 0.25),
        (RateLimitedError("slow down"), 0.0),
        (PermanentError("no"), 0.0),
        (TransientError("timed out"), 1.0),
        (asyncio.CancelledError(), 1.0),
    ],
    ids=["answer", "429", "refused", "unknown", "aborted"],
)
def test_every_attempt_is_counted(outcome, spent):
    """An answer costs what it cost, a refusal nothing, and what may have been billed counts in full."""

    async def run():
        budget = Budget(2.0, {KEY: 1.0})
        provider = PaidProvider(Scripted(outcome), budget, lambda _reply: 0.25)
        with suppress(ScorerError, asyncio.CancelledError):
            await provider.ask(CELL)
        return budget.spent_usd, budget.reserved_usd

    assert asyncio.run(run()) == (spent, 0.0)


def test_a_spent_budget_is_an_error_and_a_stop_is_none():
    """Where money is lacking the error says so; where the run stops the Cell just stays missing."""

    async def ask(budget):
        await PaidProvider(Scripted(), budget, lambda _reply: None).ask(CELL)

    with pytest.raises(BudgetError, match="raise --budget-usd"):
        asyncio.run(ask(Budget(0.5, {KEY: 1.0})))
    closed = Budget(5.0, {KEY: 1.0})
    closed.close()
    with pytest.raises(TransientError, match="stopped"):
        asyncio.run(ask(closed))
