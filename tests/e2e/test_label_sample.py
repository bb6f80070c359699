"""From a drawn sheet to a corrected mean, through the command."""

import csv

import duckdb
import pytest
from road import invented_tasks, scorer, write_onet

TASKS = invented_tasks(occupations_per_group=2)
N = 96


def write_ratings(path, category_of):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("task_id", "category"))
        writer.writerows((task.task_id, category_of(i)) for i, task in enumerate(TASKS))
    return path


def fill(sheet, labeller, category):
    """What a labeller does with a sheet."""
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"labeller": labeller, "category": category}
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return rows


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """An invented release that two raters have rated: one says 50 everywhere, the other differs on every third task."""
    place = tmp_path_factory.mktemp("sampled")
    write_onet(place / "db_30_1_text", TASKS)
    assert scorer(place, "onet", "import", "db_30_1_text").status == 0
    for rater, category_of in (("flat", lambda _: "50"), ("other", lambda i: "50" if i % 3 else "100")):
        file = write_ratings(place / f"{rater}.csv", category_of)
        assert scorer(place, "ratings", "import", str(file), "--rater", rater, "--rubric", "coverage").status == 0
    return place


@pytest.fixture(scope="module")
def sheet(workspace):
    """The sheet of a sample by disagreement, filled in: one person who says 75 about everything."""
    said = scorer(workspace, "labels", "sample", "--n", str(N), "--out", "sheet.csv", "--by-disagreement", "--json")
    assert said.status == 0, said.err
    return fill(workspace / "sheet.csv", "anna", "75")


def test_a_sheet_that_is_there_is_never_replaced(workspace, sheet):
    """It may hold labels: the command says so and leaves it."""
    assert len(sheet) == N
    said = scorer(workspace, "labels", "sample", "--n", str(N), "--out", "sheet.csv")
    assert said.status == 3
    assert "is there already" in said.err
    assert "75" in (workspace / "sheet.csv").read_text()


def test_the_same_sample_is_drawn_again(workspace, sheet):
    """Another file, the same tasks under the same id."""
    said = scorer(workspace, "labels", "sample", "--n", str(N), "--out", "again.csv", "--by-disagreement")
    assert "(drawn before)" in said.out
    with (workspace / "again.csv").open(newline="", encoding="utf-8") as file:
        again = list(csv.DictReader(file))
    assert [(row["sample_id"], row["task_id"]) for row in again] == [(r["sample_id"], r["task_id"]) for r in sheet]


def test_too_small_a_sample_says_how_many_it_needs(workspace):
    """Twelve groups need twelve labels or more."""
    said = scorer(workspace, "labels", "sample", "--n", "5", "--out", "small.csv")
    assert (said.status, "ask for 12 or more" in said.err) == (3, True)
    assert not (workspace / "small.csv").exists()


def test_a_task_that_was_not_drawn_is_refused_by_name(workspace, sheet):
    """The other rows are kept, exit status 1; what was drawn counts with its chance and corrects the mean."""
    stranger = next(task.task_id for task in TASKS if task.task_id not in {row["task_id"] for row in sheet})
    with (workspace / "sheet.csv").open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow([sheet[0]["sample_id"], stranger, "coverage@1", "anna", "75", "", "", "", ""])
    said = scorer(workspace, "labels", "import", "sheet.csv", "--name", "people")
    assert said.status == 1
    assert f"did not draw task `{stranger}`" in said.out + said.err
    scorer(workspace, "evaluate")
    scorer(workspace, "aggregate")
    assert scorer(workspace, "publish").status == 0
    with duckdb.connect(workspace / "results.duckdb", read_only=True) as release:
        drawn = release.execute("SELECT count(*), max(inclusion_probability) < 1 FROM label_sample").fetchall()
        labels = release.execute("SELECT DISTINCT origin, inclusion_probability IS NULL FROM label").fetchall()
        means = release.execute(
            "SELECT rater, naive, corrected, sampling FROM group_score WHERE level = 'all' AND rater = 'flat'"
        ).fetchall()
    assert drawn == [(N, True)]
    assert labels == [("sample", False)]
    assert means == [("flat", None, pytest.approx(75.0), "sampled")]
