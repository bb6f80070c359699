"""A store with something of everything, and where its release goes."""

import pytest
from store_samples import filled_store


@pytest.fixture
def store(tmp_path):
    """Opened once for the whole test."""
    store = filled_store(tmp_path / ".scorer" / "store.duckdb")
    with store.held():
        yield store


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results.duckdb"
