"""Which revision of the program made a release, where that can be told."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def revision() -> str | None:
    """The git revision of this program, `-changed` behind it where files differ from it.

    Returns:
        None for an installed wheel: its version says all, and a repository around it is somebody else's.
    """
    if not _git("ls-files", "--error-unmatch", "__init__.py"):
        return None
    head = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{head}-changed" if head and changed else head or None


def _git(*arguments: str) -> str:
    """What git says about the package's folder; nothing where it is not there or refuses."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(PACKAGE), *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - git itself, our own arguments
    return answer.stdout.strip() if answer.returncode == 0 else ""
