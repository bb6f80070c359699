"""The outlook of a plan: what is missing, what that would take, and whether it may be spent."""

from collections.abc import Callable
from typing import NamedTuple

from scorer.domain.money import SHOWN_TIERS, PriceList
from scorer.errors import BudgetError
from scorer.providers import price_list
from scorer.rating import Estimate, Plan, estimates, make_plan
from scorer.workflows.rating.asked import Question
from scorer.workflows.workspace.bench import Bench


class Outlook(NamedTuple):
    """A plan and what it would take.

    Attributes:
        plan: what is missing.
        estimates: by rater and rubric.
        prices: by rater name.
    """

    plan: Plan
    estimates: tuple[Estimate, ...]
    prices: dict[str, PriceList]

    @property
    def usd(self) -> dict[str, float | None]:
        """The estimated sum in each service tier; None where one rater has no price there."""
        return {tier: _sum([one.usd[tier] for one in self.estimates]) for tier in SHOWN_TIERS}

    @property
    def known_usd(self) -> float:
        """The estimated sum in the tiers that the raters ask for, as far as prices are known."""
        return sum(one.tier_usd or 0.0 for one in self.estimates)

    @property
    def cell_usd(self) -> dict[tuple[str, str], float]:
        """What asking about one Cell may cost at most, by rater and rubric; those of unknown price are left out."""
        return {(one.rater, one.rubric): one.cell_usd for one in self.estimates if one.cell_usd is not None}

    @property
    def unpriced(self) -> tuple[Estimate, ...]:
        """What has no known price in the tier that its rater asks for."""
        return tuple(one for one in self.estimates if one.tier_usd is None)

    @property
    def minutes(self) -> float | None:
        """The time of the slowest rater, since they work side by side; None where one rater's is not known."""
        by_rater: dict[str, list[float | None]] = {}
        for one in self.estimates:
            by_rater.setdefault(one.rater, []).append(one.minutes)
        sums = [_sum(found) for found in by_rater.values()]
        return None if None in sums else max((one for one in sums if one is not None), default=0.0)


class Terms(NamedTuple):
    """On which terms a run is carried out.

    Attributes:
        budget_usd: not more than so much; None: what scorer.toml says.
        allow_unpriced: ask raters whose price nobody knows, too; no budget counts them.
        confirm: asked before more is spent than scorer.toml lets pass without a word; False: nothing is sent.
        stays: whether it stays until all is done where another process could go on.
        tell: is told, in a line, of what a person should know.
    """

    budget_usd: float | None = None
    allow_unpriced: bool = False
    confirm: Callable[[Outlook], bool] = lambda _outlook: True
    stays: bool = True
    tell: Callable[[str], None] = lambda _line: None


FREELY = Terms()


def foresee(bench: Bench, question: Question, tier: str | None = None) -> Outlook:
    """What is missing of a question and what it would take in a service tier; nothing is sent.

    Args:
        bench: the workspace.
        question: what is asked.
        tier: in which all is asked; None: in the one that each rater asks for.
    """
    ratings = bench.store.ratings
    in_flight = bench.store.batches.in_flight()  # before the past: what is collected in between is in one of them
    past = ratings.past([rater.name for rater in question.raters], [rubric.name for rubric in question.rubrics])
    plan = make_plan(question.asking(), past._replace(in_flight=in_flight), question.again)
    prices = {rater.name: price_list(rater) for rater in question.raters}
    return Outlook(plan, estimates(plan, ratings.usual(), prices, tier), prices)


def agree(bench: Bench, outlook: Outlook, terms: Terms) -> float | None:
    """The budget in USD under which the plan may be carried out; None where there is none.

    Raises:
        BudgetError: a price is not known and that was not allowed, or the sum was not confirmed.
    """
    if outlook.unpriced and not terms.allow_unpriced:
        raise BudgetError("\n".join(dict.fromkeys(map(_unpriced, outlook.unpriced))))
    budget = bench.settings.budget.usd if terms.budget_usd is None else terms.budget_usd
    foreseen = min(outlook.known_usd, budget) if budget is not None else outlook.known_usd
    if foreseen > bench.settings.budget.confirm_usd and not terms.confirm(outlook):
        raise BudgetError("nothing was sent: the plan was not confirmed")
    return budget


def _unpriced(one: Estimate) -> str:
    source = one.price if not any(one.usd.values()) else f"its service tier has no known price ({one.price})"
    return (
        f"rater `{one.rater}`: {source}; state `price` in [raters.{one.rater}] of scorer.toml, "
        "or pass --allow-unpriced to spend without knowing how much"
    )


def _sum(found: list[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return sum(known) if len(known) == len(found) else None
