from collections import Counter

import pytest

from eval.labels import read_labels
from eval.sampling import draw_labels
from scorer.domain.catalogue import OnetRelease, Task, TaskKind
from scorer.domain.evaluation import LabelOrigin
from scorer.errors import LabelError
from scorer.rubrics import load_rubric

RUBRIC = load_rubric("coverage")
CODES = {"15-1252.00": 100, "47-2031.00": 30, "45-1011.00": 4}
TASKS = tuple(
    Task(task_id=f"{code[:2]}{i:03}", occupation_code=code, statement=f"Do thing {i}.", kind=TaskKind.CORE)
    for code, n in CODES.items()
    for i in range(n)
)
RELEASE = OnetRelease(name="30.1", source="invented", attribution="", sha256="0" * 64, occupations=(), tasks=TASKS)


def test_groups_get_equal_numbers_as_far_as_they_have_them():
    """Of 44 labels a group of four tasks gets its four, the others share the rest; chances say so."""
    draws = draw_labels(RELEASE, RUBRIC, 44, 0)
    assert Counter(draw.stratum for draw in draws) == {"15": 20, "47": 20, "45": 4}
    assert {draw.stratum: draw.inclusion_probability for draw in draws} == {"15": 0.2, "47": 20 / 30, "45": 1.0}
    assert [draw.place for draw in draws] == list(range(1, 45))


def test_the_same_choices_draw_the_same_sample_and_a_seed_another():
    """Order of the tasks does not matter; the seed does, and shows in the id."""
    shuffled = RELEASE.model_copy(update={"tasks": TASKS[::-1]})
    one, same, other = (draw_labels(r, RUBRIC, 30, s) for r, s in ((RELEASE, 1), (shuffled, 1), (RELEASE, 2)))
    assert [(d.sample_id, d.task_id) for d in one] == [(d.sample_id, d.task_id) for d in same]
    assert one[0].sample_id != other[0].sample_id


def test_disputed_tasks_are_drawn_three_times_as_densely():
    """Half of a group is disputed: it gets three labels in four, and its tasks chances to match."""
    spreads = {task.task_id: 50.0 * (i % 2) for i, task in enumerate(TASKS[:100])}
    tasks = RELEASE.model_copy(update={"tasks": TASKS[:100]})
    draws = draw_labels(tasks, RUBRIC, 40, 0, spreads)
    assert Counter(draw.stratum for draw in draws) == {"15/apart": 30, "15/agreed": 10}
    assert {draw.stratum: draw.inclusion_probability for draw in draws} == {"15/apart": 0.6, "15/agreed": 0.2}


def test_chances_are_the_shares_that_are_drawn():
    """Over 400 seeds a task is drawn as often as its chance says, within four binomial errors."""
    chance = draw_labels(RELEASE, RUBRIC, 30, 0)
    of_stratum = {draw.stratum: draw.inclusion_probability for draw in chance}
    drawn = Counter(draw.task_id for seed in range(400) for draw in draw_labels(RELEASE, RUBRIC, 30, seed))
    for task_id in ("15000", "15099", "47010"):
        p = of_stratum[task_id[:2]]
        assert drawn[task_id] / 400 == pytest.approx(p, abs=4 * (p * (1 - p) / 400) ** 0.5)


def test_a_sample_that_leaves_a_stratum_empty_is_refused():
    """Two labels cannot speak for three groups."""
    with pytest.raises(LabelError, match="ask for 3 or more"):
        draw_labels(RELEASE, RUBRIC, 2, 0)


def test_a_filled_sheet_becomes_sampled_labels(tmp_path):
    """Rows carry the chance of their draw; a task that the sample did not draw is refused by name."""
    draw = draw_labels(RELEASE, RUBRIC, 30, 0)[0]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "sample_id,task_id,rubric,labeller,category,note,occupation,statement\n"
        f"{draw.sample_id},{draw.task_id},coverage@1,anna,50,,Coder,Do it.\n"
        f"{draw.sample_id},nowhere,coverage@1,anna,50,,Coder,Do it.\n"
        f",{draw.task_id},coverage@1,ben,50,,Coder,Do it.\n"
    )
    drawn = {(draw.sample_id, draw.task_id): draw.inclusion_probability}
    reading = read_labels(sheet, "s", [RUBRIC], draws=drawn)
    sampled, imported = reading.labels
    assert (sampled.origin, sampled.inclusion_probability) == (LabelOrigin.SAMPLE, draw.inclusion_probability)
    assert (imported.origin, imported.inclusion_probability) == (LabelOrigin.IMPORT, None)
    assert [(one.line, "did not draw task `nowhere`" in one.reason) for one in reading.refused] == [(3, True)]
