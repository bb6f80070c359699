import pytest
from asking import KEY, KEY_NAME
from engine_room import Room


@pytest.fixture
def room(tmp_path, monkeypatch):
    """An empty workspace, and the key of the scripted raters."""
    monkeypatch.setenv(KEY_NAME, KEY)
    return Room(tmp_path)
