"""Make a workspace: a directory with a commented scorer.toml."""

from pathlib import Path

from scorer.config import COMMENTED_TEMPLATE, Workspace
from scorer.errors import ConfigurationError


def make_workspace(directory: Path) -> Path:
    """Write scorer.toml into a directory, which is made where it is missing.

    Returns:
        The file.

    Raises:
        ConfigurationError: there is one already, or it cannot be written.
    """
    workspace = Workspace(root=directory.expanduser().resolve()).ensure()
    try:
        with workspace.settings_path.open("x", encoding="utf-8") as file:
            file.write(COMMENTED_TEMPLATE)
    except FileExistsError:
        raise ConfigurationError(f"{workspace.settings_path} exists and is left as it is") from None
    except OSError as error:
        raise ConfigurationError(f"cannot write {workspace.settings_path}: {error.strerror}") from error
    return workspace.settings_path
