"""Releases that are kept: set aside by id, listed, untouched by the next one."""

import pytest
from store_samples import filled_store


@pytest.fixture
def kept(command):
    """A workspace with a filled store and one kept release."""
    filled_store(command.workspace / ".scorer" / "store.duckdb")
    said = command("publish", "--keep")
    assert said.status == 0, said.err
    assert "kept as" in said.err
    return command


def test_a_kept_release_is_listed_and_stays(kept):
    """Publishing again replaces results.duckdb and leaves what was kept as it was."""
    (listed,) = kept("releases", "list", "--json").json()
    assert listed["onet_release"] == "30.1"
    before = kept.workspace.joinpath(".scorer", "releases", f"{listed['release']}.duckdb").read_bytes()
    assert kept("publish", "--provisional").status == 0
    assert kept.workspace.joinpath(".scorer", "releases", f"{listed['release']}.duckdb").read_bytes() == before
    assert [one["release"] for one in kept("releases", "list", "--json").json()] == [listed["release"]]


def test_what_is_kept_can_be_verified(kept):
    """The copy is a whole release."""
    (listed,) = kept("releases", "list", "--json").json()
    assert kept("verify", listed["file"]).status == 0
