"""The shipped rubrics: their scales, their words, and whose words they are not."""

import csv
import re

import pytest
from shared_data import SHARED, needs_shared

from scorer.domain.rating import AnswerMode
from scorer.rubrics import answer_schema, available, load_rubric, render, variants

RUN = 8


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text):
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def shown(rubric, occupation, task):
    """Everything of a rubric that a rater may see, and all that its file says beside it."""
    seen = [
        message.content
        for mode in AnswerMode
        for variant in variants(rubric, 4)
        for message in render(rubric, occupation, task, mode, variant)
    ]
    return "\n".join([*seen, *(f"{c.label} {c.anchor} {c.example}" for c in rubric.categories), rubric.title])


def statements():
    """Every O*NET statement in the shared data: the release, and the label set of an older one."""
    for path, column in (
        (SHARED / "data/onet_30_1/Task Statements.txt", "Task"),
        (SHARED / "data/labels/gpts_are_gpts/full_labelset.tsv", "Task"),
    ):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row[column] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_coverage_is_the_scale_of_the_mission(coverage):
    """Five steps from 0 to 100 that count as themselves, with the cut of AI exposure at 50."""
    assert coverage.values == ("0", "25", "50", "75", "100")
    assert coverage.measures == {"mean": {"0": 0, "25": 25, "50": 50, "75": 75, "100": 100}}
    assert coverage.share_at == 50
    assert coverage.blockers == ("physical", "in_person", "sign_off", "private_access", "cost_of_error")


def test_exposure_counts_as_published(exposure):
    """The measures alpha = E1, beta = E1 + .5 E2, zeta = E1 + E2, and the order is E0 < E2 < E1."""
    assert exposure.measures == {
        "alpha": {"E0": 0, "E1": 1, "E2": 0},
        "beta": {"E0": 0, "E1": 1, "E2": 0.5},
        "zeta": {"E0": 0, "E1": 1, "E2": 1},
    }
    assert exposure.primary == "beta"
    assert exposure.ordered_values == ("E0", "E2", "E1")


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
def test_every_category_has_an_anchor_and_a_worked_example(rubric):
    """A step without words would be a number that each rater fills in differently."""
    assert rubric.cannot_judge
    assert all(len(words(c.anchor)) >= 8 and len(words(c.example)) >= 20 for c in rubric.categories)


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
def test_a_rubric_states_its_date(rubric):
    """What `generally available` means is dated."""
    assert "generally available" in rubric.system.lower()
    assert "November 2026" in rubric.system


@pytest.mark.parametrize("rubric", available(), ids=lambda rubric: rubric.id)
def test_the_schema_is_strict(rubric):
    """All keys required, no others, flat, no keyword that strict mode lacks; the category after its reasons."""
    schema = answer_schema(rubric)
    keys = list(schema["properties"])
    assert schema["required"] == keys
    assert schema["additionalProperties"] is False
    assert keys[:2] == ["evidence", "rationale"]
    assert keys[-2:] == ["category", "confidence"]
    assert {k for p in schema["properties"].values() for k in p} <= {"type", "enum"}
    assert schema["properties"]["category"]["enum"] == [*rubric.values, "cannot_judge"]
    assert answer_schema(rubric) is schema


@needs_shared
@pytest.mark.shared
def test_no_rubric_holds_a_run_of_eight_words_of_onet(occupation, task):
    """Examples are invented: no eight words in a row, and no whole statement, stand in any O*NET task statement."""
    ours = {rubric.id: shown(rubric, occupation, task) for rubric in available()}
    our_runs = set().union(*map(runs, ours.values()))
    our_texts = [" ".join(words(text)) for text in ours.values()]
    count = 0
    for statement in statements():
        count += 1
        assert not runs(statement) & our_runs, statement
        plain = " ".join(words(statement))
        assert not any(f" {plain} " in text for text in our_texts), statement
    assert count == 18_796 + 19_265


@pytest.mark.parametrize(
    ("name", "values", "numbers"),
    [
        ("automation", ("T0", "T1", "T2", "T3", "T4"), (0, 0.25, 0.5, 0.75, 1)),
        ("agency", ("H1", "H2", "H3", "H4", "H5"), (1, 2, 3, 4, 5)),
        ("augmentation", ("0", "1", "2", "3", "4"), (0, 0.25, 0.5, 0.75, 1)),
        ("outlook", ("0", "25", "50", "75", "100"), (0, 25, 50, 75, 100)),
    ],
)
def test_the_other_rubrics_have_their_scales(name, values, numbers):
    """T0-T4 and augmentation count in quarters, H1-H5 as 1 to 5, the outlook in percent; none has a cut."""
    rubric = load_rubric(name)
    assert rubric.values == values
    assert rubric.measures["mean"] == dict(zip(values, numbers, strict=True))
    assert rubric.primary == "mean"
    assert rubric.share_at is None
    assert rubric.context == ("description",)


def test_the_profile_of_agency_adds_up():
    """Beside the mean, agency counts the share of each level: exactly one of the five for every category."""
    rubric = load_rubric("agency")
    shares = [rubric.measures[f"share_{level}"] for level in rubric.values]
    assert all(sum(share[value] for share in shares) == 1 for value in rubric.values)


def test_the_outlook_names_its_event_and_its_day():
    """A forecast can be checked only where it says what shall have happened by when."""
    system = load_rubric("outlook").system
    assert "By November 2031 a generally available system" in system
    assert "It is November 2026" in system
