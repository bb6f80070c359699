"""What O*NET says beside the tasks: side by side per release, whole or not at all."""

import duckdb
import pytest
from store_samples import FINCH, OWL, onet_release

from scorer.domain.occupation_facts import (
    AlternateTitle,
    CodeSuccession,
    FactKind,
    FactTable,
    RelatedOccupation,
    Skill,
    TaskActivity,
    Technology,
)
from scorer.errors import StoreError
from scorer.store import ReleaseChoice, Store

ROWS = {
    FactKind.SKILLS: [
        Skill(occupation_code=FINCH, element_id="2.A.1.a", element="Hanging", importance=2.5, level=1.0),
        Skill(occupation_code=FINCH, element_id="2.A.1.b", element="Lighting", importance=4.25),
        Skill(occupation_code=OWL, element_id="2.A.1.a", element="Hanging"),
    ],
    FactKind.TECHNOLOGIES: [
        Technology(occupation_code=FINCH, example="Rope ledger", category="Ledgers"),
        Technology(occupation_code=FINCH, example="Wick editor", is_hot=True, is_in_demand=False),
    ],
    FactKind.TITLES: [AlternateTitle(occupation_code=FINCH, title="Chief Lamp Officer", short_title="CLO")],
    FactKind.RELATED: [
        RelatedOccupation(occupation_code=FINCH, related_code=OWL, place=1, tier="Primary-Short"),
    ],
    FactKind.ACTIVITIES: [TaskActivity(task_id="1", activity_id="4.A.1.a.1.I01.D01", activity="Sort lamps.")],
}


def fact_table(kind, rows=None, sha256=None):
    return FactTable(kind, f"{kind}.txt", sha256 or kind.value, ROWS[kind] if rows is None else rows, ("a note",))


TABLES = [fact_table(kind) for kind in FactKind]


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        yield store


def test_facts_come_back_what_counts_most_first(store):
    """Every row is as it came; a skill without a rating stays without, and stands last."""
    store.catalogue.add(onet_release(), TABLES)
    lighting_first = [ROWS[FactKind.SKILLS][place] for place in (1, 0, 2)]
    assert store.facts.skills("30.1") == lighting_first
    assert store.facts.technologies("30.1") == ROWS[FactKind.TECHNOLOGIES][::-1]
    assert store.facts.titles("30.1") == ROWS[FactKind.TITLES]
    assert store.facts.related("30.1") == ROWS[FactKind.RELATED]
    assert store.facts.activities("30.1") == ROWS[FactKind.ACTIVITIES]


def test_facts_of_some_occupations_are_read_alone(store):
    """Who asks for one occupation or task gets no other."""
    store.catalogue.add(onet_release(), TABLES)
    assert [skill.occupation_code for skill in store.facts.skills("30.1", [OWL])] == [OWL]
    assert store.facts.skills("30.1", []) == []
    assert store.facts.activities("30.1", ["2"]) == []


def test_facts_of_releases_stand_side_by_side(store):
    """Each release keeps its own; one without a table is told from one with an empty table."""
    store.catalogue.add(onet_release("30.1"), TABLES)
    store.catalogue.add(onet_release("29.0"), [fact_table(FactKind.SKILLS, [])])
    assert store.facts.skills("29.0") == []
    assert [(one.kind, one.row_count) for one in store.facts.sources("29.0")] == [(FactKind.SKILLS, 0)]
    assert len(store.facts.skills("30.1")) == 3
    assert len(store.facts.sources()) == 6


def test_a_release_imported_without_a_table_gets_it_later(store):
    """Adding it again with more adds what is missing, once, and touches nothing else."""
    assert store.catalogue.add(onet_release(), TABLES[:1])
    assert store.catalogue.add(onet_release(), TABLES)
    assert not store.catalogue.add(onet_release(), TABLES)
    assert len(store.facts.skills("30.1")) == 3
    assert [one.kind for one in store.facts.sources("30.1")] == list(FactKind)


def test_other_rows_of_a_known_table_are_refused_with_all_that_came_along(store):
    """Nothing is overwritten, and nothing of a refused import stays."""
    store.catalogue.add(onet_release(), TABLES[:1])
    with pytest.raises(StoreError, match=r"occupation_skill\.txt of release 30\.1 has other rows.*--workspace DIR"):
        store.catalogue.add(onet_release(), [*TABLES[1:], fact_table(FactKind.SKILLS, [], "other")])
    assert [one.kind for one in store.facts.sources("30.1")] == [FactKind.SKILLS]
    assert store.facts.technologies("30.1") == []


def test_a_task_comes_back_with_its_activities(store):
    """The titles of a task's work activities are there for the prompt; a release without the table has none."""
    store.catalogue.add(onet_release("30.1"), TABLES)
    store.catalogue.add(onet_release("29.0"))
    shown = {task.task_id: task.activities for task in store.catalogue.load("30.1").tasks}
    assert {activities for activities in shown.values() if activities} == {("Sort lamps.",)}
    assert not any(task.activities for task in store.catalogue.load("29.0").tasks)


def test_a_crosswalk_grows_and_repeats_nothing(store):
    """A pair that is known is not added twice."""
    pairs = [CodeSuccession(code_2010=OWL, code_2019=FINCH), CodeSuccession(code_2010=OWL, code_2019=OWL)]
    assert store.facts.add_successions(pairs) == 2
    assert store.facts.add_successions([*pairs, pairs[0]]) == 0
    assert store.facts.successions() == pairs


@pytest.mark.parametrize(("with_statements", "titles", "activity"), [(True, 1, "Sort lamps."), (False, 0, None)])
def test_a_release_holds_the_facts_of_its_onet_release(store, tmp_path, with_statements, titles, activity):
    """Those of other releases stay at home; without statements titles and the words of activities do too."""
    store.catalogue.add(onet_release("30.1"), TABLES)
    store.catalogue.add(onet_release("29.0"), TABLES)
    out = tmp_path / "results.duckdb"
    choice = ReleaseChoice(onet_release="30.1", aggregation_id=None, with_statements=with_statements)
    with store.release_draft(out, choice) as draft:
        draft.is_sealed = True
    with duckdb.connect(out, read_only=True) as con:
        count = {kind: len(con.table(kind).fetchall()) for kind in FactKind}
        found = con.execute("SELECT activity FROM task_activity").fetchall()
    assert count == {**{kind: len(rows) for kind, rows in ROWS.items()}, FactKind.TITLES: titles}
    assert found == [(activity,)]
