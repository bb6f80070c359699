"""Runs are listed, shown and watched from another process, while they go on and afterwards."""

import json
import os
import signal

import pytest
from road import at_work, start_scorer


def test_a_run_is_watched_from_elsewhere(command):
    """`list` says how far it is, `watch` follows to the end, `show` has what is stored; none disturbs it."""
    with at_work(command.workspace, "rate", latency=0.4, answered=4) as (run, _):
        os.kill(run.pid, signal.SIGSTOP)  # however slow this machine is, the run is not over before it was listed
        (line,) = command("runs", "list", "--json").json()
        watcher = start_scorer(command.workspace, "runs", "watch", "--json")
        os.kill(run.pid, signal.SIGCONT)
        watched, told = watcher.communicate(timeout=240)
        _, err = run.communicate(timeout=240)
    assert run.returncode == 0, err
    assert line["state"] == "running"
    assert (line["total"], line["raters"]) == (144, ["right"])
    assert watcher.returncode == 0, told
    lines = [json.loads(one) for one in told.splitlines()]
    assert [one["done"] for one in lines] == sorted(one["done"] for one in lines)
    end = json.loads(watched)
    assert (end["state"], end["done"]) == ("complete", 144)
    shown = command("runs", "show", line["run_id"][:12], "--json").json()
    assert shown["told"] == "complete"
    assert [(one["rater"], one["status"], one["ratings"]) for one in shown["sums"]] == [("right", "rated", 144)]
    assert "complete" in command("runs", "list").out


def test_a_killed_run_is_told_as_interrupted(command):
    """After kill -9 nobody is told that it still runs."""
    with at_work(command.workspace, "rate", latency=0.4, answered=4) as (run, _):
        os.kill(run.pid, signal.SIGKILL)
        run.communicate()
    assert [one["state"] for one in command("runs", "list", "--json").json()] == ["interrupted"]
    assert command("runs", "watch").status == 0


@pytest.mark.parametrize("verb", ["show", "watch"])
def test_an_unknown_run_is_told(command, verb):
    """No run, or no such run: one line with the command that lists them."""
    for name in ((), ("nonesuch",)):
        assert "scorer runs list" in command.fails("runs", verb, *name)
