import os
from pathlib import Path

import pytest
from asking import KEY, KEY_NAME

WEIGHTS = "smollm2-135m-instruct"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """The key of the scripted rater, and none of the variables that the SDK reads by itself."""
    for name in ("API_KEY", "ADMIN_KEY", "BASE_URL", "ORG_ID", "PROJECT_ID", "CUSTOM_HEADERS"):
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
    monkeypatch.setenv(KEY_NAME, KEY)


@pytest.fixture(scope="session")
def weights() -> Path:
    """Weights small enough for a test: a path in SCORER_TEST_GGUF, or the pinned artefact (`make test` pulls it)."""
    pytest.importorskip("xllamacpp", reason="no engine: pip install 'onet-ai-coverage[embedded]'")
    path = _stated() or _pulled()
    if path is None:
        pytest.skip(f"no weights: `scorer artefacts pull {WEIGHTS}`, or a path in SCORER_TEST_GGUF")
    return path


def _stated() -> Path | None:
    stated = os.environ.get("SCORER_TEST_GGUF")
    return Path(stated) if stated else None


def _pulled() -> Path | None:
    from scorer.artefacts import ArtefactCache  # noqa: PLC0415 - only where no path was given

    return ArtefactCache().path(WEIGHTS)
