"""A run that is killed half way and run again ends complete: no row lost, none doubled, nothing paid for twice."""

import os
import signal

import duckdb
import pytest
from road import at_work, endpoint, invented_tasks, scorer, stats, write_answers, write_labels, write_settings

TASKS = invented_tasks(occupations_per_group=1)
IN_FLIGHT = 8


@pytest.mark.parametrize("after", [20, 70, 110])
def test_a_killed_run_is_completed_by_the_next(workspace, after):
    """After kill -9 the same command makes 144 rows for 144 Cells; only what was in flight is sent again."""
    with at_work(workspace, "rate", latency=0.05, answered=after) as (run, url):
        run.kill()
        run.communicate()
        said = scorer(workspace, "rate", "--all", "--json")
        counted = stats(url)
    assert said.status == 0, said.err
    assert said.json()["complete"]
    assert counted["answered"] == len(TASKS)
    assert counted["answered_twice"] <= IN_FLIGHT
    assert rows(workspace) == (len(TASKS), len(TASKS), len(TASKS))


def test_ctrl_c_drains_and_the_next_run_goes_on(workspace):
    """One interrupt lets what is in flight arrive and exits 1; nothing that was answered is asked again."""
    with at_work(workspace, "rate", latency=0.05, answered=30) as (run, url):
        os.kill(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=60)
        assert run.returncode == 1, err
        assert "still missing: run the same command again" in out
        assert scorer(workspace, "rate", "--all").status == 0
        counted = stats(url)
    assert counted["answered_twice"] == 0
    assert rows(workspace) == (len(TASKS), len(TASKS), len(TASKS))


def test_an_interrupted_road_goes_no_further(workspace):
    """`scorer run` that is stopped while it rates publishes nothing, and says how to go on."""
    scorer(workspace, "labels", "import", str(write_labels(workspace / "people.csv", TASKS)))
    with at_work(workspace, "run", latency=0.1, answered=10) as (run, _):
        os.kill(run.pid, signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 3
    assert "run the same command again to go on" in err
    assert not (workspace / "results.duckdb").exists()


def test_failures_are_retried_until_every_cell_has_its_answer(workspace):
    """With 5 % of 429 and 5 % of 500 every Cell is answered, each once."""
    answers = write_answers(workspace / "answers.json", TASKS)
    with endpoint("--answers", str(answers), "--rate-429", "0.05", "--rate-500", "0.05") as url:
        write_settings(workspace, right=url)
        assert scorer(workspace, "rate", "--all").status == 0
        counted = stats(url)
    assert counted["429"] > 0
    assert counted["500"] > 0
    assert rows(workspace) == (len(TASKS), len(TASKS), len(TASKS))


def test_a_second_run_in_the_same_workspace_is_refused_while_others_go_on(workspace):
    """The second run learns the pid of the first and loses nothing; reading commands work meanwhile."""
    with at_work(workspace, "rate", latency=0.4, answered=10) as (run, _):
        os.kill(
            run.pid, signal.SIGSTOP
        )  # however slow this machine is, the first run is not over before the second begins
        second = scorer(workspace, "rate", "--all")
        listing = scorer(workspace, "onet", "list", "--json")
        os.kill(run.pid, signal.SIGCONT)
        run.communicate(timeout=120)
    assert second.status == 3
    assert str(run.pid) in second.err
    assert listing.status == 0
    assert run.returncode == 0


def rows(workspace):
    """Ratings in the store: rows, different Cells, usable ones."""
    with duckdb.connect(workspace / ".scorer" / "store.duckdb", read_only=True) as store:
        return store.execute(
            "SELECT count(*), count(DISTINCT cell_hash), count(*) FILTER (status = 'rated') FROM rating"
        ).fetchone()
