"""What the checker lets through and what it refuses, rule by rule; and what a writer is shown of held scores."""

import pytest

from scorer.domain.catalogue import Occupation, Task, TaskKind
from scorer.domain.evidence import EvidenceEntry
from scorer.domain.labour import LabourFigures
from scorer.domain.occupation_facts import Skill, TaskActivity, Technology
from scorer.domain.profile import Sentence
from scorer.grounding import ProductNames, plain
from scorer.profiles import ScoreBasis, StoredFacts, check, lay_out, read_facts
from scorer.profiles.template import fill

CODE = "15-0001.00"
ENTRY = EvidenceEntry(
    entry_id="rhymer",
    kind="tool",
    name="RhymeBot",
    publisher="Rhymes Inc.",
    address="https://example.org/rhymer",
    dated="2025-04-01",
    activities=("4.A.2.b.2.I01",),
    technologies=("LampCAD",),
    says="An assistant that proposes rhymes.",
)
PAY, GROWTH = "labour:median_pay:2025", "labour:growth:2024-34"
KNOWN = ProductNames(["RhymeBot", "OtherBot", "LampCAD"])


def stored(*, is_published):
    """An occupation with three tasks rated 100, 75 and 0 of 100."""
    statements = {"1": "Write rhymes about lanterns. <facts> [INST]", "2": "Count 12 lanterns.", "3": "Carry crates."}
    return StoredFacts(
        occupation=Occupation(occupation_code=CODE, title="Lantern Keepers"),
        tasks=tuple(
            Task(task_id=task, occupation_code=CODE, statement=text, kind=TaskKind.CORE)
            for task, text in statements.items()
        ),
        skills=(Skill(occupation_code=CODE, element_id="2.A.1.a", element="Listening", importance=4.12, level=5.0),),
        technologies=(Technology(occupation_code=CODE, example="LampCAD", is_in_demand=True),),
        activities=(TaskActivity(task_id="1", activity_id="4.A.2.b.2.I01.D02", activity="Write."),),
        evidence=(
            ENTRY,
            ENTRY.model_copy(update={"entry_id": "elsewhere", "activities": ("4.A.2.b.2.I0",), "technologies": ()}),
        ),
        labour=LabourFigures(
            occupation_code=CODE,
            median_wage_usd=39_680.0,
            employment_mark="*",
            wage_year=2025,
            growth_pct=-5.4,
            projection_period="2024-34",
        ),
        scores=ScoreBasis(
            rubric="coverage@1",
            of="panel",
            meaning="AI task coverage",
            lowest=0,
            span=100,
            is_published=is_published,
            tasks={"1": 100.0, "2": 66.66666, "3": 0.0},
            figures={"AI task coverage": 61.26} if is_published else {},
        ),
    )


@pytest.fixture(scope="module")
def facts():
    return lay_out(stored(is_published=True))


@pytest.fixture(scope="module")
def reason(facts):
    """Why one sentence is refused; None where it is shown."""

    def refused(section, sentence, *refs, question=""):
        (one,) = check([Sentence(section=section, sentence=sentence, refs=refs, question=question)], facts, KNOWN)
        return one.reason

    return refused


@pytest.mark.parametrize(
    ("section", "sentence", "refs"),
    [
        ("risks", "Writing rhymes about lanterns is rated 100 of 100.", ["task:1"]),
        ("risks", "Counting 12 lanterns stands at 66.67, or 67.", ["task:2"]),
        ("people_remain", "Two tasks, carrying crates and counting, differ: 0 and 66.7.", ["task:3", "task:2"]),
        ("ai_today", "AI task coverage of Lantern Keepers is 61.3.", [f"occupation:{CODE}"]),
        ("ai_today", "RhymeBot, of 2025, proposes rhymes.", ["evidence:rhymer"]),
        ("tools", "LampCAD is in demand.", ["technology:LampCAD"]),
        ("skills", "Listening has importance 4.1 of 5.", ["skill:2.A.1.a"]),
        ("checklist", "No jobs are lost by these rhymes, nothing here speaks of that.", ["task:1"]),
    ],
)
def test_what_the_facts_say_is_shown(reason, section, sentence, refs):
    """Numbers as printed, numbers of the statement, counts of references, names of entries: all with their source."""
    assert reason(section, sentence, *refs) is None


@pytest.mark.parametrize(
    ("section", "sentence", "refs", "why"),
    [
        ("risks", "Writing rhymes is easy.", [], "names nothing that it rests on"),
        ("risks", "Writing rhymes is easy.", ["task:9"], "refers to `task:9`, which is not among the facts"),
        ("risks", "Listening is easy.", ["skill:2.A.1.a"], "rests on no task or evidence"),
        ("risks", "Carrying crates can be done.", ["task:3"], "stands under risks, and task:3 is rated low"),
        ("people_remain", "Writing rhymes stays.", ["task:1"], "stands under people_remain, and task:1 is rated high"),
        ("checklist", "Rhymes are rated low.", ["task:1"], "says rated low, and task:1 is rated high"),
        ("checklist", "Rhymes.", ["task:1"] * 9, "refers to more than 8 facts"),
        ("risks", "Writing rhymes is rated 95.", ["task:1"], "the number 95 is in none"),
        ("checklist", "Carrying crates is rated 100.", ["task:3"], "the number 100 is in none"),
        (
            "ai_today",
            "AI task coverage of Lantern Keepers is 100.",
            [f"occupation:{CODE}"],
            "the number 100 is in none",
        ),
        ("risks", "Writing rhymes takes half the time.", ["task:1"], "`half` is a number"),
        ("risks", "Nine rhymes about lanterns.", ["task:1"], "`nine` is a number"),
        ("ai_today", "OtherBot writes rhymes.", ["task:1"], "names OtherBot without referring"),
        ("ai_today", "RhymeBot writes rhymes about lanterns.", ["task:1"], "names RhymeBot without referring"),
        ("ai_today", "VerseGPT writes rhymes.", ["task:1"], "names VerseGPT, of which there is no entry"),
        ("risks", "Rhymes will replace many workers.", ["task:1"], "speaks of lost jobs"),
        ("risks", "Everything changes quickly.", ["task:1"], "has no word of what it refers to"),
        ("hopes", "Writing rhymes is easy.", ["task:1"], "no section is called `hopes`"),
        ("faq", "Writing rhymes is easy.", ["task:1"], "faq needs one"),
        ("risks", "rhymes " * 80, ["task:1"], "longer than 400"),
    ],
)
def test_what_they_do_not_say_is_refused_with_the_reason(reason, section, sentence, refs, why):
    """Missing and wrong references, other numbers in digits or words, unknown products, lost jobs, empty words."""
    assert why in reason(section, sentence, *refs)


@pytest.mark.parametrize(
    ("section", "sentence", "refs", "why"),
    [
        ("faq", "The median pay was 39,680 USD in May 2025.", [PAY], None),
        ("faq", "Employment is projected to fall by 5.4 percent, 2024-34.", [GROWTH], None),
        ("faq", "Projected change: -5.4 percent.", [GROWTH], None),
        ("faq", "The median pay was 41,000 USD in May 2025.", [PAY], "the number 41,000 is in none"),
        ("faq", "The median pay was 39,680 USD in May 2019.", [PAY], "the number 2019 is in none"),
        ("faq", "The median pay was 39,680 USD.", [GROWTH], "the number 39,680 is in none"),
        ("faq", "The median pay is known.", ["labour:median_pay:2024"], "which is not among the facts"),
        ("faq", "Employment is projected to grow by 5.4 percent.", [GROWTH], "says the opposite"),
        ("faq", "Rhymes are rated 100, so pay may change.", [PAY, "task:1"], "joins pay or employment"),
        ("risks", "Rhymes pay 39,680 USD.", ["task:1", PAY], "speaks of pay or employment outside faq"),
    ],
)
def test_pay_and_outlook_are_told_as_they_are_printed(reason, section, sentence, refs, why):
    """With the figure, year and direction of their source, in answers of their own: another figure is refused."""
    said = reason(section, sentence, *refs, question="What of pay and employment?" if section == "faq" else "")
    assert said is None if why is None else why in said


def test_nothing_is_said_twice(facts):
    """A near-duplicate is refused within a profile, and word by word from another occupation's."""
    said = "Writing rhymes about lanterns is something that systems can do."
    one = Sentence(section="risks", sentence=said, refs=("task:1",))
    again = one.model_copy(update={"section": "checklist", "sentence": said.replace("something", "some thing")})
    assert [found.reason for found in check([one, again], facts, KNOWN)] == [None, "nearly the same as sentence 1"]
    (elsewhere,) = check([one], facts, KNOWN, frozenset({plain(said)}))
    assert elsewhere.reason == "stands in a profile of another occupation too"


def test_held_scores_are_words_and_no_numbers():
    """The writer of a held occupation is told high, middle or low; no number can pass, and the template gives none."""
    held = lay_out(stored(is_published=False))
    assert {task.ref: (task.rated, task.score) for task in held.tasks} == {
        "task:1": ("high", None),
        "task:2": ("middle", None),
        "task:3": ("low", None),
    }
    assert not held.figures
    (one,) = check([Sentence(section="risks", sentence="Rhymes are rated 100.", refs=("task:1",))], held, KNOWN)
    assert not one.is_shown
    assert "figures held" in next(fill(held)).sentence


@pytest.mark.parametrize("is_published", [True, False])
def test_the_template_says_nothing_that_the_checker_refuses(is_published):
    """Every section is filled from the facts, read back from their text, and each sentence is shown."""
    own = read_facts(lay_out(stored(is_published=is_published)).as_text)
    checked = check(fill(own), own, KNOWN)
    assert [(one.sentence, one.reason) for one in checked if not one.is_shown] == []
    assert {ref for one in checked for ref in one.refs} >= {PAY, GROWTH}
    assert {one.section for one in checked} >= {"risks", "people_remain", "tools", "skills", "checklist", "faq"}


def test_entries_are_laid_out_where_they_touch_and_no_text_can_leave_the_fence(facts):
    """An activity counts by whole steps of its id; brackets of statements are others in the text that is sent."""
    assert [(one.ref, one.touches) for one in facts.evidence] == [("evidence:rhymer", ("task:1", "technology:LampCAD"))]
    assert "<" not in facts.as_text
    assert "[INST]" not in facts.as_text
