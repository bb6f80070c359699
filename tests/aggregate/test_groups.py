import pytest
from aggregate_builders import CARPENTRY, COVERAGE, SOFTWARE, passes, score, task

from scorer.aggregate import group_scores
from scorer.domain.catalogue import TaskKind
from scorer.domain.evaluation import Label, LabellerKind, LabelOrigin

TASKS = [task(f"s{i}") for i in range(20)] + [task(f"c{i}", CARPENTRY) for i in range(20)]
SCORES = [score(t.task_id, 50.0 if t.occupation_code == SOFTWARE else 25.0) for t in TASKS]


def label(task_id, category, labeller="anna", **other):
    given = {"label_set": "people", "labeller_kind": LabellerKind.PERSON, "rubric": COVERAGE.id, **other}
    return Label(task_id=task_id, labeller=labeller, category=category, score=float(category), **given)


def means(labels=(), scores=SCORES, tasks=TASKS, verdicts=()):
    rows = group_scores(tasks, scores, COVERAGE, verdicts, labels)
    return {(row.rater, row.level): row for row in rows}


def test_every_occupation_counts_once_whatever_its_tasks():
    """An occupation of two tasks weighs as much in the mean of all as one of twenty."""
    tasks = [*TASKS[:20], *TASKS[20:22]]
    found = means(scores=SCORES[:22], tasks=tasks)
    assert found["r1", "all"].naive == pytest.approx(37.5)
    assert (found["r1", "soc:15"].naive, found["r1", "soc:47"].n_tasks) == (pytest.approx(50.0), 2)


def test_core_tasks_count_twice_within_their_occupation():
    """The weights of the occupation scores are those of the means."""
    tasks = [task("1"), task("2", kind=TaskKind.SUPPLEMENTAL)]
    found = means(scores=[score(1, 100.0), score(2, 25.0)], tasks=tasks)
    assert found["r1", "all"].naive == pytest.approx(75.0)


def test_without_labels_of_people_nothing_is_corrected():
    """No label, labels by models, labels of reviewers and labels of another text all leave the naive mean alone."""
    others = [
        *(label(f"s{i}", "100", labeller_kind=LabellerKind.MODEL) for i in range(20)),
        *(label(f"s{i}", "100", origin=LabelOrigin.REVIEW) for i in range(20)),
        *(label(f"s{i}", "100", labeller="ben", statement_sha256="0" * 64) for i in range(20)),
    ]
    for labels in ((), others):
        row = means(labels)["r1", "soc:15"]
        assert (row.corrected, row.label_set) == (None, None)
        assert row.reason_undefined == "no labels by people to correct it with"


def test_a_shift_that_people_see_is_corrected():
    """People who say 25 more about every task they label move the mean of all tasks by 25."""
    labels = [label(f"s{i}", "75") for i in range(12)] + [label(f"c{i}", "50") for i in range(12)]
    found = means(labels)
    assert found["r1", "all"].corrected == pytest.approx(62.5)
    assert found["r1", "all"].sampling == "assumed"
    assert found["r1", "occupation:15-1252.00"].corrected == pytest.approx(75.0)


def test_a_fully_labelled_group_needs_no_ratings():
    """Where people labelled every task the mean is theirs, and has no sampling error."""
    row = means([label(f"s{i}", "0") for i in range(20)])["r1", "soc:15"]
    assert (row.corrected, row.ci_low, row.ci_high) == (0.0, 0.0, 0.0)


def test_several_people_about_a_task_count_as_their_mean():
    """Anna says 50, Ben says 100: the task counts as 75."""
    labels = [label(f"s{i}", c, who) for i in range(20) for who, c in (("anna", "50"), ("ben", "100"))]
    row = means(labels)["r1", "soc:15"]
    assert (row.corrected, row.n_labels) == (pytest.approx(75.0), 20)


def test_a_task_drawn_with_a_small_chance_speaks_for_many():
    """Ten drawn with chance .25 and ten with chance 1: the former count four times."""
    tasks = [task(f"t{i}") for i in range(50)]
    scores = [score(f"t{i}", 50.0) for i in range(50)]
    chances = [0.25] * 10 + [1.0] * 10
    labels = [
        label(f"t{i}", "100" if chance < 1 else "0", origin=LabelOrigin.SAMPLE, inclusion_probability=chance)
        for i, chance in enumerate(chances)
    ]
    row = means(labels, scores, tasks)["r1", "all"]
    assert (row.corrected, row.sampling) == (pytest.approx(80.0), "sampled")


def test_sampled_and_imported_labels_are_never_mixed():
    """The same set with both kinds has a row for each."""
    drawn = [label(f"s{i}", "0", origin=LabelOrigin.SAMPLE, inclusion_probability=1.0) for i in range(20)]
    rows = group_scores(TASKS, SCORES, COVERAGE, (), [*drawn, *(label(f"s{i}", "100", "ben") for i in range(20))])
    found = {row.sampling: row.corrected for row in rows if row.level == "soc:15"}
    assert found == {"sampled": 0.0, "assumed": pytest.approx(100.0)}


def test_labels_of_one_group_say_nothing_about_the_others():
    """The mean of all is not corrected by labels that leave out half of the weight."""
    row = means([label(f"s{i}", "0") for i in range(20)])["r1", "all"]
    assert (row.corrected, row.reason_undefined) == (
        None,
        "the labels leave out SOC groups with more than 5 % of the weight",
    )


def test_a_rater_without_a_pass_is_held():
    """The naive mean is as good as its rater; the panel has one where a member passed."""
    assert means()["r1", "all"].status == "held"
    assert means(verdicts=passes("r1", "panel"))["panel", "all"].status == "published"
