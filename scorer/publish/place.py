"""Where a release goes when nobody says: never over a file that git tracks."""

import shutil
import subprocess
from pathlib import Path

NAME = "results.duckdb"
ASIDE = Path(".scorer") / "release" / NAME


def default_out(workspace: Path) -> tuple[Path, str | None]:
    """The file that `publish` without --out writes, and what to say about it where it is not the usual one.

    Args:
        workspace: the workspace's directory.

    Returns:
        `results.duckdb`; but where git tracks that file, a file below `.scorer`, with the reason.
    """
    usual = workspace / NAME
    if not _is_tracked(usual):
        return usual, None
    aside = workspace / ASIDE
    return aside, f"{NAME} is tracked by git and stays as it is: the release is {aside} (--out writes elsewhere)"


def _is_tracked(path: Path) -> bool:
    git = shutil.which("git")
    if git is None or not path.parent.is_dir():
        return False
    command = [git, "-C", str(path.parent), "ls-files", "--error-unmatch", "--", path.name]
    answer = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - git itself, our own arguments
    return answer.returncode == 0
