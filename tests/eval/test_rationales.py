"""Rationales: what is flagged and what is not, how it is counted, and what a policy makes of it."""

from typing import NamedTuple

import numpy as np
import pytest

from eval import load_policy
from eval.contradiction import contradiction
from eval.rationales import RationaleFindings, TaskText, Texts, look_over
from scorer.domain.evaluation import Decision
from scorer.domain.rating import Status
from scorer.domain.rationale import RatingFlag, RationaleFlag, RationaleQuality
from scorer.grounding import ProductNames, product_like
from scorer.rubrics import load_rubric

WRITE, CARRY, COUNT = "Write rhymes about lanterns.", "Carry crates up the stairs.", "Count the unsold lanterns."
TEXTS = Texts(
    {},
    {
        "1": TaskText("15-0001.00", WRITE, "Lantern Keepers; LampCAD"),
        "2": TaskText("15-0001.00", CARRY, "Lantern Keepers; LampCAD"),
        "3": TaskText("15-0001.00", COUNT, "Lantern Keepers; LampCAD"),
        "4": TaskText("51-0002.00", CARRY, "Lantern Carriers"),
    },
    ProductNames(["Rhymer", "Gemini"]),
)


class Said(NamedTuple):
    """One rating as the checks read it."""

    task_id: str
    rationale: str | None
    category: str | None = "50"
    evidence: str | None = "plausible"
    rater: str = "r"
    variant: str = "base"
    repeat: int = 0
    status: Status = Status.RATED
    statement_sha256: str | None = None

    @property
    def rating_id(self):
        return f"{self.rater}{self.task_id}{self.variant}{self.repeat}"


@pytest.fixture
def flags_of(coverage):
    """Task -> flag -> detail, of what was said."""

    def flags(*said):
        return {(one.task_id, one.flag.value): one.detail for one in look_over(coverage, said, TEXTS).flags}

    return flags


def test_one_rationale_pasted_under_two_tasks_of_an_occupation_is_seen_twice(flags_of):
    """Both copies are flagged and name each other; the same text in another occupation or wording is no copy."""
    pasted = "Software drafts lantern crates and rhymes, a person checks the count."
    found = flags_of(Said("1", pasted), Said("3", pasted.replace("checks", "Checks,")), Said("4", pasted))
    assert found == {("1", "near_duplicate"): "as under task 3", ("3", "near_duplicate"): "as under task 1"}
    assert flags_of(Said("1", pasted), Said("3", pasted, variant="reversed-categories")) == {}


@pytest.mark.parametrize(
    ("rubric", "category", "rationale", "is_contradiction"),
    [
        ("coverage", "100", "AI cannot do the lifting that this task is.", True),
        ("coverage", "0", "AI can do nearly all of it without human review.", True),
        ("coverage", "0", "It cannot be fully automated.", False),
        ("coverage", "100", "No tool can do it all, but nobody says that software cannot help with drafts.", False),
        ("coverage", "50", "AI cannot do the lifting.", False),
        ("coverage", "75", "So the score is 25.", True),
        ("coverage", "25", "About 75 of 100 letters; rating: 25.", False),
        ("exposure", "E0", "With software built on top it is E2.", True),
        ("exposure", "E1", "E1 rather than E2.", False),
        ("agency", "H5", "The AI can do everything end to end.", True),
        ("agency", "H1", "The AI can do everything end to end.", False),
    ],
)
def test_a_rationale_that_says_the_opposite_of_its_category_is_seen(rubric, category, rationale, is_contradiction):
    """By a phrase at the far end of the scale, or by naming another category; denied phrases and the middle are not."""
    assert bool(contradiction(load_rubric(rubric), category, rationale)) == is_contradiction


def test_a_rationale_without_a_word_of_its_task_is_about_nothing(flags_of):
    """Forms of a word count as the word; a text nobody knows is held against nothing."""
    assert flags_of(Said("1", "Chatbots do such things well.")) == {("1", "off_task"): "none of the task's words"}
    assert flags_of(Said("1", "Writing comes easily to chatbots.")) == {}
    assert flags_of(Said("1", "Chatbots do such things well.", statement_sha256="of another text")) == {}


def test_products_need_evidence_and_evidence_needs_a_product(flags_of):
    """A product where none is claimed, a name nobody knows, a claim without a name: each says which."""
    found = flags_of(
        Said("1", "Rhymer writes rhymes."),
        Said("2", "LiftBot 9000 carries crates.", evidence="named_product"),
        Said("3", "A product counts lanterns.", evidence="named_product"),
        Said("4", "Gemini carries crates.", evidence="named_product"),
    )
    assert found == {
        ("1", "product_without_evidence"): "names `Rhymer`, evidence plausible",
        ("2", "product_without_evidence"): "names `LiftBot`, of which there is no entry",
        ("3", "product_without_evidence"): "claims a product and names none that is known",
    }
    assert flags_of(Said("1", "LampCAD helps to write rhymes.")) == {}
    assert product_like("LLMs, PhDs, E1, McLane and COVID-19 are none; AutoCAD and GPT-4o are.") == [
        "AutoCAD",
        "GPT-4o",
    ]


def test_every_rater_is_counted_and_one_without_rationales_has_a_reason(coverage):
    """Shares are of the rationales given; where there are none there is no share."""
    said = [Said("1", "Chatbots do such things well."), Said("2", "Carry."), Said("1", None, rater="silent")]
    counted = {
        (one.rater, one.flag): (one.n, one.n_flagged, one.share) for one in look_over(coverage, said, TEXTS).quality
    }
    assert counted["r", "off_task"] == counted["r", "any"] == (2, 1, 0.5)
    assert counted["r", "near_duplicate"] == (2, 0, 0.0)
    assert counted["silent", "any"] == (0, 0, None)


def test_a_policy_may_hold_a_rater_for_its_rationales(judge_with):
    """Not set, nothing is said; set, too many or too few hold, and a rater that gives none is not asked."""
    default = load_policy("default")
    rule = {"max_flagged": 0.1, "min_rationales": 100}
    set_ = type(default).model_validate({**default.model_dump(), "rationales": rule})
    assert default.policy_hash != set_.policy_hash
    assert judge_with(default, flagged=1500, n=1500).decision is Decision.PASS
    held = judge_with(set_, flagged=151, n=1500)
    assert (held.decision, held.reasons) == (Decision.HOLD, ("151 of 1500 rationales flagged (10.1%; at most 10.0%)",))
    assert judge_with(set_, flagged=150, n=1500).decision is Decision.PASS
    assert judge_with(set_, flagged=0, n=99).reasons == ("99 rationales to look at; needed: 100",)
    assert judge_with(set_, flagged=0, n=0).decision is Decision.PASS


@pytest.fixture
def judge_with(verdicts_of, world, coverage):
    """The Verdict on a good rater of whose n rationales so many are off task."""

    def judged(policy, flagged, n):
        one = {"rubric": coverage.id, "rater": "r"}
        seen = {"variant": "base", "repeat": 0, "detail": "", "flag": RationaleFlag.OFF_TASK}
        flags = tuple(RatingFlag(rating_id=str(i), task_id=str(i), **seen, **one) for i in range(flagged))
        quality = (RationaleQuality(flag="any", n=n, n_flagged=flagged, share=None, **one),)
        rater = world.rater(coverage, "r", world.noisy(np.random.default_rng(1)))
        found = RationaleFindings(flags, quality)
        (verdict,) = verdicts_of(coverage, world, rater, world.labels(coverage), policy, rationales=found)
        return verdict

    return judged
