"""Look at an installation and a workspace and say what needs doing."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from eval import load_policy
from scorer.artefacts import ArtefactState, registry
from scorer.domain.rating import Rater
from scorer.errors import ScorerError
from scorer.providers import endpoint_of
from scorer.rubrics import available, check_lock
from scorer.version import VERSION
from scorer.workflows.rating.raters import known_raters
from scorer.workflows.workspace.bench import Bench

PARTS = ("openai", "httpx2", "pydantic", "tenacity", "duckdb", "pyarrow")
LOW_DISK_GB = 2.0


class Examined(NamedTuple):
    """One thing that was looked at; `detail` says what was found and, where it is not fine, what to do."""

    subject: str
    fine: bool
    detail: str


def examine(bench: Bench) -> list[Examined]:
    """Everything that is worth a look; nothing is changed."""
    return [
        Examined("scorer", fine=True, detail=f"{VERSION} on Python {platform.python_version()}"),
        *_parts(),
        _embedded(),
        _disk(bench),
        _guarded("rubrics", _rubrics),
        _guarded("scorer.toml", lambda: _settings(bench)),
        *_raters(bench),
        *_artefacts(bench),
        _guarded("store", lambda: _store(bench)),
    ]


def _parts() -> Iterator[Examined]:
    for name in PARTS:
        yield Examined(name, fine=True, detail=version(name))


def _embedded() -> Examined:
    try:
        return Examined("embedded raters", fine=True, detail=f"xllamacpp {version('xllamacpp')}")
    except PackageNotFoundError:
        detail = "not installed (only needed for raters without a key): pip install 'onet-ai-coverage[embedded]'"
        return Examined("embedded raters", fine=True, detail=detail)


def _disk(bench: Bench) -> Examined:
    root = bench.workspace.root
    if not os.access(root, os.W_OK):
        return Examined("disk", fine=False, detail=f"{root} cannot be written: choose another workspace (--workspace)")
    free = shutil.disk_usage(root).free / 1e9
    advice = "" if free >= LOW_DISK_GB else "; free some before a long run"
    return Examined("disk", fine=free >= LOW_DISK_GB, detail=f"{free:,.1f} GB free{advice}")


def _guarded(subject: str, look: Callable[[], str]) -> Examined:
    """What is wrong with one thing must not keep us from looking at the others."""
    try:
        return Examined(subject, fine=True, detail=look())
    except ScorerError as error:
        return Examined(subject, fine=False, detail=str(error))


def _rubrics() -> str:
    check_lock()
    return f"{', '.join(rubric.id for rubric in available())}, as locked"


def _settings(bench: Bench) -> str:
    load_policy(bench.settings.gate.policy)
    return "found" if bench.workspace.settings_path.exists() else "none, defaults hold"


def _raters(bench: Bench) -> list[Examined]:
    """The configured raters, without asking any; nothing where scorer.toml is malformed, which is told already."""
    try:
        raters = [known_raters(bench)[name] for name in bench.settings.raters]
    except ScorerError:
        return []
    return [_guarded(f"rater {rater.name}", partial(_rater, rater)) for rater in raters]


def _rater(rater: Rater) -> str:
    if rater.is_embedded:
        return rater.model
    endpoint = endpoint_of(rater)
    return f"{rater.model} at {endpoint.host}, {endpoint.key_name or 'no key'}"


def _artefacts(bench: Bench) -> Iterator[Examined]:
    for name in registry():
        state = bench.artefacts.state(name)
        advice = f": run scorer artefacts pull {name}" if state is ArtefactState.DAMAGED else ""
        yield Examined(f"artefact {name}", fine=state is not ArtefactState.DAMAGED, detail=f"{state.value}{advice}")


def _store(bench: Bench) -> str:
    if not bench.workspace.store_path.exists():
        return "none yet: scorer onet import PATH makes it"
    counts = bench.store.counts()
    return f"{counts['task']:,} tasks, {counts['rating']:,} ratings, {counts['label']:,} labels"
