"""Where the real data lie for the tests that need them: beside the project, never in it."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def _find() -> Path | None:
    stated = os.environ.get("SCORER_SHARED")
    place = Path(stated) if stated else REPOSITORY.parent / "shared"
    return place if (place / "data").is_dir() else None


SHARED = _find()
needs_shared = pytest.mark.skipif(
    SHARED is None, reason="the real data are not beside the project (SCORER_SHARED or ../shared)"
)
