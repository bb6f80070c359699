"""O*NET 30.1 and the published label set, where they stand beside the project: the counts that must come out."""

import csv
from collections import Counter, defaultdict

import pytest
from shared_data import SHARED, needs_shared

from scorer.artefacts import ArtefactCache
from scorer.catalogue import (
    TitleIndex,
    read_facts,
    read_label_set_tasks,
    read_offline_release,
    read_offline_skills,
    read_release,
)
from scorer.domain.catalogue import ReleaseKind, TaskKind
from scorer.domain.occupation_facts import FactKind
from scorer.workflows.sources.onet import OFFLINE, OFFLINE_SKILLS

pytestmark = needs_shared
PINNED = pytest.mark.skipif(
    any(ArtefactCache().path(name) is None for name in (OFFLINE, OFFLINE_SKILLS)),
    reason=f"pinned files absent: scorer artefacts pull {OFFLINE} {OFFLINE_SKILLS}",
)


@pytest.fixture(scope="module")
def onet():
    return read_release(SHARED / "data" / "onet_30_1")


@pytest.fixture(scope="module")
def label_set():
    return read_label_set_tasks(SHARED / "data" / "labels" / "gpts_are_gpts" / "full_labelset.tsv", "gpts-are-gpts")


def test_release_30_1_has_its_known_counts(onet):
    """1,016 occupations, 923 of them with tasks; 18,796 tasks, none refused."""
    assert (onet.name, len(onet.occupations), len(onet.tasks)) == ("30.1", 1016, 18796)
    assert len({task.occupation_code for task in onet.tasks}) == 923
    assert not [note for note in onet.notes if note.startswith("refused")]


def test_release_30_1_has_its_known_kinds(onet):
    """Core 13,643, Supplemental 4,308, `n/a` 845; 29 occupations have nothing but unclassified tasks."""
    assert Counter(task.kind for task in onet.tasks) == {
        TaskKind.CORE: 13643,
        TaskKind.SUPPLEMENTAL: 4308,
        TaskKind.UNCLASSIFIED: 845,
    }
    kinds = defaultdict(set)
    for task in onet.tasks:
        kinds[task.occupation_code].add(task.kind)
    only = [code for code, found in kinds.items() if found == {TaskKind.UNCLASSIFIED}]
    assert len(only) == 29
    assert "15-2051.00" in only


def test_release_30_1_has_its_known_ratings(onet):
    """17,951 importances and 11,199 relevances; the tasks without ratings are exactly the unclassified ones."""
    assert sum(task.importance is not None for task in onet.tasks) == 17951
    assert sum(task.relevance is not None for task in onet.tasks) == 11199
    assert all((task.importance is None) == (task.kind is TaskKind.UNCLASSIFIED) for task in onet.tasks)


def test_six_statements_keep_their_quotes(onet):
    """Six statements of 30.1 hold a double quote, and there are 17,537 distinct texts."""
    assert sum('"' in task.statement for task in onet.tasks) == 6
    assert len({task.statement for task in onet.tasks}) == 17537


def test_job_zones_reach_every_occupation_with_ratings(onet):
    """The 923 occupations with tasks have a job zone, the others none."""
    with_tasks = {task.occupation_code for task in onet.tasks}
    assert {o.occupation_code for o in onet.occupations if o.job_zone is not None} == with_tasks


def test_real_frequency_rows_give_the_expected_category(tmp_path):
    """Four tasks of a real file: sum(category x percent) / sum(percents) by hand, RT and IM as printed, one flag."""
    source = SHARED / "data" / "onet_30_1"
    directory = tmp_path / "db_30_1_text"
    directory.mkdir()
    for name in ("Occupation Data.txt", "Task Statements.txt", "Job Zones.txt"):
        (directory / name).write_bytes((source / name).read_bytes())
    (directory / "Task Ratings.txt").write_bytes((source / "Task Ratings.sample.txt").read_bytes())
    release = read_release(directory)
    rated = {task.task_id: task for task in release.tasks if task.importance is not None}
    assert {task_id: (t.importance, t.relevance, t.frequency) for task_id, t in rated.items()} == {
        "8823": (4.52, 74.44, 3.5802),  # 358.06 / 100.01
        "8832": (4.13, 75.74, 2.5547),  # 255.47 / 100.00
        "8842": (4.07, 27.05, 2.1474),  # 214.74 / 100.00
        "8847": (3.90, 27.31, 2.9134),  # 291.34 / 100.00
    }
    assert any(
        note.startswith("Task Ratings.txt: 1 row(s) that O*NET recommends to suppress") for note in release.notes
    )


def test_the_label_set_is_a_catalogue_of_its_own(label_set):
    """19,265 tasks in 923 occupations with the kinds printed there, none refused."""
    assert (label_set.kind, label_set.name) == (ReleaseKind.LABELS, "gpts-are-gpts")
    assert (len(label_set.tasks), len(label_set.occupations), label_set.notes) == (19265, 923, ())
    assert Counter(task.kind for task in label_set.tasks) == {
        TaskKind.CORE: 13225,
        TaskKind.SUPPLEMENTAL: 4728,
        TaskKind.UNCLASSIFIED: 1312,
    }


def test_task_ids_hold_between_releases(onet, label_set):
    """18,739 tasks are shared with 30.1: none moved, 58 texts edited, 1,046 kinds differ; 526 are retired."""
    now = {task.task_id: task for task in onet.tasks}
    pairs = [(now[task.task_id], task) for task in label_set.tasks if task.task_id in now]
    assert len(pairs) == 18739
    assert len(label_set.tasks) - len(pairs) == 526
    assert sum(a.occupation_code != b.occupation_code for a, b in pairs) == 0
    assert sum(a.statement != b.statement for a, b in pairs) == 58
    assert sum(a.kind != b.kind for a, b in pairs) == 1046


def test_the_label_set_reads_as_the_csv_module_reads_it(label_set):
    """Quoted statements lose their outer quotes and keep the inner ones."""
    path = SHARED / "data" / "labels" / "gpts_are_gpts" / "full_labelset.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        statements = [row["Task"] for row in csv.DictReader(lines, delimiter="\t")]
    assert [task.statement for task in label_set.tasks] == statements


@pytest.fixture(scope="module")
def facts(onet):
    return {table.kind: table for table in read_facts(SHARED / "data" / "onet_30_1", onet)}


def test_the_tables_of_30_1_have_their_known_counts(facts):
    """Every row of the files is taken, none refused: 894 x 35 skills from Excel, the others from text."""
    counts = {kind: len(table.rows) for kind, table in facts.items()}
    assert counts == {
        FactKind.SKILLS: 894 * 35,
        FactKind.TECHNOLOGIES: 32773,
        FactKind.TITLES: 56505,
        FactKind.RELATED: 923 * 20,
        FactKind.ACTIVITIES: 23850,
    }
    assert facts[FactKind.SKILLS].source == "Skills.xlsx"
    assert not [note for table in facts.values() for note in table.notes if note.startswith("refused")]


def test_the_flags_of_30_1_are_read(facts):
    """11,526 technologies are hot, 2,493 in demand; 147 skill ratings are flagged and kept."""
    technologies = facts[FactKind.TECHNOLOGIES].rows
    assert (sum(one.is_hot for one in technologies), sum(one.is_in_demand for one in technologies)) == (11526, 2493)
    assert facts[FactKind.SKILLS].notes == ("Skills.xlsx: 147 row(s) that O*NET recommends to suppress are kept",)


def test_skills_of_30_1_come_out_of_excel_as_printed(facts):
    """Every skill has both ratings, within their scales; the first one is 4.12 and 4.62."""
    skills = facts[FactKind.SKILLS].rows
    assert (skills[0].occupation_code, skills[0].importance, skills[0].level) == ("11-1011.00", 4.12, 4.62)
    assert all(one.importance is not None and one.level is not None for one in skills)


@PINNED
def test_skills_of_the_offline_copy_are_those_that_onet_still_prints(facts):
    """Of 20,989 skills whose ratings 30.1 prints with the same mean, importance and level are the printed ones, all."""
    cache = ArtefactCache()
    release = read_offline_release(cache.require(OFFLINE))
    printed = {(s.occupation_code, s.element_id): s for s in facts[FactKind.SKILLS].rows}
    ours = read_offline_skills(cache.require(OFFLINE_SKILLS), release).rows
    pairs = [(one, printed.get((one.occupation_code, one.element_id))) for one in ours]
    same = [(one, other) for one, other in pairs if other and abs(mean(one) - mean(other)) < 1e-6]
    assert len(same) == 20_989
    assert all((one.importance, one.level) == (other.importance, other.level) for one, other in same)


def mean(skill):
    """Of both places on their scales."""
    return ((skill.importance - 1) / 4 + skill.level / 7) / 2


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ML engineer", {"15-2051.00", "15-1221.00", "15-1299.08"}),
        ("RN", {"29-1141.00"}),
        ("sysadmin", {"15-1244.00"}),
        ("truck driver", {"53-3032.00"}),
        ("accountent", {"13-2011.00"}),
    ],
)
def test_everyday_titles_of_30_1_are_found(index, text, codes):
    """What people type leads to the occupations that O*NET files such jobs under."""
    found = index.search(text)
    assert {one.occupation_code for one in found[: len(codes)]} == codes


@pytest.fixture(scope="module")
def index(onet, facts):
    everyday = ((one.occupation_code, one.title) for one in facts[FactKind.TITLES].rows)
    return TitleIndex([*((one.occupation_code, one.title) for one in onet.occupations), *everyday])
