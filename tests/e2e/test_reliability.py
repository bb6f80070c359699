"""What raters state, beside labels: from the evaluation to the release, and no rating is changed."""

import duckdb
import pytest
from readings import keep, rating
from road import invented_tasks, write_labels

from scorer.workflows.workspace.bench import Bench

TASKS = invented_tasks(occupations_per_group=1)


@pytest.fixture
def rated(command):
    """A rater that says 75 of everything with a confidence of .9, and is right about a fifth."""
    keep(Bench(command.workspace), (rating(task, confidence=0.9, readings=None) for task in TASKS))
    command("labels", "import", write_labels(command.workspace / "people.csv", TASKS))
    return command


def test_too_much_confidence_is_told_stored_published_and_left_in_the_rating(rated):
    """A line in print, bins in JSON, a diagram, and a calibrated value by rating in a release that verifies."""
    page = rated.workspace / "report.html"
    told = rated("evaluate", "--html", page)
    assert "What raters state" in told.out
    assert "confidence of shaky beside people, 144 tasks" in page.read_text()
    whole, tenth = rated("evaluate", "--json").json()["reliability"]
    assert (whole["n"], whole["stated"], whole["bin"]) == (144, pytest.approx(0.9), None)
    assert whole["calibrated"] == pytest.approx(whole["observed"], abs=0.05)
    assert (tenth["bin"], tenth["low"], tenth["n"]) == (10, 0.9, 144)
    rated("aggregate")
    assert rated("publish").status == 0
    assert rated("verify", "--json").json() == []
    with duckdb.connect(rated.workspace / "results.duckdb", read_only=True) as release:
        values = release.sql(
            """SELECT r.confidence, c.stated, c.calibrated FROM calibrated_value c JOIN rating r USING (rating_id)"""
        ).fetchall()
        assert release.sql("SELECT count(*) FROM reliability").fetchall() == [(2,)]
    assert len(values) == 144
    assert all(raw == stated == 0.9 and calibrated < 0.4 for raw, stated, calibrated in values)
