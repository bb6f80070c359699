"""A release of the invented world behind the application, as a browser on this machine reaches it."""

import pytest
from store_samples import filled_store
from web_client import client_of

from scorer.publish import PublishOptions, publish
from scorer.web import make_app


@pytest.fixture
def store(tmp_path):
    return filled_store(tmp_path / ".scorer" / "store.duckdb")


@pytest.fixture
def release(store, tmp_path):
    """A published release of two occupations."""
    publish(store, tmp_path / "results.duckdb", PublishOptions())
    return tmp_path / "results.duckdb"


@pytest.fixture
def client(release):
    """A client of the application over that release, without use-cases of other rooms."""
    with client_of(make_app(release)) as client:
        yield client
