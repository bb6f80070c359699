"""scorer plan: what is missing, and what it would take; and the question that is put before money is spent."""

import sys
from collections.abc import Sequence

import typer

from scorer.cli.options import AsJson, Retry, with_selection
from scorer.cli.show import err, note, say, show_json, show_table
from scorer.cli.state import bench_of
from scorer.domain.money import SHOWN_TIERS
from scorer.errors import BudgetError
from scorer.workflows.rating.asked import Asked
from scorer.workflows.rating.outlook import Outlook, Terms
from scorer.workflows.rating.rate import plan

HOUR, DAY = 60, 60 * 24


@with_selection
def plan_command(context: typer.Context, asked: Asked, retry: Retry = None, as_json: AsJson = False) -> None:
    """Say which Cells are missing, why, and what they would cost. Nothing is sent."""
    outlook = plan(bench_of(context), asked.model_copy(update={"again": tuple(retry or ())}))
    if as_json:
        show_json(_as_json(outlook))
    else:
        show_outlook(outlook)


def show_outlook(outlook: Outlook) -> None:
    """The missing Cells by reason, and the estimates."""
    found = outlook.plan
    say(f"{found.missing:,} cells are missing, {found.present:,} have their answer{_waiting(found.in_flight)}")
    if not found.lines:
        return
    show_table("Missing", ("rater", "rubric", "variant", "reason", "cells"), found.lines, as_json=False)
    heads = ("rater", "rubric", "input_tokens", "output_tokens", *(f"{tier}_usd" for tier in SHOWN_TIERS))
    rows = [
        (
            *(one.rater, one.rubric, one.input_tokens, one.output_tokens),
            *(_usd(one.usd[tier]) for tier in SHOWN_TIERS),
            _time(one.minutes),
            one.basis,
        )
        for one in outlook.estimates
    ]
    show_table("What they would take", (*heads, "time", "tokens_from"), rows, as_json=False)
    sums = ", ".join(f"{_usd(usd)} USD {tier}" for tier, usd in outlook.usd.items() if usd is not None)
    say(f"in all {sums or 'an unknown sum'}; {_time(outlook.minutes)}")
    for line in dict.fromkeys(f"{one.rater}: {one.price}" for one in outlook.estimates):
        note(f"prices of {line}")


def terms(budget_usd: float | None, *, yes: bool, allow_unpriced: bool, stays: bool = True) -> Terms:
    """On which terms a command may spend; without --yes a person is asked."""
    return Terms(budget_usd, allow_unpriced, lambda outlook: yes or _confirmed(outlook), stays, tell=note)


def _confirmed(outlook: Outlook) -> bool:
    sum_usd = _usd(outlook.known_usd)
    if not (sys.stdin.isatty() and err.is_terminal):
        raise BudgetError(
            f"the plan is estimated at {sum_usd} USD, which nobody can confirm here; pass --yes, "
            "or raise `confirm_usd` in [budget] of scorer.toml"
        )
    show_outlook(outlook)
    return typer.confirm(f"Spend about {sum_usd} USD?", err=True)


def _waiting(in_flight: int) -> str:
    return f", {in_flight:,} are in flight in open batches (scorer runs watch)" if in_flight else ""


def _as_json(outlook: Outlook) -> dict[str, object]:
    estimates: Sequence[dict[str, object]] = [one._asdict() for one in outlook.estimates]
    return {
        "missing": outlook.plan.missing,
        "present": outlook.plan.present,
        "in_flight": outlook.plan.in_flight,
        "lines": [line._asdict() for line in outlook.plan.lines],
        "estimates": estimates,
        "usd": outlook.usd,
        "minutes": outlook.minutes,
    }


def _usd(usd: float | None) -> str:
    """Cents for what costs a dollar or more, four digits below."""
    if usd is None:
        return "unknown"
    return f"{usd:,.2f}" if usd >= 1 or not usd else f"{usd:.4f}"


def _time(minutes: float | None) -> str:
    if minutes is None:
        return "time unknown"
    if 0 < minutes < 0.1:  # noqa: PLR2004 - what one decimal would print as none
        return "under 0.1 min"
    if minutes < HOUR:
        return f"{minutes:.1f} min"
    return f"{minutes / HOUR:.1f} h" if minutes < DAY else f"{minutes / DAY:.1f} days"
