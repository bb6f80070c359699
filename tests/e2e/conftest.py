"""A workspace with invented tasks and the command that works in it."""

import shutil

import pytest
from disputed import judge_both, rate_both
from inside import HASTY, Command
from road import invented_tasks, write_onet

from scorer.workflows.sources.onet import import_onet
from scorer.workflows.workspace.bench import Bench


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """A workspace into which 144 invented tasks were imported once; copied, never used itself."""
    place = tmp_path_factory.mktemp("imported")
    import_onet(Bench(place), str(write_onet(place / "db_30_9_text", invented_tasks(occupations_per_group=1))))
    return place


@pytest.fixture
def workspace(tmp_path, imported):
    """A copy of that workspace, for programs of their own."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    return place


@pytest.fixture(scope="session")
def judged(tmp_path_factory, imported):
    """A workspace in which two raters passed and differ on every sixth task; copied, never used itself."""
    place = tmp_path_factory.mktemp("judged") / "workspace"
    shutil.copytree(imported, place)
    rate_both(place)
    judge_both(place)
    return place


@pytest.fixture
def command(tmp_path, imported, monkeypatch, capsys):
    """The command in a workspace of its own that knows 144 tasks; it loses patience with endpoints at once."""
    place = tmp_path / "workspace"
    shutil.copytree(imported, place)
    monkeypatch.setattr("scorer.rating.engine.Patience", lambda: HASTY)
    return Command(place, monkeypatch, capsys)
