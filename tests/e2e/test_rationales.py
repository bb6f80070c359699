"""Rationales that cannot be reasons: flagged at the evaluation, on its page, in the release; no rating is changed."""

from importlib.resources import files

import duckdb
import pytest
from readings import keep, rating
from road import InventedTask, invented_tasks, write_labels, write_onet

from scorer.workflows.workspace.bench import Bench

CLAIMS = {True: "named_product", False: "plausible"}
TASKS = invented_tasks(occupations_per_group=1)


@pytest.fixture
def rated(command):
    """A rater that says the same of every task, and claims a product for the first."""
    said = "Chatbots do such things well."
    claims = (CLAIMS[task is TASKS[0]] for task in TASKS)
    told = (rating(task, rationale=said, evidence=claim) for task, claim in zip(TASKS, claims, strict=True))
    keep(Bench(command.workspace), told)
    command("labels", "import", write_labels(command.workspace / "people.csv", TASKS))
    return command


def test_empty_words_under_every_task_is_told_stored_published_and_may_hold(rated):
    """A table in print, a section on the page, rows in JSON and in a release that verifies; a policy may hold it."""
    page, policy = rated.workspace / "report.html", rated.workspace / "strict_reasons.toml"
    told = rated("evaluate", "--html", page)
    assert "Rationales that can hardly be reasons" in told.out
    assert "off task, none of the task" in page.read_text()
    counts = {one["flag"]: one["n_flagged"] for one in rated("evaluate", "--json").json()["rationales"]}
    assert (counts["off_task"], counts["product_without_evidence"], counts["near_duplicate"]) == (144, 1, 0)
    shipped = rated("evaluate", "--policy", "default", "--json").json()
    assert "rationales flagged" not in str(shipped["verdicts"])
    rule = "[rationales]\nmax_flagged = 0.1\nmin_rationales = 100\n\n[bands.coverage]"
    default = (files("eval") / "policies" / "default.toml").read_text(encoding="utf-8")
    policy.write_text(default.replace("[bands.coverage]", rule), encoding="utf-8")
    held = rated("evaluate", "--policy", policy, "--json").json()
    assert "144 of 144 rationales flagged (100.0%; at most 10.0%)" in held["verdicts"][0]["reasons"]
    rated("aggregate")
    assert rated("publish").status == 0
    assert rated("verify", "--json").json() == []
    with duckdb.connect(rated.workspace / "results.duckdb", read_only=True) as release:
        flags = release.sql("SELECT flag, count(*) FROM rating_flag GROUP BY ALL ORDER BY ALL").fetchall()
        assert flags == [("off_task", 144), ("product_without_evidence", 1)]
        assert release.sql("SELECT share FROM rationale_quality WHERE flag = 'any'").fetchall() == [(1.0,)]


def test_one_reason_under_two_tasks_of_an_occupation_is_told_in_the_report(command):
    """Both are flagged, on the page and in JSON; the same words under a task of another occupation are no copy."""
    tasks = [
        InventedTask("1", "15-9001.00", "Write rhymes about lanterns.", "50"),
        InventedTask("2", "15-9001.00", "Carry crates of oil.", "50"),
        InventedTask("3", "17-9001.00", "Count the hours of keepers.", "50"),
    ]
    assert command("onet", "import", write_onet(command.workspace / "db_31_0_text", tasks)).status == 0
    pasted = "Software drafts rhymes, tracks crates and adds up hours; a person looks at it."
    keep(Bench(command.workspace), (rating(task, rationale=pasted) for task in tasks))
    command("labels", "import", write_labels(command.workspace / "people.csv", tasks))
    page = command.workspace / "report.html"
    told = command("evaluate", "--html", page, "--json").json()["rationales"]
    assert {one["flag"]: (one["n"], one["n_flagged"]) for one in told}["near_duplicate"] == (3, 2)
    assert "near duplicate, as under task" in page.read_text()
