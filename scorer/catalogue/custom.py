"""Occupations that O*NET does not have, from a file of the user's: checked line by line, and hashed as a whole.

YAML (one occupation, or a list under `occupations`) or CSV (one row per task). Whatever is wrong is told at once, each
line with its number, and then nothing is added: half an occupation would be another one. The id of a task is made of
the occupation's code and of its text, so a reworded task is a new one and a task that moves within the file is not.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scorer.catalogue.assembly import assemble
from scorer.catalogue.custom_files import Draft, Entry, Fields, read_drafts
from scorer.domain.base import sha256_json, sha256_text
from scorer.domain.catalogue import CustomOccupation, Occupation, OnetRelease, ReleaseKind, Task
from scorer.errors import CatalogueError

SHIPPED = ("ai-ml-engineer",)
"""Custom occupations that come with the project."""

CREDIT = "Custom occupations and their tasks are the user's own; they are not O*NET's."
OCCUPATION_KEYS = ("code", "title", "description", "job_zone", "nearest", "tasks")
TASK_KEYS = ("statement", "kind", "importance", "relevance", "frequency")
MAX_TASKS = 500
_CODE = re.compile(r"\d{2}-\d{4}\.C\d{2}")
_ONET_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}")
_ID_DIGITS = 8


def read_custom(source: str) -> list[CustomOccupation]:
    """The occupations of a file, or of one that ships with the project.

    Args:
        source: path of a `.yaml`, `.yml` or `.csv` file, or one of `SHIPPED`.

    Raises:
        CatalogueError: the file cannot be read, or something in it is wrong: one line of the message for each fault.
    """
    path = Path(source).expanduser()
    if not path.exists() and source in SHIPPED:
        name = f"{source.replace('-', '_')}.yaml"
        content = (files("scorer.catalogue") / "occupations" / name).read_bytes()
    else:
        name, content = path.name, _bytes(path)
    drafts = read_drafts(name, content)
    faults: list[str] = []
    read = [_occupation(name, draft, faults) for draft in drafts]
    codes = [one.occupation.occupation_code for one in read if one]
    faults += [f"{name}: code {code} stands twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
    if faults:
        raise CatalogueError("\n".join(faults))
    return [one for one in read if one]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        known = ", ".join(SHIPPED)
        raise CatalogueError(f"{path}: {error.strerror or error}; give a YAML or CSV file, or {known}") from error


def _occupation(name: str, draft: Draft, faults: list[str]) -> CustomOccupation | None:
    """One occupation; None where something is wrong, which then stands among the faults."""
    before = len(faults)
    _check_keys(name, draft.fields, OCCUPATION_KEYS, faults)
    code = _text(draft.fields, "code")
    if not _CODE.fullmatch(code):
        advice = "NN-NNNN.CNN, such as 15-2051.C01: the SOC group it belongs to, then C and two digits"
        faults.append(f"{name} line {draft.line}: code `{code}` is not of the form {advice}")
    nearest = _nearest(name, draft, faults)
    tasks = [task for entry in draft.tasks if (task := _task(name, code, entry, faults))]
    if not draft.tasks or len(draft.tasks) > MAX_TASKS:
        faults.append(f"{name} line {draft.line}: {len(draft.tasks)} tasks; an occupation has 1 to {MAX_TASKS}")
    _check_twins(name, tasks, draft.tasks, faults)
    if len(faults) > before:
        return None
    given = {"occupation_code": code, "is_custom": True}
    for key in ("title", "description", "job_zone"):
        given[key] = _text(draft.fields, key) or None
    try:
        occupation = Occupation.model_validate(given)
    except ValidationError as error:
        faults.extend(f"{name} line {_line(draft, wrong)}: {_words(wrong)}" for wrong in error.errors())
        return None
    return CustomOccupation(release=_release(name, occupation, tasks, nearest), nearest=nearest)


def _release(name: str, occupation: Occupation, tasks: Sequence[Task], nearest: Sequence[str]) -> OnetRelease:
    """The occupation as a catalogue release of its own; its name tells its text apart from others of the same code."""
    release = assemble(
        name="custom",
        kind=ReleaseKind.CUSTOM,
        source=f"custom occupation: {name}",
        credit=CREDIT,
        occupations=[occupation],
        tasks=tasks,
        notes=(),
    )
    sha256 = sha256_json([release.sha256, list(nearest)])
    called = f"custom-{occupation.occupation_code}-{sha256[:_ID_DIGITS]}"
    return release.model_copy(update={"name": called, "sha256": sha256})


def _task(name: str, code: str, entry: Entry, faults: list[str]) -> Task | None:
    _check_keys(name, entry.fields, TASK_KEYS, faults)
    statement = " ".join(_text(entry.fields, "statement").split())
    given: dict[str, Any] = {key: _text(entry.fields, key) or None for key in TASK_KEYS}
    given["kind"] = given["kind"] or "unclassified"
    given |= {"statement": statement, "occupation_code": code}
    given["task_id"] = f"{code}-{sha256_text(statement)[:_ID_DIGITS]}"
    try:
        return Task.model_validate(given)
    except ValidationError as error:
        faults.extend(f"{name} line {_line(entry, wrong)}: {_words(wrong)}" for wrong in error.errors())
        return None


def _nearest(name: str, draft: Draft, faults: list[str]) -> tuple[str, ...]:
    for line, code in draft.nearest:
        if not _ONET_CODE.fullmatch(code):
            faults.append(f"{name} line {line}: nearest code `{code}` is not an O*NET-SOC code such as 15-2051.00")
    return tuple(dict.fromkeys(code for _, code in draft.nearest))


def _check_keys(name: str, fields: Fields, known: Sequence[str], faults: list[str]) -> None:
    for key, (line, _) in fields.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            advice = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
            faults.append(f"{name} line {line}: unknown key `{key}`; {advice}")


def _check_twins(name: str, tasks: Sequence[Task], entries: Sequence[Entry], faults: list[str]) -> None:
    seen: dict[str, int] = {}
    for task, entry in zip(tasks, entries, strict=False):
        if task.task_id in seen:
            faults.append(f"{name} line {entry.line}: this statement stands on line {seen[task.task_id]} already")
        seen.setdefault(task.task_id, entry.line)


def _text(fields: Fields, key: str) -> str:
    return fields[key][1].strip() if key in fields else ""


def _line(entry: Entry | Draft, wrong: Any) -> int:  # noqa: ANN401 - pydantic's own record of an error
    key = str(wrong["loc"][0]) if wrong["loc"] else ""
    return entry.fields.get(key, (entry.line, ""))[0]


def _words(wrong: Any) -> str:  # noqa: ANN401 - pydantic's own record of an error
    key = ".".join(str(step) for step in wrong["loc"])
    if wrong["input"] is None or wrong["input"] == "":
        return f"`{key}` is missing"
    return f"`{key}`: {wrong['msg']}, not `{str(wrong['input'])[:60]}`"
