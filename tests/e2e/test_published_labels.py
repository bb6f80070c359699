"""The published labels and O*NET 30.1 through the command: the figures of the literature come out."""

import csv

import duckdb
import pytest
from road import scorer
from shared_data import SHARED, needs_shared

pytestmark = needs_shared
MEASURES = {"alpha": "alpha", "beta": "beta", "zeta": "gamma"}  # the published file calls zeta gamma
COLUMNS = {"gpt-4": ("gpt4_exposure", "dv"), "people": ("human_exposure_agg", "human")}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """O*NET 30.1, the published labels, and both label columns imported as ratings; all evaluated and aggregated."""
    place = tmp_path_factory.mktemp("published")
    labels = SHARED / "data" / "labels" / "gpts_are_gpts"
    said = scorer(place, "onet", "import", str(SHARED / "data" / "onet_30_1"))
    assert said.status == 0, said.err
    (place / "import.txt").write_text(said.out)
    said = scorer(place, "labels", "import", "gpts-are-gpts", "--path", str(labels))
    assert said.status == 0, said.err
    for rater, (column, _) in COLUMNS.items():
        options = ("--rubric", "exposure", "--task-column", "Task ID", "--category-column", column)
        release = ("--onet-release", "gpts-are-gpts")
        file = str(labels / "full_labelset.tsv")
        said = scorer(place, "ratings", "import", file, "--rater", rater, *options, *release)
        assert said.status == 0, said.err
    return place


@pytest.fixture(scope="module")
def evaluation(workspace):
    return scorer(workspace, "evaluate", "--json").json()


@pytest.fixture(scope="module")
def release(workspace, evaluation):
    """The release over the tasks and kinds that the label set prints."""
    assert evaluation["agreements"]
    scorer(workspace, "aggregate", "--onet-release", "gpts-are-gpts")
    assert scorer(workspace, "publish").status == 0
    with duckdb.connect(workspace / "results.duckdb", read_only=True) as connection:
        yield connection


def test_onet_30_1_has_the_published_counts(workspace):
    """1,016 occupations, 923 with tasks; 18,796 tasks, 13,643 of them core."""
    said = (workspace / "import.txt").read_text()
    assert "1,016 occupations, 923 with tasks" in said
    assert "18,796 tasks, 13,643 core" in said


def test_the_occupations_of_onet_30_1_that_have_no_tasks_are_shown(workspace):
    """O*NET 30.1 has 93 of them."""
    shown = scorer(workspace, "onet", "show", "*", "--json", "--onet-release", "30.1").json()
    bare = [one["occupation_code"] for one in shown if not one["tasks"]]
    assert (len(shown), len(bare)) == (1016, 93)
    assert "no task of this occupation" in scorer(workspace, "onet", "show", bare[0], "--onet-release", "30.1").out


@pytest.mark.parametrize(
    ("metric", "figure"), [("raw_agreement", 0.6564), ("kappa", 0.4367), ("alpha_ordinal", 0.6288), ("pearson", 0.5908)]
)
def test_agreement_of_people_and_gpt_4_is_the_published_one(evaluation, metric, figure):
    """All 19,265 tasks count, those that 30.1 has retired among them; the interval holds the figure."""
    (row,) = [
        one
        for one in evaluation["agreements"]
        if (one["rater"], one["counterpart"], one["stratum"], one["metric"])
        == ("gpt-4", "gpts-are-gpts/human", "all", metric)
    ]
    assert (round(row["value"], 4), row["n"]) == (figure, 19_265)
    assert row["ci_low"] < row["value"] < row["ci_high"]


def test_gpt_4_passes_the_default_policy_on_labels_by_persons(evaluation):
    """The gate says PASS, and on what evidence."""
    (verdict,) = [one for one in evaluation["verdicts"] if one["rater"] == "gpt-4" and one["level"] == "all"]
    assert (verdict["decision"], verdict["policy"], verdict["label_set"]) == ("PASS", "default", "gpts-are-gpts")


def test_the_published_occupation_scores_come_out(release):
    """923 occupations x 2 raters x 3 measures are those of occ_level.csv, to the last digit that matters."""
    query = "SELECT occupation_code, rater, measure, score FROM occupation_score WHERE rater <> 'panel'"
    ours = {(code, rater, measure): score for code, rater, measure, score in release.execute(query).fetchall()}
    assert len(ours) == 923 * 6
    path = SHARED / "data" / "labels" / "gpts_are_gpts" / "occ_level.csv"
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            for rater, (_, prefix) in COLUMNS.items():
                for measure, published in MEASURES.items():
                    theirs = float(row[f"{prefix}_rating_{published}"])
                    assert ours[row["O*NET-SOC Code"], rater, measure] == pytest.approx(theirs, abs=1e-12)


def test_the_release_credits_onet_and_the_labels(release):
    """Whoever opens the file finds whose work it builds on."""
    (credit,) = release.execute("SELECT attribution FROM release").fetchone()
    assert "U.S. Department of Labor, Employment and Training Administration" in credit
    assert "CC BY 4.0" in credit
    assert "GPTs are GPTs" in credit
