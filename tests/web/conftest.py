"""A release of the invented world behind the application, as a browser on this machine reaches it."""

import shutil
from pathlib import Path

import pytest
from store_samples import filled_store
from web_client import client_of

from scorer.publish import PublishOptions, publish
from scorer.store import Store
from scorer.web import make_app


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A store that was led down the whole road, and its release, made once."""
    folder = tmp_path_factory.mktemp("published")
    store = filled_store(folder / "store.duckdb")
    publish(store, folder / "results.duckdb", PublishOptions())
    return folder


@pytest.fixture
def store(published, tmp_path):
    """A store of one's own."""
    return Store(Path(shutil.copy(published / "store.duckdb", tmp_path)), wait_s=5)


@pytest.fixture
def release(published, tmp_path):
    """A release of two occupations, of one's own."""
    return Path(shutil.copy(published / "results.duckdb", tmp_path))


@pytest.fixture
def client(release):
    """A client of the application over that release, without use-cases of other rooms."""
    with client_of(make_app(release)) as client:
        yield client
