"""The figures that the pages show: written by the commands that measure them, kept in figures.json, read by docs.

One section a command: what was run when, at which revision, on what machine, beside which mock endpoint; its figures;
and the goals of those that have one, as `<= 0.5`. `docs/generate.py` makes the tables of the pages from it.
"""

import argparse
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"


def add_option(parser: argparse.ArgumentParser) -> None:
    """`--keep`: put the figures into the tracked file, or into another one."""
    parser.add_argument(
        "--keep", type=Path, nargs="?", const=FIGURES, metavar="FILE", help=f"put the figures into {FIGURES.name}"
    )


def kept(place: Path = FIGURES) -> dict[str, Any]:
    """The sections by the name of their command; none where there is no file."""
    sections: dict[str, Any] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    return sections


def keep(
    place: Path | None,
    name: str,
    figures: Mapping[str, float],
    goals: Mapping[str, str] = {},
    *,
    command: str,
    mock: str | None = None,
) -> None:
    """Put the figures of one command in the place of its earlier ones.

    Args:
        place: the file; nothing is done where None.
        name: of the section.
        figures: by name, as they were measured.
        goals: of some of them.
        command: as a reader would type it.
        mock: which mock endpoint answered, if one did.
    """
    if place is None:
        return
    section: dict[str, Any] = {
        "command": command,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "revision": revision(),
        "machine": machine(),
        "figures": {key: _rounded(value) for key, value in figures.items()},
        "goals": dict(goals),
    }
    if mock:
        section["mock"] = mock
    place.write_text(json.dumps({**kept(place), name: section}, indent=2) + "\n", encoding="utf-8")


def revision() -> str:
    """The commit that was measured, and whether anything else than the figures differed from it."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        changed = _git(
            "status", "--porcelain", "--untracked-files=no", "--", ".", f":!{FIGURES.relative_to(HERE.parent)}"
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit} with changes" if changed else commit


def machine() -> str:
    """Processor, its cores and Python."""
    about = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*:\s*(.+)$", about.read_text(), re.MULTILINE) if about.exists() else None
    name = model[1].strip() if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=HERE.parent, capture_output=True, text=True, check=True).stdout.strip()


def _rounded(value: float) -> float:
    """Four digits: a fifth says nothing of the next run."""
    return float(f"{value:.4g}") if isinstance(value, float) else value
