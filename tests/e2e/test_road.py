"""The road from tasks to a release, walked with the command as a user walks it."""

import duckdb
import pytest
from road import endpoint, invented_tasks, scorer, write_answers, write_labels, write_onet, write_settings

TASKS = invented_tasks()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A workspace in which two scripted raters were rated, evaluated, aggregated and published by `scorer run`."""
    workspace = tmp_path_factory.mktemp("workspace")
    onet = write_onet(workspace / "db_30_9_text", TASKS)
    answers = write_answers(workspace / "answers.json", TASKS)
    assert scorer(workspace, "onet", "import", str(onet)).status == 0
    assert scorer(workspace, "labels", "import", str(write_labels(workspace / "people.csv", TASKS))).status == 0
    with endpoint("--answers", str(answers), "--noise", "0.15") as right, endpoint("--random") as chance:
        write_settings(workspace, right=right, chance=chance)
        said = scorer(workspace, "run", "--all")
    assert said.status == 1, said.err  # something is held, and the exit status says so
    return workspace


@pytest.fixture
def release(published):
    with duckdb.connect(published / "results.duckdb", read_only=True) as connection:
        yield connection


def test_every_task_is_rated_by_both_raters(release):
    """288 tasks by two raters make 576 rows, each with a category on the scale and the number it stands for."""
    rows = release.execute(
        "SELECT rater, status, count(*), count(DISTINCT task_id) FROM rating GROUP BY ALL"
    ).fetchall()
    assert sorted(rows) == [("chance", "rated", 288, 288), ("right", "rated", 288, 288)]
    assert release.execute("SELECT count(*) FROM rating WHERE score <> category::DOUBLE").fetchone() == (0,)


def test_the_rater_that_is_right_with_noise_passes_and_the_random_one_is_held(release):
    """The gate tells them apart on 288 labels by a person, and says why."""
    verdicts = dict(release.execute("SELECT rater, decision FROM verdict WHERE level = 'all'").fetchall())
    assert verdicts == {"right": "PASS", "chance": "HOLD", "panel": "PASS"}
    (reasons,) = release.execute(
        "SELECT reasons::VARCHAR FROM verdict WHERE rater = 'chance' AND level = 'all'"
    ).fetchone()
    assert "alpha_ordinal" in reasons
    assert "floor .25" in reasons


def test_occupation_rows_differ_accordingly(release):
    """What passed has numbers in all 24 occupations; what is held has rows with reasons and no number at all."""
    rows = release.execute(
        """SELECT rater, status, count(*), count(score), count(share_50), bool_and(len(reasons) > 0)
        FROM occupation_score GROUP BY ALL"""
    ).fetchall()
    assert ("right", "published", 24, 24, 24, True) in rows
    assert ("chance", "held", 24, 0, 0, True) in rows


def test_the_panel_is_made_of_what_passed(release):
    """With one rater passed, the panel's numbers are that rater's."""
    pairs = release.execute(
        """SELECT p.score, r.score FROM occupation_score p JOIN occupation_score r USING (occupation_code, measure)
        WHERE p.rater = 'panel' AND r.rater = 'right'"""
    ).fetchall()
    assert len(pairs) == 24
    assert all(panel == right for panel, right in pairs)


def test_a_published_score_is_the_weighted_mean_of_the_ratings(release):
    """core2 by hand, in SQL: core tasks count 2, the others 1."""
    rows = release.execute(
        """SELECT s.score, sum(r.score * w) / sum(w)
        FROM occupation_score s
        JOIN (SELECT *, CASE kind WHEN 'core' THEN 2 ELSE 1 END AS w FROM task) t USING (occupation_code)
        JOIN rating r ON r.task_id = t.task_id AND r.rater = s.rater
        WHERE s.rater = 'right' GROUP BY s.occupation_code, s.score"""
    ).fetchall()
    assert len(rows) == 24
    assert all(published == pytest.approx(by_hand) for published, by_hand in rows)


def test_the_release_verifies(published):
    """`scorer verify` finds nothing wrong with what `scorer run` wrote."""
    said = scorer(published, "verify", "--json")
    assert (said.status, said.json()) == (0, [])


def test_a_release_that_was_changed_does_not_verify(published, tmp_path):
    """One altered number is found, and the exit status says so."""
    forged = tmp_path / "forged.duckdb"
    forged.write_bytes((published / "results.duckdb").read_bytes())
    with duckdb.connect(forged) as connection:
        connection.execute("UPDATE occupation_score SET score = score + 1 WHERE rater = 'right'")
    said = scorer(published, "verify", str(forged))
    assert said.status == 1
    assert "occupation_score" in said.out


def test_a_second_run_sends_nothing(published):
    """Everything has its answer: the plan is empty although no endpoint is there any more."""
    said = scorer(published, "plan", "--all", "--json")
    assert said.json()["missing"] == 0
    assert said.json()["present"] == 576
    assert "nothing is missing" in scorer(published, "rate", "--all").out


def test_provisional_numbers_are_shown_only_on_request(published, tmp_path):
    """`--provisional` gives held rows their numbers, and the manifest says so."""
    out = tmp_path / "provisional.duckdb"
    assert scorer(published, "publish", "--provisional", "--out", str(out)).status == 0
    with duckdb.connect(out, read_only=True) as release:
        held, shown = release.execute(
            "SELECT count(*), count(score) FROM occupation_score WHERE rater = 'chance'"
        ).fetchone()
        assert held == shown == 24
        (manifest,) = release.execute("SELECT manifest::VARCHAR FROM release").fetchone()
    assert '"provisional":true' in manifest.replace(" ", "")


def test_without_statements_nobody_elses_words_are_published(published, tmp_path):
    """No statement, no prompt and no raw answer is in such a release; ids, hashes and figures are."""
    out = tmp_path / "figures.duckdb"
    assert scorer(published, "publish", "--without-statements", "--out", str(out)).status == 0
    with duckdb.connect(out, read_only=True) as release:
        assert release.execute("SELECT count(*), count(statement), count(statement_sha256) FROM task").fetchone() == (
            288,
            0,
            288,
        )
    assert b"invented routine" not in out.read_bytes()
