"""The weights of embedded raters: a pinned artefact, a GGUF file on this machine, or one at an https address."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from scorer.artefacts import Artefact, own_weights, registry
from scorer.config import Settings, Workspace
from scorer.domain.names import hint
from scorer.domain.rating import AnswerMode, Rater
from scorer.errors import ArtefactError, ConfigurationError
from scorer.providers import GgufHead

HASHES = "weights.json"


def known_artefacts(settings: Settings) -> dict[str, Artefact]:
    """The artefacts of the registry, and the weights that raters of this workspace name by address."""
    named = (
        one for one in settings.raters.values() if one.is_embedded and _is_address(one.model) and one.weights_sha256
    )
    own = map(_at_address, named)
    return registry() | {artefact.name: artefact for artefact in own}


def identified(rater: Rater, workspace: Workspace) -> Rater:
    """An embedded rater with the identity of its weights, their sha256; any other as it is.

    Raises:
        ArtefactError: a file that is not there, or is not the one that `weights_sha256` names.
        ConfigurationError: an address without `weights_sha256`, or a name that no artefact has.
    """
    if not rater.is_embedded:
        return rater
    if _is_address(rater.model):
        _at_address(rater)
        return rater
    found = _hash_of_file(rater, workspace) if _is_file(rater.model) else _hash_of_artefact(rater)
    if rater.weights_sha256 not in {None, found}:
        raise ArtefactError(
            f"rater `{rater.name}`: expected weights of sha256 {rater.weights_sha256}, {rater.model} has {found}"
        )
    return rater.model_copy(update={"weights_sha256": found})


def weights_file(rater: Rater, workspace: Workspace) -> Path | None:
    """The file of a rater that names one by its path; None for artefacts, which the cache holds."""
    return _path(rater, workspace) if _is_file(rater.model) and not _is_address(rater.model) else None


def artefact_name(rater: Rater) -> str:
    """What the cache calls the weights of an embedded rater that names no file."""
    return _at_address(rater).name if _is_address(rater.model) else rater.model


def check_kind(rater: Rater, head: GgufHead) -> None:
    """Refuse to ask a base model, which follows no instruction, without examples.

    Raises:
        ConfigurationError: says what to write instead.
    """
    if not head.has_chat_template and not (rater.answer is AnswerMode.PROBES and rater.examples):
        raise ConfigurationError(
            f"rater `{rater.name}`: its weights are a base model (no chat template), which follows no instruction: "
            'write answer = "probes" and examples = true, and rate rubrics that have probes'
        )


def _is_address(model: str) -> bool:
    return "://" in model


def _is_file(model: str) -> bool:
    return model.endswith(".gguf")


def _at_address(rater: Rater) -> Artefact:
    if rater.weights_sha256 is None:
        raise ConfigurationError(
            f"scorer.toml [raters.{rater.name}]: an address needs `weights_sha256`, the sha256 of the file: "
            "it is the identity of the rater, and model hubs state it beside the file"
        )
    return own_weights(rater.model, rater.weights_sha256, rater.name)


def _hash_of_artefact(rater: Rater) -> str:
    pinned: Mapping[str, Artefact] = registry()
    if rater.model not in pinned:
        raise ConfigurationError(
            f"rater `{rater.name}`: no artefact `{rater.model}`{hint(rater.model, pinned)}; "
            "weights of your own are a path or an https address that ends in .gguf"
        )
    return pinned[rater.model].sha256


def _path(rater: Rater, workspace: Workspace) -> Path:
    return workspace.root / Path(rater.model).expanduser()


def _hash_of_file(rater: Rater, workspace: Workspace) -> str:
    """The sha256 of the file, remembered with its size and time, since hashing a gigabyte takes seconds."""
    path = _path(rater, workspace)
    try:
        stat = path.stat()
        key = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
        known = _remembered(workspace)
        if key not in known:
            with path.open("rb") as file:
                known[key] = hashlib.file_digest(file, "sha256").hexdigest()
            _remember(workspace, known)
    except OSError as error:
        raise ArtefactError(f"rater `{rater.name}`: weights {path}: {error.strerror or error}") from None
    return known[key]


def _remembered(workspace: Workspace) -> dict[str, str]:
    with suppress(OSError, ValueError):
        known = json.loads((workspace.cache_dir / HASHES).read_text("utf-8"))
        return {str(key): str(value) for key, value in known.items()}
    return {}


def _remember(workspace: Workspace, known: Mapping[str, str]) -> None:
    """Written beside and moved into place; a workspace that cannot be written to is hashed again next time."""
    with suppress(OSError):
        workspace.cache_dir.mkdir(parents=True, exist_ok=True)
        beside = workspace.cache_dir / f"{HASHES}.new"
        beside.write_text(json.dumps(known), encoding="utf-8")
        beside.replace(workspace.cache_dir / HASHES)
