"""Where a release goes: a tracked file is never written by accident."""

import shutil
import subprocess

import pytest

from scorer.publish import default_out

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(directory, *arguments):
    subprocess.run(["git", "-C", directory, *arguments], check=True, capture_output=True)


def test_the_usual_place_is_the_workspace(tmp_path):
    """Without git in the way it is results.duckdb."""
    assert default_out(tmp_path) == (tmp_path / "results.duckdb", None)


@needs_git
def test_a_tracked_release_is_not_written_over(tmp_path):
    """Where git tracks results.duckdb the release goes aside, and that is said; untracked it does not."""
    git(tmp_path, "init")
    (tmp_path / "results.duckdb").write_bytes(b"reference")
    assert default_out(tmp_path) == (tmp_path / "results.duckdb", None)
    git(tmp_path, "add", "results.duckdb")
    out, said = default_out(tmp_path)
    assert out == tmp_path / ".scorer" / "release" / "results.duckdb"
    assert "tracked by git" in said
