"""The workspace: which directory, and where things stand in it."""

import pytest

from scorer.config import Workspace
from scorer.errors import ConfigurationError


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("SCORER_WORKSPACE", raising=False)


def test_the_paths_are_those_of_the_contract(tmp_path):
    """Store, cache and runs lie in `.scorer`; settings and release at the top."""
    workspace = Workspace(root=tmp_path)
    assert workspace.settings_path == tmp_path / "scorer.toml"
    assert workspace.release_path == tmp_path / "results.duckdb"
    assert workspace.store_path == tmp_path / ".scorer/store.duckdb"
    assert workspace.cache_dir == tmp_path / ".scorer/cache"
    assert workspace.runs_dir == tmp_path / ".scorer/runs"
    assert workspace.lock_path.parent == workspace.scorer_dir == tmp_path / ".scorer"


def test_the_option_goes_before_the_variable_before_the_current_directory(tmp_path, monkeypatch):
    """`--workspace`, then SCORER_WORKSPACE, then where one is."""
    here, there, elsewhere = (tmp_path / name for name in ("here", "there", "elsewhere"))
    for folder in (here, there, elsewhere):
        folder.mkdir()
    monkeypatch.chdir(here)
    assert Workspace.locate().root == here
    monkeypatch.setenv("SCORER_WORKSPACE", str(there))
    assert Workspace.locate().root == there
    assert Workspace.locate(elsewhere).root == elsewhere


def test_an_empty_variable_is_no_workspace(tmp_path, monkeypatch):
    """SCORER_WORKSPACE set to nothing means the current directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORER_WORKSPACE", "")
    assert Workspace.locate().root == tmp_path


def test_a_workspace_that_is_not_there_is_an_error_with_advice(tmp_path, monkeypatch):
    """The error says which way the path came and how a workspace is made."""
    with pytest.raises(ConfigurationError, match=r"--workspace: .*gone is not a directory; `scorer init"):
        Workspace.locate(tmp_path / "gone")
    monkeypatch.setenv("SCORER_WORKSPACE", str(tmp_path / "gone"))
    with pytest.raises(ConfigurationError, match="SCORER_WORKSPACE: "):
        Workspace.locate()


def test_looking_makes_nothing_and_ensure_makes_the_folder(tmp_path):
    """A workspace that is only looked at stays as it is."""
    workspace = Workspace.locate(tmp_path)
    assert list(tmp_path.iterdir()) == []
    workspace.ensure()
    assert [path.name for path in tmp_path.iterdir()] == [".scorer"]


def test_a_workspace_that_cannot_be_made_is_an_error(tmp_path):
    """A file in the way is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot make the workspace"):
        Workspace(root=tmp_path / "file" / "deeper").ensure()
