"""The lock: a rubric version that was used never changes.

`prompts.lock` holds the sha256 of the bytes of every version. A changed file is refused with advice to make a new
version; the lock itself only ever grows.
"""

import re
import tomllib
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from scorer.errors import RubricError

LOCK = "prompts.lock"
_VERSION = re.compile(r"v([1-9][0-9]*)\.md")
_HEAD = """\
# sha256 of every rubric version. Written by `scorer rubrics lock`; a line never changes once it stands here,
# since ratings refer to it. A new wording is a new version: prompts/NAME/v2.md.

"""


def packaged() -> Traversable:
    """The data package `prompts`."""
    return files("prompts")


def versions(root: Traversable) -> dict[tuple[str, int], Traversable]:
    """(name, version) -> file, of all rubric versions in a folder of prompts, sorted."""
    found = {}
    for folder in root.iterdir():
        if folder.is_dir() and not folder.name.startswith(("_", ".")):
            for file in folder.iterdir():
                if match := _VERSION.fullmatch(file.name):
                    found[folder.name, int(match[1])] = file
    return dict(sorted(found.items()))


def locked(root: Traversable | None = None) -> dict[str, str]:
    """Rubric id (`coverage@1`) -> sha256 of its file, as the lock says; empty where there is no lock.

    Raises:
        RubricError: the lock is not readable.
    """
    lock = (root or packaged()).joinpath(LOCK)
    if not lock.is_file():
        return {}
    try:
        entries = tomllib.loads(lock.read_text(encoding="utf-8"))
    except ValueError as error:  # TOML and UTF-8 alike
        raise RubricError(f"prompts/{LOCK} is damaged ({error}): restore it from version control") from error
    if not all(isinstance(entry, str) for entry in entries.values()):
        raise RubricError(f"prompts/{LOCK} is damaged (not a list of hashes): restore it from version control")
    return entries


def check_version(name: str, version: int, content: bytes, entries: dict[str, str]) -> None:
    """Refuse a version that is not the locked one.

    Raises:
        RubricError: changed after it was locked, or not locked yet.
    """
    file, entry = f"prompts/{name}/v{version}.md", entries.get(f"{name}@{version}")
    if entry is None:
        raise RubricError(f"{file} is not in prompts/{LOCK}: run `scorer rubrics lock` when its wording is final")
    if entry != sha256(content).hexdigest():
        raise RubricError(
            f"{file} was changed after it was locked, and a used version never changes: restore the file, "
            f"and put the new wording into prompts/{name}/v{version + 1}.md or a later version"
        )


def check_lock(root: Traversable | None = None) -> None:
    """Check every version against the lock, and the lock against the files.

    Raises:
        RubricError: a version changed, is not locked, or is locked and gone.
    """
    root = root or packaged()
    entries, present = locked(root), versions(root)
    for (name, version), file in present.items():
        check_version(name, version, file.read_bytes(), entries)
    gone = sorted(set(entries) - {f"{name}@{version}" for name, version in present})
    if gone:
        raise RubricError(f"{', '.join(gone)} stands in prompts/{LOCK}, but its file is gone: restore it")


def write_lock(root: Path | None = None) -> tuple[str, ...]:
    """Add the versions that are not locked yet; entries that stand are never altered.

    Returns:
        The ids that were added.

    Raises:
        RubricError: a locked version changed, or the prompts are not files that can be written beside.
    """
    place = root or packaged()
    if not isinstance(place, Path):
        raise RubricError("the prompts lie inside an archive: lock them in a checkout")
    entries = locked(place)
    added = {}
    for (name, version), file in versions(place).items():
        content, reference = file.read_bytes(), f"{name}@{version}"
        if reference in entries:
            check_version(name, version, content, entries)
        else:
            added[reference] = sha256(content).hexdigest()
    if added:
        lines = (f'"{reference}" = "{digest}"\n' for reference, digest in sorted((entries | added).items()))
        (place / LOCK).write_text(_HEAD + "".join(lines), encoding="utf-8", newline="\n")
    return tuple(added)
