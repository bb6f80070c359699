"""Pay and outlook in the store: joined through the crosswalk, read by stated cut-offs, missing with a reason."""

import duckdb
import pytest
from store_samples import FINCH, OWL, onet_release

from scorer.domain.catalogue import CustomOccupation, Occupation, OnetRelease, ReleaseKind, Task
from scorer.domain.labour import CrosswalkRow, LabourKind, LabourTable, Projection, Wage
from scorer.domain.occupation_facts import FactKind, FactTable, Skill
from scorer.store import ReleaseChoice, Store

CODE = "15-0000.C01"
LINKS = LabourTable(
    LabourKind.CROSSWALK,
    "2019",
    "crosswalk.csv",
    (CrosswalkRow(occupation_code=FINCH, nem_code="15-1111"), CrosswalkRow(occupation_code=OWL, nem_code="51-2222")),
)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    with store.held():
        store.catalogue.add(onet_release())
        yield store


def wages(year, finch, owl="51-2222"):
    number, mark = (finch, None) if isinstance(finch, float) else (None, finch)
    paid = Wage(soc_code="15-1111", title="Lanterns", employment=900, median_wage_usd=number, median_wage_mark=mark)
    return LabourTable(LabourKind.WAGES, year, f"{year}.csv", (paid, Wage(soc_code=owl, title="Crates", employment=1)))


def growth(percent):
    row = Projection(nem_code="15-1111", title="Lanterns", growth_pct=percent)
    return LabourTable(LabourKind.PROJECTIONS, "2024-34", "ep.xlsx", (row,))


def custom(word="slept"):
    task = Task(task_id=f"{CODE}-{word}", occupation_code=CODE, statement=f"Ask how it {word}.", kind="core")
    release = OnetRelease(
        name=f"custom-{word}",
        kind=ReleaseKind.CUSTOM,
        source="lamp.yaml",
        attribution="Own words.",
        sha256=word,
        occupations=(Occupation(occupation_code=CODE, title="Lamp Whisperer", is_custom=True),),
        tasks=(task,),
    )
    return CustomOccupation(release=release, nearest=("99-0000.00", FINCH))


def occupations(store, tmp_path, columns):
    """Rows of the occupations of a release, by code."""
    out = tmp_path / "results.duckdb"
    with store.release_draft(out, ReleaseChoice(onet_release="30.1", aggregation_id=None)) as draft:
        draft.is_sealed = True
    with duckdb.connect(out, read_only=True) as con:
        found = con.table("occupation").project(f"occupation_code, {columns}").fetchall()
    return {code: row for code, *row in found}


@pytest.mark.parametrize(
    ("percent", "trend"),
    [
        (-1.0, "declining"),
        (-0.9, "little change"),
        (0.9, "little change"),
        (1.0, "slower than average"),
        (3.0, "about average"),
        (5.0, "faster than average"),
        (7.0, "much faster than average"),
        (None, None),
    ],
)
def test_the_trend_has_stated_cut_offs(store, tmp_path, percent, trend):
    """Each cut-off belongs to the word above it, and no figure is no word."""
    for table in (LINKS, growth(percent)):
        store.labour.add(table)
    assert occupations(store, tmp_path, "projected_growth_pct, demand_trend")[FINCH] == [percent, trend]


def test_figures_come_through_the_crosswalk(store, tmp_path):
    """Source, period and code stand with the figures; an occupation without any has NULL, never 0."""
    for table in (LINKS, wages("2025", 51000.0, owl="51-9999"), growth(4.0)):
        assert store.labour.add(table)
        assert not store.labour.add(table)
    found = occupations(store, tmp_path, "nem_code, employment, median_wage_usd, wage_year, projection_period")
    assert found[FINCH] == ["15-1111", 900, 51000.0, 2025, "2024-34"]
    assert found[OWL] == ["51-2222", None, None, None, None]
    reach = store.labour.reach("30.1")
    assert (reach.n_occupations, reach.n_matched, reach.n_projected, reach.n_paid) == (2, 2, 1, 1)


def test_without_a_crosswalk_the_code_is_cut(store, tmp_path):
    """The first seven characters of the O*NET code are tried where no crosswalk is here."""
    store.labour.add(wages("2025", 51000.0, owl=OWL[:7]))
    assert occupations(store, tmp_path, "employment")[OWL] == [1]
    store.labour.add(LINKS)
    assert occupations(store, tmp_path, "employment")[OWL] == [None]


@pytest.mark.parametrize(
    ("before", "change", "reason"),
    [
        (None, None, "wages of one year only are here"),
        (50000.0, 2.0, None),
        ("#", None, "no number published for 2024"),
    ],
)
def test_a_change_of_pay_needs_two_numbers(store, tmp_path, before, change, reason):
    """The change is that of the two latest years; where a number is missing the reason stands in its place."""
    store.labour.add(LINKS)
    store.labour.add(wages("2025", 51000.0))
    if before is not None:
        store.labour.add(wages("2024", before))
    found = occupations(store, tmp_path, "pay_change_pct, pay_change_period, pay_change_reason")[FINCH]
    assert found == [change, "2024-2025" if change else None, reason]


def test_a_mark_stands_beside_a_missing_wage(store, tmp_path):
    """A top code is no number: the wage is NULL and the mark is what BLS prints."""
    store.labour.add(LINKS)
    store.labour.add(wages("2025", "#"))
    assert occupations(store, tmp_path, "median_wage_usd, median_wage_mark")[FINCH] == [None, "#"]


def test_a_custom_occupation_has_the_figures_of_its_nearest_code(store, tmp_path):
    """The first nearest code that has figures stands in, and the row says which it is."""
    for table in (LINKS, wages("2025", 51000.0)):
        store.labour.add(table)
    assert store.catalogue.add_custom(custom())
    found = occupations(store, tmp_path, "is_custom, median_wage_usd, labour_proxy_of")
    assert found[CODE] == [True, 51000.0, FINCH]
    assert found[FINCH] == [False, 51000.0, None]


def test_a_custom_occupation_has_the_skills_of_its_nearest_code(store, tmp_path):
    """Skills and technologies are those of the nearest code that has any, marked as its."""
    skill = Skill(occupation_code=FINCH, element_id="2.A", element="Hanging", importance=3.0)
    store.catalogue.add(onet_release(), [FactTable(FactKind.SKILLS, "Skills.txt", "a" * 64, [skill])])
    store.catalogue.add_custom(custom())
    occupations(store, tmp_path, "title")
    with duckdb.connect(tmp_path / "results.duckdb", read_only=True) as con:
        found = con.execute("SELECT occupation_code, element, proxy_of FROM occupation_skill ORDER BY ALL").fetchall()
    assert found == [(FINCH, "Hanging", None), (CODE, "Hanging", FINCH)]


def test_a_custom_occupation_takes_part_in_every_onet_release(store):
    """It stands at the end of each release of O*NET, in its latest text; label sets are left as they are."""
    store.catalogue.add(onet_release("29.0"))
    store.catalogue.add(onet_release("labels", kind=ReleaseKind.LABELS))
    store.catalogue.add_custom(custom())
    store.catalogue.add_custom(custom("dozed"))
    for name in ("30.1", "29.0", None):
        loaded = store.catalogue.load(name)
        assert [t.statement for t in loaded.tasks if t.occupation_code == CODE] == ["Ask how it dozed."]
    assert not any(o.is_custom for o in store.catalogue.load("labels").occupations)


def test_an_earlier_text_can_come_back(store):
    """Adding an earlier text again makes it the current one; adding the current one changes nothing."""
    assert store.catalogue.add_custom(custom())
    assert store.catalogue.add_custom(custom("dozed"))
    assert not store.catalogue.add_custom(custom("dozed"))
    assert store.catalogue.add_custom(custom())
    assert store.catalogue.custom() == {CODE: "custom-slept"}
    assert store.catalogue.nearest("custom-slept") == ("99-0000.00", FINCH)
