"""Blockers: weighed like scores, averaged over answers and raters, held with the score they explain."""

from typing import NamedTuple

import pytest
from aggregate_builders import CARPENTRY, SOFTWARE, rubric, task

from scorer.aggregate import blocker_shares
from scorer.domain.catalogue import TaskKind
from scorer.domain.evaluation import OccupationScore

RUBRIC = rubric().model_copy(update={"blockers": ("physical", "sign_off")})
TASKS = [task("1"), task("2", kind=TaskKind.SUPPLEMENTAL), task("3", CARPENTRY)]
YES = {"physical": True, "sign_off": False}
NO = {"physical": False, "sign_off": False}


class Said(NamedTuple):
    task_id: str
    blockers: dict[str, bool] | None
    rater: str = "r1"
    status: str = "rated"


def score(code=SOFTWARE, rater="r1", measure="mean", status="published"):
    return OccupationScore(
        occupation_code=code,
        rubric=RUBRIC.id,
        rater=rater,
        measure=measure,
        score=50.0,
        n_tasks=2,
        completeness=1.0,
        weights="core2",
        status=status,
    )


def shares(ratings, scores, panel=(), of=RUBRIC):
    found = blocker_shares(ratings, TASKS, of, scores, panel)
    return {(row.occupation_code, row.rater, row.blocker): row for row in found}


def test_a_share_is_weighted_like_the_score():
    """A core task counts 2 and a supplemental one 1: physical stands against 2/3 of the weight."""
    row = shares([Said("1", YES), Said("2", NO)], [score()])[SOFTWARE, "r1", "physical"]
    assert row.share == pytest.approx(2 / 3)
    assert (row.n_tasks, row.completeness, row.status) == (2, 1.0, "published")


def test_silence_is_not_no():
    """A task without a usable answer is left out of the share and shows as missing weight; no answer at all is None."""
    ratings = [Said("1", YES), Said("2", None), Said("2", YES, status="cannot_judge")]
    row = shares(ratings, [score()])[SOFTWARE, "r1", "physical"]
    assert (row.share, row.n_tasks) == (1.0, 1)
    assert row.completeness == pytest.approx(2 / 3)
    nothing = shares(ratings, [score(), score(CARPENTRY)])[CARPENTRY, "r1", "physical"]
    assert (nothing.share, nothing.n_tasks) == (None, 0)


def test_answers_and_raters_are_averaged():
    """Two of three answers of one rater say yes, the other rater says no: the panel's share is a third."""
    ratings = [Said("1", YES), Said("1", YES), Said("1", NO), Said("1", NO, "r2"), Said("1", YES, "outsider")]
    found = shares(ratings, [score(rater="panel"), score(rater="r1")], panel=("r1", "r2"))
    assert found[SOFTWARE, "r1", "physical"].share == pytest.approx(2 / 3)
    assert found[SOFTWARE, "panel", "physical"].share == pytest.approx(1 / 3)


def test_a_held_score_holds_its_blockers():
    """The status is that of the leading measure's row."""
    found = shares([Said("1", YES)], [score(status="held"), score(measure="other")])
    assert {row.status for row in found.values()} == {"held"}


def test_a_rubric_without_blockers_has_none():
    """Nothing is said where nothing was asked."""
    assert shares([Said("1", YES)], [score()], of=rubric()) == {}
