"""Do the intervals hold what they say? Simulates them and writes the answer, cell by cell, to docs/simulations.md.

    python benchmarks/simulate.py            the page: 4,000 draws a cell, about a minute
    python benchmarks/simulate.py --draws N  the same tables from N draws, printed and not written

Everything runs through the code that makes published intervals; seeds are fixed. A coverage of .95 over 4,000 draws has
a binomial standard error of .0034.
"""

import argparse
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from scorer.aggregate.spread import Spread, between, within_repeats
from scorer.statistics import LabelSample, census_mean

PAGE = Path(__file__).resolve().parents[1] / "docs" / "simulations.md"
DRAWS = 4000
RATERS, TASKS, RATIOS = (2, 3, 5, 10), (5, 20, 40), (0.5, 1.0, 2.0)
RESIDUAL = 15.0
NOT_ESTIMABLE = "not estimable"

HEAD = """# Simulated coverage

How often a nominal 95 % interval contains what it is an interval of: {draws:,} draws a cell, binomial standard error
{error:.4f}. Made by `make simulate` with the code that makes published intervals; what the intervals mean is in
[method.md](method.md#intervals).
"""


def between_raters(draws: int) -> Iterable[Sequence[str]]:
    """The interval of a panel: raters with a level of their own, and an error of their own on every task."""
    for k, n, ratio in product(RATERS, TASKS, RATIOS):
        rng = np.random.default_rng([k, n, int(10 * ratio)])
        weights = np.where(np.arange(n) < 0.7 * n, 2.0, 1.0)
        tasks = rng.uniform(0, 100, n)
        truth = weights @ tasks / weights.sum()
        hits: list[bool] = []
        for _ in range(draws):
            level = rng.normal(0, ratio * RESIDUAL, k)
            scores = tasks[:, None] + level + rng.normal(0, RESIDUAL, (n, k))
            spread = between(scores, weights, [str(j) for j in range(k)], 0.8)
            estimate = weights @ scores.mean(axis=1) / weights.sum()
            hits += [abs(estimate - truth) <= spread.half_width] if isinstance(spread, Spread) else []
        yield str(k), str(n), f"{ratio:g}", _covered(hits)


def over_repeats(draws: int) -> Iterable[Sequence[str]]:
    """The interval of one rater asked again in the same wording; tasks differ threefold in how steady the answer is."""
    for repeats, n in product((1, 2, 3, 5), TASKS):
        rng = np.random.default_rng([repeats, n])
        weights = np.where(np.arange(n) < 0.7 * n, 2.0, 1.0)
        sd = np.linspace(5, 15, n)
        hits: list[bool] = []
        for _ in range(draws):
            errors = rng.normal(0, 1, (n, repeats)) * sd[:, None]
            own = errors.std(axis=1, ddof=1) if repeats > 1 else np.full(n, np.nan)
            spread = within_repeats(weights, own, np.full(n, repeats))
            estimate = weights @ errors.mean(axis=1) / weights.sum()
            hits += [abs(estimate) <= spread.half_width] if isinstance(spread, Spread) else []
        yield str(repeats), str(n), _covered(hits)


def corrected(draws: int) -> Iterable[Sequence[str]]:
    """The mean corrected by labels: groups of unequal size with equal numbers of labels, raters good and useless."""
    for groups, labels, use in product((1, 5, 20), (2, 10, 30), (0.0, 0.7)):
        rng = np.random.default_rng([groups, labels, int(10 * use)])
        sizes = np.linspace(50, 400, groups).astype(int)
        strata = np.repeat(np.arange(groups), sizes)
        rated = np.clip(rng.normal(40 + strata, 20), 0, 100)
        people = np.clip(use * rated + (1 - use) * 40 + strata + rng.normal(0, 12, len(strata)), 0, 100)
        weights = rng.uniform(0.5, 2, len(strata))
        truth = weights @ people / weights.sum()
        hits: list[bool] = []
        widths: list[float] = []
        for _ in range(draws // 4):
            order = np.lexsort([rng.random(len(strata)), strata])
            first = np.searchsorted(strata, np.arange(groups))
            places = order[(first[:, None] + np.arange(labels)).ravel()]
            own = strata[places]
            found = census_mean(rated, weights, LabelSample(places, people[places], labels / sizes[own], own))
            if not isinstance(found, str):
                hits.append(found.interval.low <= truth <= found.interval.high)
                widths.append(found.interval.high - found.interval.low)
        width = f"{np.mean(widths):.1f}" if widths else "-"
        yield str(groups), str(labels), f"{use:g}", _covered(hits), width


def _covered(hits: Sequence[bool]) -> str:
    return f"{np.mean(hits):.3f}" if hits else NOT_ESTIMABLE


SECTIONS = {
    "Panel: the mean over a population of raters": (
        between_raters,
        ("raters", "tasks", "sd of raters / sd of residual", "coverage"),
        "Below three raters no interval is claimed.",
    ),
    "One rater: its own mean, from repeats": (
        over_repeats,
        ("repeats", "tasks", "coverage"),
        "One answer a task says nothing about a second one.",
    ),
    "Groups: the mean of what people say, corrected by labels": (
        corrected,
        ("SOC groups", "labels in each", "slope of labels on ratings", "coverage", "mean width"),
        """A quarter of the draws. Groups of 50 to 400 tasks, an equal number of labels in each, unequal task weights.
Under ten labels no interval is claimed. Slope 0: the ratings say nothing.""",
    ),
}


def page(draws: int) -> str:
    """The whole page."""
    parts = [HEAD.format(draws=draws, error=(0.95 * 0.05 / draws) ** 0.5)]
    for title, (simulate, columns, remark) in SECTIONS.items():
        lines = [columns, ["---"] * len(columns), *simulate(draws)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        parts.append(f"\n## {title}\n\n{remark}\n\n{table}\n")
    return "".join(parts)


def main() -> None:
    """Write the page, or print it from another number of draws."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--draws", type=int, metavar="N", help="print the tables from N draws, write nothing")
    draws = options.parse_args().draws
    if draws:
        print(page(draws))
    else:
        PAGE.write_text(page(DRAWS), encoding="utf-8")


if __name__ == "__main__":
    main()
