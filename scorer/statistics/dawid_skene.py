"""Dawid and Skene's consensus: how common each category is and how each rater errs, learned from the answers alone.

It assumes that raters err independently once the true category is given. Raters that share errors (two prompts of one
model) break that, and the consensus then follows them with confidence; no number here shows it. What can be told is
told: whether the iterations converged, and whether the answers determine the solution at all.

Source: Dawid and Skene (1979), Appl. Stat. 28, 20-28, eqs. 2.3-2.5; identifiability: Allman, Matias and Rhodes (2009),
Ann. Stat. 37, 3099-3132 (three conditionally independent raters).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from scorer.statistics.stacks import FloatArray, ratio

MAX_ITERATIONS = 2000
TOLERANCE = 1e-7
"""Largest change of any posterior probability at which the iterations stop."""
MIN_RATERS_IDENTIFIED = 3
MIN_SHARED_TASKS = 10


class DawidSkene(NamedTuple):
    """A fitted consensus.

    Attributes:
        posterior: probability of each category, shape (n, k); NaN for tasks that nobody answered.
        prevalence: of each category, shape (k,).
        errors: errors[j, a, b] is the probability that rater j says b where a is true, shape (raters, k, k); NaN where
            category a never occurs.
        iterations: how many were made. converged: whether the last one moved nothing.
        problems: why the solution may be another one than the truth; empty where nothing speaks against it.
    """

    posterior: FloatArray
    prevalence: FloatArray
    errors: FloatArray
    iterations: int
    converged: bool
    problems: tuple[str, ...]

    @property
    def category(self) -> FloatArray:
        """The most probable category of each task (of equal ones the lowest), shape (n,); NaN where nobody answered."""
        known = ~np.isnan(self.posterior).any(axis=1)
        best = np.argmax(np.nan_to_num(self.posterior).round(9), axis=1)
        return np.where(known, best.astype(np.float64), np.nan)


def dawid_skene(counts: FloatArray, max_iterations: int = MAX_ITERATIONS, tolerance: float = TOLERANCE) -> DawidSkene:
    """Fit by expectation and maximisation from the majority vote, without smoothing.

    Args:
        counts: how often each rater gave each category, shape (n, raters, k), categories in the order of the scale;
            shares will do, repeats count as often as they were asked, all zero is no answer.
        max_iterations: after which it gives up, unconverged.
        tolerance: see `TOLERANCE`.
    """
    n, raters, k = counts.shape
    patterns, pattern_of, seen = np.unique(counts.reshape(n, -1), axis=0, return_inverse=True, return_counts=True)
    said = patterns.reshape(-1, raters, k)
    answered = said.any(axis=(1, 2))
    said, times = said[answered], seen[answered].astype(np.float64)  # tasks answered alike are one: it saves time
    votes = said.sum(axis=1)
    posterior = ratio(votes, votes.sum(axis=1, keepdims=True))
    moved, iterations = np.inf, 0
    while moved > tolerance and iterations < max_iterations and len(said):
        prevalence, errors = _maximise(said, times, posterior)
        following = _expect(said, prevalence, errors)
        moved = float(np.abs(following - posterior).max())
        posterior, iterations = following, iterations + 1
    prevalence, errors = _maximise(said, times, posterior)
    whole = np.full((len(patterns), k), np.nan)
    whole[answered] = posterior
    converged = moved <= tolerance
    problems = tuple(_problems(said, times, prevalence, errors)) if len(said) else ("nobody answered",)
    given_up = () if converged else (f"not converged after {iterations} iterations",)
    return DawidSkene(whole[pattern_of.ravel()], prevalence, errors, iterations, converged, given_up + problems)


def _maximise(said: FloatArray, times: FloatArray, posterior: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Prevalences (k,) and error rates (raters, k, k) that the posteriors of the patterns imply."""
    weight = posterior * times[:, None]
    tallies = np.einsum("na,njb->jab", weight, said, optimize=True)
    return ratio(weight.sum(axis=0), times.sum()), ratio(tallies, tallies.sum(axis=2, keepdims=True))


def _expect(said: FloatArray, prevalence: FloatArray, errors: FloatArray) -> FloatArray:
    """Posteriors (n, k): prevalence times the chance of every answer, in logarithms so that nothing underflows."""
    with np.errstate(divide="ignore"):
        chance = np.log(np.nan_to_num(errors))
        common = np.log(prevalence)
    impossible = np.isneginf(chance)
    told = np.einsum("njb,jab->na", said, np.where(impossible, 0.0, chance), optimize=True)
    ruled_out = np.einsum("njb,jab->na", said, impossible.astype(np.float64), optimize=True) > 0
    logs = np.where(ruled_out, -np.inf, told + common)
    logs -= logs.max(axis=1, keepdims=True)
    chances = np.exp(logs)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def _problems(said: FloatArray, times: FloatArray, prevalence: FloatArray, errors: FloatArray) -> Iterator[str]:
    raters = said.shape[1]
    if raters < MIN_RATERS_IDENTIFIED:
        yield f"not identifiable: {raters} raters, at least {MIN_RATERS_IDENTIFIED} are needed"
    spoke = said.any(axis=2).astype(np.float64)
    shared = (spoke * times[:, None]).T @ spoke
    if raters > 1 and (least := int(shared[~np.eye(raters, dtype=bool)].min())) < MIN_SHARED_TASKS:
        yield f"weakly identified: two of the raters share {least} tasks"
    if empty := int((prevalence * times.sum() < 1).sum()):
        yield f"{empty} of {len(prevalence)} categories are true of less than one task"
    usual = np.diagonal(errors, axis1=1, axis2=2)[..., None]
    if astray := int((errors > usual).any(axis=2).sum()):
        yield f"where one category is true a rater mostly gives another ({astray} times): they may be swapped"
