"""Selections: what they choose, what they refuse, and that a sample is fair, stable and repeatable."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.catalogue import Selection, read_release, read_task_file, select, stratified_sample
from scorer.domain.catalogue import Task, TaskKind
from scorer.errors import CatalogueError


@pytest.fixture
def release(write_release):
    return read_release(write_release())


def ids(tasks):
    return [task.task_id for task in tasks]


def test_no_condition_selects_everything_in_order(release):
    """An empty selection is the whole catalogue."""
    assert ids(select(release, Selection())) == ["101", "102", "103", "104"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(occupations=("15-*",)), ["101", "102", "103"]),
        (Selection(occupations=("51-9001.00", "15-9002.00")), ["103", "104"]),
        (Selection(occupations=("15-*", "15-9001.00")), ["101", "102", "103"]),
        (Selection(kinds=(TaskKind.CORE,)), ["101", "104"]),
        (Selection(task_ids=("104", "101.0", "101")), ["101", "104"]),
        (Selection(occupations=("15-*",), kinds=(TaskKind.CORE, TaskKind.UNCLASSIFIED)), ["101", "103"]),
        (Selection(sample=9), ["101", "102", "103", "104"]),
    ],
)
def test_conditions_narrow_each_other(release, selection, expected):
    """Codes and patterns, kinds and ids are joined by and; the order is the catalogue's."""
    assert ids(select(release, selection)) == expected


def test_an_unknown_code_proposes_the_nearest(release):
    """The message names the code and what begins and is spelt alike."""
    with pytest.raises(CatalogueError, match=r"no occupation `15-9002` in release 30.1; did you mean `15-9002.00`"):
        select(release, Selection(occupations=("15-*", "15-9002")))
    with pytest.raises(CatalogueError, match=r"no occupation `16-\*` .*; did you mean `15-\*`"):
        select(release, Selection(occupations=("16-*",)))
    with pytest.raises(CatalogueError, match=r"give a code such as 15-1252.00"):
        select(release, Selection(occupations=("sailors",)))


def test_unknown_task_ids_are_counted_and_the_first_are_named(release):
    """A list of ids that are not in the release is refused whole, with the first five."""
    with pytest.raises(CatalogueError, match=r"6 task id\(s\) .* 30.1: 1, 2, 3, 4, 5, \.\.\.; leave them out"):
        select(release, Selection(task_ids=("101", *"123456")))


def test_a_selection_of_nothing_is_an_error(release):
    """An occupation without tasks would look like work already done."""
    with pytest.raises(CatalogueError, match="nothing selected"):
        select(release, Selection(occupations=("55-*",)))


groups = st.dictionaries(st.sampled_from(["11", "15", "29", "43", "51", "53"]), st.integers(1, 12), min_size=1)
seeds = st.integers(0, 10**6)


def tasks_of(sizes):
    return [
        Task(task_id=f"{group}{k:03}", occupation_code=f"{group}-1011.00", statement="Ring a bell.", kind=TaskKind.CORE)
        for group, size in sizes.items()
        for k in range(size)
    ]


@given(groups, st.integers(1, 80), seeds)
def test_a_sample_has_exactly_n_tasks_each_once(sizes, n, seed):
    """There are n tasks, or all where there are fewer; none twice; in catalogue order."""
    tasks = tasks_of(sizes)
    drawn = stratified_sample(tasks, n, seed)
    assert len(drawn) == min(n, len(tasks))
    assert len(set(ids(drawn))) == len(drawn)
    assert drawn == [task for task in tasks if task in drawn]


@given(groups, st.integers(1, 80), seeds)
def test_groups_give_equal_numbers_as_far_as_they_can(sizes, n, seed):
    """A group gives fewer than another only where it has no more, or by the one task that does not divide."""
    drawn = Counter(task.major_group for task in stratified_sample(tasks_of(sizes), n, seed))
    most = max(drawn.values())
    assert all(drawn[group] >= min(size, most - 1) for group, size in sizes.items())


@given(groups, st.integers(1, 40), st.integers(0, 40), seeds)
def test_a_larger_sample_extends_a_smaller_one(sizes, n, more, seed):
    """What was rated for a small sample is part of every larger one of the same seed."""
    tasks = tasks_of(sizes)
    assert set(ids(stratified_sample(tasks, n, seed))) <= set(ids(stratified_sample(tasks, n + more, seed)))


@given(groups, st.integers(1, 40), seeds, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_a_sample(sizes, n, seed, shuffler):
    """The draw depends on ids and seed alone; a repeated row counts once."""
    tasks = tasks_of(sizes)
    mixed = [*tasks, *tasks[:3]]
    shuffler.shuffle(mixed)
    assert set(ids(stratified_sample(mixed, n, seed))) == set(ids(stratified_sample(tasks, n, seed)))


def test_another_seed_is_another_draw():
    """Twenty seeds do not give one sample, and the same seed always gives the same."""
    tasks = tasks_of({"15": 30, "51": 30})
    draws = {tuple(ids(stratified_sample(tasks, 10, seed))) for seed in range(20)}
    assert len(draws) > 15
    assert stratified_sample(tasks, 10, 3) == stratified_sample(tasks, 10, 3)


def test_every_task_of_a_group_is_equally_likely():
    """Over 2,000 seeds each of ten tasks is drawn about as often: within five standard errors of one in five."""
    tasks = tasks_of({"15": 10})
    drawn = Counter(task_id for seed in range(2000) for task_id in ids(stratified_sample(tasks, 2, seed)))
    assert all(abs(drawn[task.task_id] - 400) < 5 * (2000 * 0.2 * 0.8) ** 0.5 for task in tasks)


def test_a_sample_of_less_than_one_is_an_error():
    """Nothing can be drawn, and that is said."""
    with pytest.raises(CatalogueError, match="ask for 1 or more"):
        stratified_sample(tasks_of({"15": 3}), 0, 0)


def test_a_task_file_gives_its_ids_once_each(tmp_path):
    """Other columns, a BOM, empty lines, `.0` and repetitions are no trouble."""
    path = tmp_path / "tasks.csv"
    path.write_text('\ufeffnote,task_id\n"a, b",101.0\n\nx,104\ny,101\n')
    assert read_task_file(path) == ("101", "104")


def test_a_task_file_with_broken_rows_is_refused_with_their_lines(tmp_path):
    """A list that is silently shorter would be another selection: every broken row is named."""
    path = tmp_path / "tasks.csv"
    path.write_text("task_id,note\n101,x\n,y\n102\n")
    with pytest.raises(CatalogueError, match=r"2 row\(s\) cannot be used; .* line 3: no task_id, .* line 4: 1 field"):
        read_task_file(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [("id\n101\n", "missing column `task_id`; found `id`"), ("task_id\n", "no usable row"), (None, "cannot be read")],
)
def test_a_file_that_is_no_task_file_is_an_error(tmp_path, content, message):
    """No such column, no row, no file: one clear line."""
    path = tmp_path / "tasks.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CatalogueError, match=message):
        read_task_file(path)
