"""Credit where it is due: O*NET's prescribed sentences, the sources of BLS, labels and custom texts, in every copy."""

import pytest
from store_samples import FINCH, filled_store, onet_release

from scorer.catalogue import attribution
from scorer.domain.catalogue import CustomOccupation, ReleaseKind
from scorer.domain.labour import CrosswalkRow, LabourKind, LabourTable, Projection, Wage
from scorer.publish import export_release, publish
from scorer.store import AggregationRecord, open_release

INCLUDES = (
    "This page includes information from the O*NET 29.0 Database by the U.S. Department of Labor, Employment and "
    "Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA."
)
MODIFIED = (
    "has modified all or some of this information. USDOL/ETA has not approved, endorsed, or tested these modifications."
)
PRESCRIBED = (INCLUDES, MODIFIED)
BLS = (
    "Source: U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May 2025.",
    "Source: U.S. Bureau of Labor Statistics, Employment Projections 2024-34.",
)
LABELS = "Labels: the lantern society."
OWN = "Own words, not O*NET's."


@pytest.fixture
def store(tmp_path):
    """A store with everything that has a source: O*NET, labels, wages, projections, an occupation of one's own."""
    store = filled_store(tmp_path / ".scorer" / "store.duckdb")
    credit = attribution("29.0", modified=True)
    sentences = {"8": "Count the lanterns that nobody has come to fetch by the end of the week."}
    older = onet_release("29.0", sentences).model_copy(update={"attribution": credit})
    store.catalogue.add(older)
    custom = onet_release("custom-1", {"9": "Ask every lamp how it slept."}, ReleaseKind.CUSTOM)
    occupation = custom.occupations[0].model_copy(update={"occupation_code": "15-0000.C01", "is_custom": True})
    tasks = tuple(task.model_copy(update={"occupation_code": "15-0000.C01"}) for task in custom.tasks)
    told = {"occupations": (occupation,), "tasks": tasks, "attribution": OWN}
    store.catalogue.add_custom(CustomOccupation(release=custom.model_copy(update=told)))
    wage = Wage(soc_code="15-1111", title="Lanterns", median_wage_usd=1.0)
    growth = Projection(nem_code="15-1111", title="Lanterns", growth_pct=1.0)
    store.labour.add(LabourTable(LabourKind.WAGES, "2025", "a.csv", (wage,)))
    store.labour.add(LabourTable(LabourKind.PROJECTIONS, "2024-34", "b.xlsx", (growth,)))
    link = CrosswalkRow(occupation_code=FINCH, nem_code="15-1111")
    store.labour.add(LabourTable(LabourKind.CROSSWALK, "2019", "c.csv", (link,)))
    return store


@pytest.fixture
def release(store, tmp_path):
    """A release about 29.0, without an aggregation of another release in the way."""
    record = AggregationRecord(aggregation_id="a9", onet_release="29.0", weights="core2", panel=(), seed=7)
    store.outcomes.save_aggregation(record, [], [], [], [])
    publish(store, tmp_path / "results.duckdb")
    return tmp_path / "results.duckdb"


def test_a_release_credits_all_its_sources(release):
    """O*NET's sentences with its number, that it was modified, BLS, the labels, and whose the rest is."""
    with open_release(release) as reader:
        credit = reader.head().attribution
    assert [part for part in (*PRESCRIBED, *BLS, LABELS, OWN) if part not in credit] == []


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_every_export_carries_the_credit(release, tmp_path, kind):
    """The card that lies beside the files has every line, and so has the table `release` among them."""
    files = export_release(release, tmp_path / kind, kind)
    card = " ".join((tmp_path / kind / "README.md").read_text(encoding="utf-8").split())
    assert [part for part in (*PRESCRIBED, *BLS, LABELS, OWN) if part not in card] == []
    assert f"release.{kind}" in {path.name for path in files}


def test_without_figures_there_is_no_source_to_name(tmp_path):
    """A release that holds nothing of BLS does not claim that it does."""
    store = filled_store(tmp_path / ".scorer" / "store.duckdb")
    publish(store, tmp_path / "results.duckdb")
    with open_release(tmp_path / "results.duckdb") as reader:
        assert "Labor Statistics" not in reader.head().attribution
